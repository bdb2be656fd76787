"""A paper as it is shown: what was frozen, whom it is for, whether it is void, and whether this is its first opening."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from models import Invoice, InvoiceAddressee
from portal import clock
from portal.rules.documents.papers import Paper

FIRST_OPENING_LASTS = timedelta(minutes=30)  # reloaded, printed and saved within it, it is the same opening


@dataclass(frozen=True)
class PrintedPaper:
    """`opening`: the mark of the first opening, which only the page that 宛名 led to carries. `is_reissued`: 再発行."""

    stored: Invoice
    content: Paper
    addressee: str
    voided_on: date | None
    asks_for_addressee: bool
    opening: str
    is_reissued: bool

    @property
    def heading(self) -> str:
        return f"{self.content.kind.label} {self.content.number}"


def printed(stored: Invoice, opening: str) -> PrintedPaper:
    """`opening`: the mark that the address carries, or any text."""
    written, void = stored.written_addressee, stored.void
    mark = _mark(stored, written)
    is_first = written is not None and opening == mark and clock.now() < written.written_at + FIRST_OPENING_LASTS
    return PrintedPaper(
        stored,
        Paper.read(stored.content),
        written.addressee if written else stored.customer,
        void.voided_on if void else None,
        asks_for_addressee=written is None and void is None,
        opening=mark if is_first else "",
        is_reissued=written is not None and not is_first,
    )


def opening_of(stored: Invoice) -> str:
    """The mark of the opening that has just written 宛名."""
    return _mark(stored, stored.written_addressee)


def _mark(stored: Invoice, written: InvoiceAddressee | None) -> str:
    """Empty as long as nothing is written."""
    return hashlib.sha256(f"{stored.sha256} {written.written_at}".encode()).hexdigest()[:16] if written else ""

"""Who writes: one company per process, said once when the program is wired, as the database is."""

import hashlib
from dataclasses import dataclass

from portal.catalog import Company
from portal.enums import MailKind


@dataclass(frozen=True)
class Letterhead:
    """`portal_url` is without a slash at its end; `sender` the address that mails come from."""

    company: Company
    portal_url: str
    sender: str
    installation_id: str

    @property
    def domain(self) -> str:
        """For Message-IDs. A sender that is no address is found when a mail is sent, not when money is counted."""
        try:
            return self.sender.rpartition("@")[2].encode("idna").decode("ascii")
        except UnicodeError:
            return "portal.invalid"


_bound: Letterhead | None = None


def bind(letterhead: Letterhead) -> None:
    """Write in this company's name from now on."""
    global _bound
    _bound = letterhead


def letterhead() -> Letterhead:
    if _bound is None:
        raise RuntimeError("mails.bind() first: nobody has said whose mails these are")
    return _bound


def message_id(kind: MailKind, entity: str, recipient: str) -> str:
    """The same for every copy of one mail, and no other's: also not that of another installation with the same order."""
    about = "\0".join((letterhead().installation_id, kind, entity, recipient))
    return f"<{kind.value}.{hashlib.sha256(about.encode()).hexdigest()[:24]}@{letterhead().domain}>"

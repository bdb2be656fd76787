"""The sender of mails: one company per process, bound once at start, like the database."""

import hashlib
from dataclasses import dataclass

from portal.catalog import Company
from portal.enums import MailKind


@dataclass(frozen=True)
class Letterhead:
    """`portal_url` has no slash at the end. `sender`: the From address."""

    company: Company
    portal_url: str
    sender: str
    installation_id: str

    @property
    def domain(self) -> str:
        """For Message-IDs. An invalid sender fails when a mail is sent, not in the transaction of a payment."""
        try:
            return self.sender.rpartition("@")[2].encode("idna").decode("ascii")
        except UnicodeError:
            return "portal.invalid"


_bound: Letterhead | None = None


def bind(letterhead: Letterhead) -> None:
    """From now on mails are written in this company's name."""
    global _bound
    _bound = letterhead


def letterhead() -> Letterhead:
    if _bound is None:
        raise RuntimeError("mails.bind() first: nobody has said whose mails these are")
    return _bound


def message_id(kind: MailKind, entity: str, recipient: str) -> str:
    """The same for every copy of one mail. Different for all other mails and installations."""
    about = "\0".join((letterhead().installation_id, kind, entity, recipient))
    return f"<{kind.value}.{hashlib.sha256(about.encode()).hexdigest()[:24]}@{letterhead().domain}>"

"""What a company that takes money answers, whichever it is. Amounts are whole yen, tax included."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """Where the customer is sent, on the company's own pages."""

    url: str


@dataclass(frozen=True)
class Pending:
    """The customer is still at the company's page."""


@dataclass(frozen=True)
class Failed:
    """Nothing came of it: "cancelled", "expired" (the page was left open too long), "not_found"; cards also "three_d_secure"."""

    code: str


@dataclass(frozen=True)
class Paid:
    """The money was taken. `at` is aware UTC."""

    reference: str
    yen: int
    at: datetime


@dataclass(frozen=True)
class Declined:
    """Nothing was taken, or it was given back ("refunded"). Not `retryable`: it will never do, whenever it is tried again."""

    code: str
    retryable: bool


@dataclass(frozen=True)
class NotFound:
    """The company has never seen this key. Money still on its way may yet be taken: `close` ends that."""


@dataclass(frozen=True)
class Unknown:
    """No answer, or none that can be read: the money may or may not have been taken."""


@dataclass(frozen=True)
class Refunded:
    """The money was given back. `at` is aware UTC."""

    reference: str
    yen: int
    at: datetime


@dataclass(frozen=True)
class CompanyEvent:
    """What the company told us by itself. The same `id` may come any number of times."""

    id: str
    key: str
    result: Paid | Declined


class BadEvent(Exception):
    """A notice that is not the company's, is too old, or cannot be read. Its text is for the log."""


class KeyReused(Exception):
    """A key was used for another amount or payer. Nothing was taken by this call; what the first one did, `lookup` says."""


class CompanyUnreachable(Exception):
    """The company could not be asked, and nothing is at stake: the customer may simply try again."""

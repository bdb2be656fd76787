"""What the portal asks of a card company, and what it may answer. Amounts are whole yen, tax included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Page:
    """Where the customer is sent to type the card."""

    url: str


@dataclass(frozen=True)
class Card:
    """A card that the company keeps for us. `expires` is the last day on which it is good."""

    token: str
    brand: str
    last4: str
    expires: date


@dataclass(frozen=True)
class Pending:
    """The customer is still at the company's page."""


@dataclass(frozen=True)
class Failed:
    """No card came of it: "cancelled", "three_d_secure", "expired" (the page was left open too long) or "not_found"."""

    code: str


@dataclass(frozen=True)
class Paid:
    """The money was taken. `at` is aware UTC."""

    reference: str
    yen: int
    at: datetime


@dataclass(frozen=True)
class Declined:
    """Nothing was taken, or it was given back ("refunded"). Not `retryable`: this card will never do ("expired_card", "card_removed")."""

    code: str
    retryable: bool


@dataclass(frozen=True)
class NotFound:
    """The company has never seen this key. A charge still on its way may yet arrive: `close` ends that."""


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
class Notice:
    """What the company told us by itself. The same `id` may come any number of times."""

    id: str
    key: str
    result: Paid | Declined


class BadNotice(Exception):
    """A notice that is not the company's, is too old, or cannot be read. Its text is for the log."""


class KeyReused(Exception):
    """A key was used for another amount or card. Nothing was taken by this call; what the first one did, `lookup` says."""


class CompanyUnreachable(Exception):
    """The company could not be asked, and nothing is at stake: the customer may simply try again."""


class CardCompany(Protocol):
    """A company that takes money from cards. A key takes money at most once, for ever."""

    def begin_entry(self, reference: str, return_url: str) -> Page:
        """The page for typing a card. An entry still open under this reference is continued. Raises CompanyUnreachable."""

    def finish_entry(self, reference: str) -> Card | Pending | Failed:
        """What came of the newest entry under this reference; may be asked again and again. Raises CompanyUnreachable."""

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Takes `yen`; a known key is answered, not charged. Raises KeyReused."""

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """What happened under this key; changes nothing."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Refuses this key for ever ("closed") unless it was used; if it was, answers what happened."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Gives a whole charge back, once, however often it is asked. Raises KeyReused."""

    def forget(self, token: str) -> None:
        """Removes a stored card; every later charge of it is refused. Raises CompanyUnreachable."""

    def parse_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Reads a notice from its raw body. Raises BadNotice."""

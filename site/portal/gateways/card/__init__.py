"""What the portal asks of a card company, and what it may answer. Amounts are whole yen, tax included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.gateways.answers import (
    BadEvent,
    CompanyEvent,
    CompanyUnreachable,
    Declined,
    Failed,
    KeyReused,
    NotFound,
    Page,
    Paid,
    Pending,
    Refunded,
    Unknown,
)

__all__ = [
    "BadEvent",
    "Card",
    "CardCompany",
    "CompanyEvent",
    "CompanyUnreachable",
    "Declined",
    "Failed",
    "KeyReused",
    "NotFound",
    "Page",
    "Paid",
    "Pending",
    "Refunded",
    "Unknown",
]


@dataclass(frozen=True)
class Card:
    """A card that the company keeps for us. `expires` is the last day on which it is good."""

    token: str
    brand: str
    last4: str
    expires: date


class CardCompany(Protocol):
    """A company that takes money from cards. A key takes money at most once, for ever. A card's token means something to `name` alone."""

    name: str

    def begin_setup(self, reference: str, return_url: str) -> Page:
        """The page for typing a card. Unless the last entry under this reference failed, it is that one's. Raises CompanyUnreachable."""

    def finish_setup(self, reference: str) -> Card | Pending | Failed:
        """What came of the newest entry under this reference; may be asked again and again. Raises CompanyUnreachable."""

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Takes `yen`; a known key is answered, not charged. Never retryable: "expired_card", "card_removed". Raises KeyReused."""

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """What happened under this key; changes nothing."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Refuses this key for ever ("closed") unless it was used; if it was, answers what happened."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Gives a whole charge back, once, however often it is asked. Raises KeyReused."""

    def detach(self, token: str) -> None:
        """Removes a stored card; every later charge of it is refused. Raises CompanyUnreachable."""

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
        """Reads a notice from its raw body. Raises BadNotice."""

"""The Protocol of a card company, and its results. Amounts are whole yen, tax included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.gateways.answers import (
    BadEvent,
    CompanyEvent,
    CompanyUnreachable,
    Customer,
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
    "Customer",
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
    """A card stored at the company. `expires` is its last valid day."""

    token: str
    brand: str
    last4: str
    expires: date


class CardCompany(Protocol):
    """A company that charges cards. A key is charged at most once, ever. A token is valid only at the company `name`."""

    name: str

    def begin_setup(self, reference: str, return_url: str, customer: Customer) -> Page:
        """The page for entering a card. Returns the open setup of this reference; a new one if it failed. Raises CompanyUnreachable.

        The company sends the browser that has finished, and no other, to `return_url` with a one-time `code` in the query.
        """

    def finish_setup(self, reference: str, code: str) -> Card | Pending | Failed:
        """The result of the newest setup of this reference: a card for the right code alone. May be called repeatedly.

        Raises CompanyUnreachable.
        """

    def end_setup(self, reference: str) -> None:
        """Nothing more can come of the setups of this reference, and a card that only they stored is deleted. Idempotent.

        Raises CompanyUnreachable.
        """

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Charge `yen`. A known key returns its first result. Never retryable: "expired_card", "card_removed". Raises KeyReused."""

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """The result of this key. Changes nothing."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Block an unused key for ever ("closed"). A used key returns its result."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Refund a charge, or a part of it. A key refunds at most once, ever: a known key returns its first result, so ask again safely.

        Declined ("not_refundable") if less than `yen` of the charge is left. Raises KeyReused.
        """

    def detach(self, token: str) -> None:
        """Delete a stored card. Every later charge of it is declined. Raises CompanyUnreachable."""

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
        """Parse a webhook from its raw body. Raises BadEvent."""

"""The Protocol of a card company, and its results. Amounts are whole yen, tax included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal.enums import DisputeState, RemittanceState
from portal.gateways.answers import (
    BadEvent,
    CompanyEvent,
    CompanyUnreachable,
    Customer,
    Declined,
    DisputeReported,
    Failed,
    KeyReused,
    Movement,
    MovementKind,
    NotFound,
    Page,
    Paid,
    Parts,
    Pending,
    Refunded,
    RefundReported,
    Remittance,
    Unknown,
)

__all__ = [
    "BadEvent",
    "Card",
    "CardCompany",
    "CardEvent",
    "CardUpdated",
    "CompanyEvent",
    "CompanyUnreachable",
    "Customer",
    "Declined",
    "DisputeReported",
    "DisputeState",
    "Failed",
    "KeyReused",
    "Movement",
    "MovementKind",
    "NotFound",
    "Page",
    "Paid",
    "Parts",
    "Pending",
    "RefundReported",
    "Refunded",
    "Remittance",
    "RemittanceState",
    "Unknown",
]


@dataclass(frozen=True)
class Card:
    """A card stored at the company. `expires` is its last valid day."""

    token: str
    brand: str
    last4: str
    expires: date


@dataclass(frozen=True)
class CardUpdated:
    """An event: the network has given a stored card a new number or a new last day. The token stays. The same `id` may arrive again."""

    id: str
    card: Card


CardEvent = CompanyEvent | CardUpdated | RefundReported | DisputeReported


class CardCompany(Protocol):
    """A company that charges cards. A key is charged at most once, ever. A token is valid only at the company `name`."""

    name: str
    origin: str
    """Where its pages are, as `https://host`. Empty: under our own address."""

    def begin_setup(self, reference: str, return_url: str, customer: Customer) -> Page:
        """The page for entering a card. Returns the open setup of this reference; a new one if it failed. Raises CompanyUnreachable.

        The company sends the browser that has finished, and no other, to `return_url` with a one-time `code` in the query.
        """

    def finish_setup(self, key: str, code: str) -> Card | Pending | Failed:
        """The result of the setup with this key (of `Page`, else our reference): a card for the right code alone. May be called repeatedly.

        Raises CompanyUnreachable.
        """

    def end_setup(self, key: str) -> None:
        """Nothing more can come of the setup with this key, and a card that only it stored is deleted. Idempotent.

        Raises CompanyUnreachable.
        """

    def prepare(self, token: str, yen: int, key: str) -> str:
        """Announce a charge; nothing is taken. Returns the key by which it is known from now on: `key` itself, or one of the company's.

        Only that key takes money, and it is committed before it does. A known `key` returns the same. Raises CompanyUnreachable, KeyReused.
        """

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Charge `yen`. A known key returns its first result. Never retryable: "expired_card", "card_removed". Raises KeyReused."""

    def authenticate(self, token: str, yen: int, key: str, return_url: str) -> Page | Paid | Declined | Unknown:
        """Charge `yen` with the customer present, because the bank has asked for its holder. Page: where the customer proves who they are;
        the money is taken when they have, once, and `lookup` says so. The company sends the browser to `return_url` afterwards.

        A known key returns its page or its result. `close` ends it. Raises KeyReused.
        """

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """The result of this key. Changes nothing. NotFound is said by the company, never by a line that is down."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Block an unused key for ever ("closed"). A used key returns its result."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Refund a charge, or a part of it. A key refunds at most once, ever: a known key returns its first result, so ask again safely.

        Declined ("not_refundable") if less than `yen` of the charge is left. Raises KeyReused.
        """

    def detach(self, token: str) -> None:
        """Delete a stored card. Every later charge of it is declined. Raises CompanyUnreachable."""

    def movements(self, begin: datetime, end: datetime) -> Iterable[Movement]:
        """The company's own list of what it took and gave back for this portal, `end` excluded. Raises CompanyUnreachable."""

    def remittances(self, first: date, last: date) -> Iterable[Remittance]:
        """What it sends to our bank account and expects there on these days, both included. A company that gives no such list: none.

        Raises CompanyUnreachable.
        """

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CardEvent | None:
        """Parse a webhook from its raw body. None for an event that says nothing to this portal. Raises BadEvent."""

"""The Protocol of a wallet company, parallel to the card company. One point is one yen; amounts are whole yen, tax included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal.gateways.answers import (
    BadEvent,
    CompanyEvent,
    CompanyUnreachable,
    Customer,
    Declined,
    Failed,
    KeyReused,
    Movement,
    NotFound,
    Page,
    Paid,
    Pending,
    Refunded,
    Remittance,
    Shortfall,
    Unknown,
)

__all__ = [
    "BadEvent",
    "CompanyEvent",
    "CompanyUnreachable",
    "Customer",
    "Declined",
    "Failed",
    "KeyReused",
    "Link",
    "LinkRemoved",
    "Movement",
    "NotFound",
    "Page",
    "Paid",
    "Pending",
    "Refunded",
    "Remittance",
    "Shortfall",
    "Unknown",
    "WalletCompany",
]


@dataclass(frozen=True)
class Link:
    """The right to debit one wallet. `label` lets its owner recognize it without showing the wallet's ID."""

    token: str
    label: str


class LinkRemoved(Exception):
    """The link does not exist any more. The customer must link the wallet again."""


class WalletCompany(Protocol):
    """A company that debits points. A key is debited at most once, ever. A balance never goes below 0.

    A token is valid only at the company `name`.
    """

    name: str
    origin: str
    """Where its pages are, as `https://host`. Empty: under our own address."""

    def begin_link(self, reference: str, return_url: str, customer: Customer) -> Page:
        """The page for linking a wallet. Returns the open visit of this reference; a new one if it failed. Raises CompanyUnreachable.

        The company sends the browser that has finished, and no other, to `return_url` with a one-time `code` in the query. It tells the
        wallet's owner by mail which shop may debit the wallet now, and for which customer.
        """

    def finish_link(self, key: str, code: str) -> Link | Pending | Failed:
        """The result of the visit with this key (of `Page`, else our reference): a link for the right code alone. May be called repeatedly.

        Raises CompanyUnreachable.
        """

    def end_link(self, key: str) -> None:
        """Nothing more can come of the visit with this key, and a link that only it made is removed. Idempotent.

        Raises CompanyUnreachable.
        """

    def points_page(self, return_url: str) -> Page:
        """The page where points are bought. Makes no request to the company, so pages can show it at any time."""

    def balance(self, token: str) -> int:
        """The current points. Raises CompanyUnreachable, LinkRemoved."""

    def prepare(self, token: str, yen: int, key: str) -> str:
        """Announce a debit; nothing is taken. Returns the key by which it is known from now on: `key` itself, or one of the company's.

        Only that key takes money, and it is committed before it does. A known `key` returns the same. Raises CompanyUnreachable, KeyReused.
        """

    def debit(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Debit `yen` points or none ("insufficient"; never retryable: "link_removed"). A known key returns its first result.

        Raises KeyReused.
        """

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """The result of this key. Changes nothing. NotFound is said by the company, never by a line that is down."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Block an unused key for ever ("closed"). A used key returns its result."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Refund a debit, or a part of it. A key refunds at most once, ever: a known key returns its first result, so ask again safely.

        Declined ("not_refundable") if less than `yen` of the debit is left. Raises KeyReused.
        """

    def unlink(self, token: str) -> None:
        """Remove a link. Every later debit by it is declined. Raises CompanyUnreachable."""

    def movements(self, begin: datetime, end: datetime) -> Iterable[Movement]:
        """The company's own list of what it took and gave back for this portal, `end` excluded. Raises CompanyUnreachable."""

    def remittances(self, first: date, last: date) -> Iterable[Remittance]:
        """What it sends to our bank account and expects there on these days, both included. A company that gives no such list: none.

        Raises CompanyUnreachable.
        """

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CompanyEvent | None:
        """Parse a webhook from its raw body. None for an event that is not about an attempt of this portal. Raises BadEvent."""

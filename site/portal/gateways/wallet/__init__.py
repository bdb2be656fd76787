"""What the portal asks of a wallet company, the card company's sibling. One point is one yen; amounts are whole yen, tax included."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    "CompanyEvent",
    "CompanyUnreachable",
    "Declined",
    "Failed",
    "KeyReused",
    "Link",
    "LinkRemoved",
    "NotFound",
    "Page",
    "Paid",
    "Pending",
    "Refunded",
    "Unknown",
    "WalletCompany",
]


@dataclass(frozen=True)
class Link:
    """The right to take points from one wallet. `label` lets its owner know it again and tells nobody else the wallet's ID."""

    token: str
    label: str


class LinkRemoved(Exception):
    """There is no such link, or no more: the customer links the wallet again."""


class WalletCompany(Protocol):
    """A company that takes points from wallets. A key takes points at most once, for ever; no wallet ever holds less than 0.

    A link's token means something to the company of this `name` alone.
    """

    name: str

    def begin_link(self, reference: str, return_url: str) -> Page:
        """The page for linking a wallet. Unless the last link under this reference failed, it is that one's. Raises CompanyUnreachable."""

    def finish_link(self, reference: str) -> Link | Pending | Failed:
        """What came of the newest link under this reference; may be asked again and again. Raises CompanyUnreachable."""

    def points_page(self, return_url: str) -> Page:
        """Where the wallet's owner gets more points; asks nothing of the company, so a page may name it each time it is shown."""

    def balance(self, token: str) -> int:
        """The points there are now. Raises CompanyUnreachable, LinkRemoved."""

    def debit(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """Takes `yen` points, or none ("insufficient", or never retryable "link_removed"); a known key is answered. Raises KeyReused."""

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """What happened under this key; changes nothing."""

    def close(self, key: str) -> Paid | Declined | Unknown:
        """Refuses this key for ever ("closed") unless it was used; if it was, answers what happened."""

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Gives a whole debit back to its wallet, once, however often it is asked. Raises KeyReused."""

    def unlink(self, token: str) -> None:
        """Removes a link; every later debit by it is refused. Raises CompanyUnreachable."""

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
        """Reads a notice from its raw body. Raises BadNotice."""

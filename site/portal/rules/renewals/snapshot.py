"""What an account has, as far as the rules need to know it. Yen include tax; dates are inclusive dates in Japan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.enums import Method, NoticeKind, OrderKind, ProductKind
from portal.rules.orders.quote import Line
from portal.rules.payments.methods import row_of

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Entitlement:
    """One subscription and its newest paid term. `yen` is what that term cost; `is_last_time`: its months have left the catalog since.

    `known_on`: when the portal learned that it was paid, where that was later (an answer that was lost, a transfer that staff saw late).
    """

    subscription: int
    product: str
    kind: ProductKind
    variant: str
    name: str
    quantity: int
    months: int
    monthly_yen: int | None
    yen: int
    starts_on: date
    ends_on: date
    paid_on: date
    renews: bool
    is_last_time: bool = False
    stopped_on: date | None = None
    stopped_until: date | None = None
    known_on: date | None = None

    @property
    def told_on(self) -> date:
        """From when on the customer can know that it is paid, and what follows from that."""
        return max(self.paid_on, self.known_on or self.paid_on)

    def is_paid_ahead(self, today: date) -> bool:
        """Whether its newest term has not begun: at most one such term may be paid."""
        return self.starts_on > today


@dataclass(frozen=True)
class RenewalMethod:
    """How the account renews: the last card or wallet that it paid with or set, on `set_on`. `card_expires` is the card's last good day.

    `known_on`: when the portal learned of it, where that was later.
    """

    method: Method
    set_on: date
    wallet_day: int | None = None
    card_expires: date | None = None
    paid_with: str = ""
    known_on: date | None = None

    @property
    def told_on(self) -> date:
        return max(self.set_on, self.known_on or self.set_on)

    def is_charged_on_the_days_of(self, other: "RenewalMethod") -> bool:
        """Whether the usual day of its charges is the same. Another card is charged on the day of the one before."""
        return (self.method, self.wallet_day) == (other.method, other.wallet_day)


@dataclass(frozen=True)
class OpenOrder:
    """The placed order. `is_undecided`: a company has not answered yet; `is_partly`: a part of a transfer is there."""

    number: str
    kind: OrderKind
    method: Method
    placed_on: date
    subscriptions: frozenset[int]
    due_on: date | None = None
    is_undecided: bool = False
    is_partly: bool = False
    renews_end: date | None = None

    @property
    def is_on_its_way(self) -> bool:
        """Money may be there already, or a part of it is."""
        return self.is_undecided or self.is_partly

    @property
    def holds_back(self) -> bool:
        """Whether automatic charges of the account wait for this order: by bank until it is over, else until the company has answered.

        An order for something else does so too: an account has one placed order, and the charge's own would be in place of this one.
        """
        return self.is_on_its_way or row_of(self.method).is_paid_later


@dataclass(frozen=True)
class Hold:
    """A transfer, or a payment by hand whose answer took days: it held automatic charges back on these days, both inclusive."""

    opened_on: date
    closed_on: date
    subscriptions: frozenset[int]


@dataclass(frozen=True)
class ChargeAttempt:
    """One automatic charge for what ends on `ends_on`, answered `on` that day. `is_final`: this card or wallet is not tried again."""

    ends_on: date
    on: date
    is_final: bool = False


@dataclass(frozen=True)
class Announced:
    """What the first notice said, on that day: no charge is ever more. `yen` is by subscription.

    `charge_on`: the day that the newest notice named; no charge is earlier. None once the customer has moved the day.
    """

    on: date
    yen: Mapping[int, int]
    charge_on: date | None = None


@dataclass(frozen=True)
class Notice:
    """One notice about an end, or about what ends of one subscription: there is one mail of it at most.

    `which`: first or second, or the day that it is about (when the other order was over, the last good day of the card).
    """

    kind: NoticeKind
    ends_on: date
    which: str = ""
    subscription: int | None = None

    @property
    def is_second(self) -> bool:
        return self.which == SECOND


@dataclass(frozen=True)
class Reserved:
    """What the customer reserved for the next automatic charge, at the prices that were agreed to."""

    ends_on: date
    lines: tuple[Line, ...]
    dropped: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """Everything about one account that decides what happens to its contract, and when. `plan` is the id of its plan.

    `sent_notices` are read for whoever sends them alone; `turned_off_on`: when the customer last stopped the renewal, likewise.
    """

    plan: str
    entitlements: tuple[Entitlement, ...] = ()
    renewal_method: RenewalMethod | None = None
    open_order: OpenOrder | None = None
    holds: tuple[Hold, ...] = ()
    charge_attempts: tuple[ChargeAttempt, ...] = ()
    announced: Mapping[date, Announced] = field(default_factory=dict)
    reserved: Reserved | None = None
    sent_notices: frozenset[Notice] = frozenset()
    turned_off_on: date | None = None

    @property
    def server(self) -> Entitlement | None:
        return next((entitlement for entitlement in self.entitlements if entitlement.kind is ProductKind.SERVER), None)

    @property
    def ends(self) -> list[date]:
        """The days on which something ends, each once."""
        return sorted({entitlement.ends_on for entitlement in self.entitlements})

    def ending(self, ends_on: date) -> tuple[Entitlement, ...]:
        return tuple(entitlement for entitlement in self.entitlements if entitlement.ends_on == ends_on)

    def last_attempt(self, ends_on: date) -> ChargeAttempt | None:
        return max((found for found in self.charge_attempts if found.ends_on == ends_on), key=lambda found: found.on, default=None)


def subscriptions_of(entitlements: tuple[Entitlement, ...]) -> frozenset[int]:
    return frozenset(entitlement.subscription for entitlement in entitlements)

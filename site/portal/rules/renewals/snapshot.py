"""The state of an account as plain values, for the renewal rules. Yen include tax; dates are inclusive dates in Japan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from portal.enums import Method, NoticeKind, ProductKind
from portal.rules.orders.quote import Line, label
from portal.rules.renewals.open_orders import Hold, OpenOrder

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Entitlement:
    """One subscription and its newest paid term. `yen` is the price of that term; `is_last_time`: the catalog no longer sells its period.

    `known_on`: when the portal learned of the payment. It may be later than `paid_on` (a late answer, a transfer that staff entered late).
    `runs_until`: staff undid the payment of its last term, and it runs until that day; `is_cancelled`: for good, the order is over.
    `is_checked_again`: its order is awaited again, and staff look for its money.
    `is_undone`: that was its only term, and `ends_on` is that day. `quantity` and `yen` count the devices that were `added` during the
    term: they are renewed with the others. `switched_on`: when the customer turned its automatic renewal on.
    `common_name`: of a certificate that has one, as people write it.
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
    runs_until: date | None = None
    is_undone: bool = False
    is_cancelled: bool = False
    added: int = 0
    switched_on: date | None = None
    common_name: str = ""
    is_checked_again: bool = False

    @property
    def label(self) -> str:
        return label(self.name, self.common_name)

    @property
    def usable_until(self) -> date:
        """The last usable day: no end, 停止中 or 解約済 comes before it is over."""
        return max(self.ends_on, self.runs_until or self.ends_on)

    @property
    def effective_on(self) -> date:
        """The day from which the payment has effects: the later of `paid_on` and `known_on`."""
        return max(self.paid_on, self.known_on or self.paid_on)

    def is_paid_ahead(self, today: date) -> bool:
        """True if its newest term has not begun. At most one term may be paid ahead (the company's guide)."""
        return self.starts_on > today


@dataclass(frozen=True)
class RenewalMethod:
    """The card or wallet for automatic charges: the last one that the customer paid with or set, on `set_on`.

    `card_expires` is the card's last valid day. `known_on`: when the portal learned of it, maybe later than `set_on`.
    """

    method: Method
    set_on: date
    wallet_day: int | None = None
    card_expires: date | None = None
    paid_with: str = ""
    known_on: date | None = None

    @property
    def effective_on(self) -> date:
        """The day from which the method has effects: the later of `set_on` and `known_on`."""
        return max(self.set_on, self.known_on or self.set_on)

    def expires_before(self, day: date) -> bool:
        """True for a card that will have expired on that day."""
        return self.card_expires is not None and self.card_expires < day

    def has_same_charge_day(self, other: "RenewalMethod") -> bool:
        """True if both are usually charged on the same day of the month. All cards are."""
        return (self.method, self.wallet_day) == (other.method, other.wallet_day)


@dataclass(frozen=True)
class ChargeAttempt:
    """One attempt of the automatic charge for `ends_on`, answered on the day `on`. `is_final`: no retry with this card or wallet."""

    ends_on: date
    on: date
    is_final: bool = False


@dataclass(frozen=True)
class Announced:
    """The content of the notices for one end: `yen` by subscription id is the maximum charge. `on`: the day of the first notice.

    `charge_on`: the day in the newest notice; no charge is earlier. None if the customer changed the day afterwards.
    """

    on: date
    yen: Mapping[int, int]
    charge_on: date | None = None

    def with_more(self, subscription: int, yen: int) -> "Announced":
        """With more for this subscription, if it was announced: the customer has added devices since."""
        more = {number: known + (yen if number == subscription else 0) for number, known in self.yen.items()}
        return replace(self, yen=more)


@dataclass(frozen=True)
class Notice:
    """The key of a notice about an end, or about one subscription. Each is mailed at most once.

    `which`: first or second, or the day that it is about (when the hold ended, or the card's last valid day).
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
    """The lines that the customer reserved for the next automatic charge, at the agreed prices. `dropped`: subscriptions not to renew."""

    ends_on: date
    lines: tuple[Line, ...]
    dropped: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """Everything about one account that the renewal rules need. `plan` is the id of its plan.

    `is_closed`: staff have closed the account; `is_held`: a lost dispute waits for staff: in both cases nothing is charged automatically.
    `reopened_on`: when staff allowed it again.
    `beside`: placed orders of kind `add`, which stand beside `open_order`.
    `sent_notices` and `turned_off_on` (the last reset of the renewal method) are read only for the worker, which sends the notices.
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
    is_closed: bool = False
    reopened_on: date | None = None
    beside: tuple[OpenOrder, ...] = ()
    is_held: bool = False

    @property
    def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every placed order of the account."""
        return (self.open_order, *self.beside) if self.open_order else self.beside

    def order_for(self, adds: str) -> OpenOrder | None:
        """The placed order of kind `add` for this thing."""
        return next((order for order in self.beside if order.adds == adds), None)

    @cached_property
    def server(self) -> Entitlement | None:
        return next((entitlement for entitlement in self.entitlements if entitlement.kind is ProductKind.SERVER), None)

    @property
    def ends(self) -> list[date]:
        """The last days of all newest terms, sorted, each once."""
        return sorted({entitlement.ends_on for entitlement in self.entitlements})

    def ending(self, ends_on: date) -> tuple[Entitlement, ...]:
        return tuple(entitlement for entitlement in self.entitlements if entitlement.ends_on == ends_on)

    def without(self, hidden: Collection[Entitlement]) -> "Snapshot":
        """As pages show it that leave these out. They are owned all the same, so what was reserved does not buy them again."""
        owned = {entitlement.product for entitlement in hidden if entitlement.kind is not ProductKind.CERTIFICATE}
        reserved = self.reserved
        if reserved:
            lines = tuple(line for line in reserved.lines if line.subscription is not None or line.product not in owned)
            reserved = replace(reserved, lines=lines)
        shown = tuple(entitlement for entitlement in self.entitlements if entitlement not in hidden)
        return replace(self, entitlements=shown, reserved=reserved)

    def last_attempt(self, ends_on: date) -> ChargeAttempt | None:
        return max((found for found in self.charge_attempts if found.ends_on == ends_on), key=lambda found: found.on, default=None)


def subscriptions_of(entitlements: tuple[Entitlement, ...]) -> frozenset[int]:
    return frozenset(entitlement.subscription for entitlement in entitlements)

"""The order that is open now, and past ones that held automatic charges back. Dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date

from portal.enums import Method, MoneyStatus, OrderKind
from portal.rules.payments.methods import row_of


@dataclass(frozen=True)
class OpenOrder:
    """The account's placed order. `is_undecided`: an attempt has no answer yet; `is_partly`: a part of a transfer was received.

    `renews_end`: the end that it renews, for automatic orders. `adds`: what it adds, for orders of kind `add`, which stand beside others.
    `buys`: the products that it buys as new and that a customer has once. `is_reported`: the customer said that the money was sent.
    """

    number: str
    kind: OrderKind
    method: Method
    placed_on: date
    subscriptions: frozenset[int]
    due_on: date | None = None
    is_undecided: bool = False
    is_partly: bool = False
    renews_end: date | None = None
    adds: str = ""
    buys: frozenset[str] = frozenset()
    is_reported: bool = False

    @property
    def is_addition(self) -> bool:
        return self.kind is OrderKind.ADD

    @property
    def is_on_its_way(self) -> bool:
        """True if a payment is in progress or partly received."""
        return self.is_undecided or self.is_partly

    @property
    def pay_until(self) -> date | None:
        """お支払い期限 of a transfer."""
        return self.due_on if row_of(self.method).is_paid_later else None

    @property
    def money(self) -> MoneyStatus:
        """入金状況, as far as it is known without the attempts."""
        if self.is_undecided:
            return MoneyStatus.CHECKING
        if self.is_partly:
            return MoneyStatus.PARTIAL
        if not row_of(self.method).is_paid_later:
            return MoneyStatus.UNPAID
        return MoneyStatus.REPORTED if self.is_reported else MoneyStatus.AWAITED

    @property
    def holds_back(self) -> bool:
        """True if it puts the account's automatic charges on hold: a transfer until it is closed, other payments until the answer.

        That is true for any order of the contract: an account has one, and the automatic order would replace it.
        """
        return self.is_on_its_way or row_of(self.method).is_paid_later

    def holds_back_charge_of(self, subscriptions: frozenset[int]) -> bool:
        """The same for the charge of these: an order of kind `add` holds back only that of its own subscriptions."""
        return self.holds_back and (not self.is_addition or bool(self.subscriptions & subscriptions))


@dataclass(frozen=True)
class Hold:
    """A past transfer order, or a payment with a late answer. Automatic charges were on hold on these days, both inclusive."""

    opened_on: date
    closed_on: date
    subscriptions: frozenset[int]
    is_addition: bool = False

    def concerns(self, days: list[date], subscriptions: frozenset[int]) -> bool:
        """True if it put the charge of these subscriptions on hold on one of these days."""
        if self.is_addition and not self.subscriptions & subscriptions:
            return False
        return any(self.opened_on <= day <= self.closed_on for day in days)

"""The status of one order, as the status panel shows it."""

from dataclasses import dataclass
from datetime import datetime

from models import Account, Order, Payment
from portal import clock
from portal.actions.payments.abandoned import payable_until
from portal.enums import MoneyStatus, OrderKind, PaymentState
from portal.rules.payments.order_status import Stage, may_be_cancelled, money_status, stage
from portal.screens.payment_information import Transfer, transfer_of, transfer_with

FIRST_WAIT = 5
LONGEST_WAIT = 60


@dataclass(frozen=True)
class OrderStatus:
    """`transfer` is set while a bank transfer is awaited."""

    order: Order
    payment: Payment | None
    stage: Stage
    money: MoneyStatus
    transfer: Transfer | None = None

    @property
    def is_awaited(self) -> bool:
        return self.stage in (Stage.PAYING, Stage.CHECKING, Stage.AWAITED, Stage.PARTLY)

    @property
    def is_undecided(self) -> bool:
        """A payment has no result yet, or only a part has arrived. Until then nothing else may be ordered."""
        return self.stage in (Stage.PAYING, Stage.CHECKING, Stage.PARTLY)

    @property
    def may_pay(self) -> bool:
        """False while staff handle money that could not be allocated to this order."""
        return not (self.payment and self.payment.is_held)

    @property
    def was_paid(self) -> bool:
        """True for an order that was paid by card or wallet before it was cancelled: its money goes back."""
        return self.money is MoneyStatus.CANCELLED and self.payment is not None and self.payment.state == PaymentState.SUCCEEDED

    @property
    def has_failed_by_itself(self) -> bool:
        """True for a declined automatic charge. Every page about the contract tells the customer."""
        return self.order.is_automatic and self.stage is Stage.PAYABLE and self.payment is not None and self.payment.is_declined

    @property
    def may_be_replaced(self) -> bool:
        """True if the customer may cancel it, or confirm another one in its place."""
        return may_be_cancelled(self.stage, is_automatic=self.order.is_automatic, is_held=not self.may_pay)

    @property
    def payable_until(self) -> datetime | None:
        """When a card or wallet order is cancelled without a payment. An automatic order is not."""
        is_cancelled = self.stage is Stage.PAYABLE and not self.order.is_automatic
        return payable_until(self.order, self.payment) if is_cancelled else None

    @property
    def page_until(self) -> datetime | None:
        """Until when the customer may answer the bank's question (本人認証), while that is open."""
        return self.payment.page_until if self.payment and self.payment.is_at_page(clock.now()) else None

    @property
    def mood(self) -> str:
        """The colour of its box, which its words say too."""
        moods = {MoneyStatus.CONFIRMED: "ok", MoneyStatus.UNPAID: "bad", MoneyStatus.TAKEN_BACK: "bad"}
        return moods.get(self.money, "warn" if self.transfer else "")

    @property
    def spoken(self) -> str:
        """What a screen reader hears when it has changed."""
        return "ご入金を確認しました" if self.money is MoneyStatus.CONFIRMED else f"入金状況が変わりました：{self.money.label}"


@dataclass(frozen=True)
class CurrentOrders:
    """The newest confirmed order, and one draft of each kind."""

    order_status: OrderStatus | None
    drafts: dict[OrderKind, Order]


def current_orders(account: Account) -> CurrentOrders:
    """Loaded with one query."""
    orders = account.current_orders
    confirmed = next((order for order in orders if not order.is_draft), None)
    drafts = {OrderKind(order.kind): order for order in orders if order.is_draft}
    return CurrentOrders(confirmed and _order_status(confirmed), drafts)


def status_of_order(order: Order, payment: Payment | None) -> OrderStatus:
    transfer = transfer_of(order) if order.is_placed and order.is_by_transfer else None
    return _with_transfer(order, payment, transfer, is_taken_back=order.is_taken_back)


def _order_status(order: Order) -> OrderStatus:
    """As `status_of_order`, for an order that was loaded with its attempt, received yen and transfer report."""
    is_by_transfer = order.is_placed and order.is_by_transfer
    transfer = transfer_with(order, order.received, order.report) if is_by_transfer else None
    return _with_transfer(order, order.attempt, transfer, is_taken_back=order.taken_back)


def _with_transfer(order: Order, payment: Payment | None, transfer: Transfer | None, *, is_taken_back: bool) -> OrderStatus:
    found = stage(order.state, payment and payment.state, order.method, transfer.received_yen if transfer else 0)
    if found not in (Stage.AWAITED, Stage.PARTLY):
        return OrderStatus(order, payment, found, money_status(found, order.state, is_taken_back=is_taken_back))
    return OrderStatus(order, payment, found, money_status(found, order.state, is_reported=transfer.report is not None), transfer)

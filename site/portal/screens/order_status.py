"""The status of one order, as the status panel shows it."""

from dataclasses import dataclass

from models import Account, Order, Payment
from portal.enums import MoneyStatus, OrderKind
from portal.rules.payments.order_status import Stage, money_status, stage
from portal.screens.payment_information import Transfer, transfer_of, transfer_with

FIRST_WAIT = 5
LONGEST_WAIT = 60


@dataclass(frozen=True)
class OrderStatus:
    """`transfer` is set while a bank transfer is awaited. `wait`: seconds until the panel polls again."""

    order: Order
    payment: Payment | None
    stage: Stage
    money: MoneyStatus
    wait: int | None
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
        return not (self.payment and self.payment.code == "not_allocated")

    @property
    def has_failed_by_itself(self) -> bool:
        """True for a declined automatic charge. Every page about the contract tells the customer."""
        return self.order.is_automatic and self.stage is Stage.PAYABLE and self.payment is not None and self.payment.is_declined

    @property
    def next_wait(self) -> int:
        return min(2 * (self.wait or FIRST_WAIT), LONGEST_WAIT)


@dataclass(frozen=True)
class CurrentOrders:
    """The newest confirmed order, and one draft of each kind."""

    order_status: OrderStatus | None
    drafts: dict[OrderKind, Order]


def current_orders(account: Account, wait: int | None = None) -> CurrentOrders:
    """Loaded with one query."""
    orders = account.current_orders
    confirmed = next((order for order in orders if not order.is_draft), None)
    drafts = {OrderKind(order.kind): order for order in orders if order.is_draft}
    return CurrentOrders(confirmed and _order_status(confirmed, wait), drafts)


def latest_order_status(account: Account, wait: int | None = None) -> OrderStatus | None:
    return current_orders(account, wait).order_status


def status_of_order(order: Order, payment: Payment | None, wait: int | None = None) -> OrderStatus:
    return _with_transfer(order, payment, wait, transfer_of(order) if order.is_placed and order.is_by_transfer else None)


def _order_status(order: Order, wait: int | None) -> OrderStatus:
    """As `status_of_order`, for an order that was loaded with its attempt, received yen and transfer report."""
    is_by_transfer = order.is_placed and order.is_by_transfer
    return _with_transfer(order, order.attempt, wait, transfer_with(order, order.received, order.report) if is_by_transfer else None)


def _with_transfer(order: Order, payment: Payment | None, wait: int | None, transfer: Transfer | None) -> OrderStatus:
    found = stage(order.state, payment and payment.state, order.method, transfer.received_yen if transfer else 0)
    if found not in (Stage.AWAITED, Stage.PARTLY):
        return OrderStatus(order, payment, found, money_status(found, order.state), wait)
    return OrderStatus(order, payment, found, money_status(found, order.state, is_reported=transfer.report is not None), wait, transfer)

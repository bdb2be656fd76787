"""Where one order stands: what the status panel shows."""

from dataclasses import dataclass

from models import Account, Order, Payment
from portal.enums import MoneyStatus, OrderKind
from portal.rules.payments.order_status import Stage, money_status, stage
from portal.screens.payment_information import Transfer, transfer_of, transfer_with

FIRST_WAIT = 5
LONGEST_WAIT = 60


@dataclass(frozen=True)
class OrderStatus:
    """`transfer` is there while a transfer is awaited; `wait`: after how many seconds the panel asks again by itself."""

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
        """Money is on its way, or a part of it is there: nothing else may be ordered until that is settled."""
        return self.stage in (Stage.PAYING, Stage.CHECKING, Stage.PARTLY)

    @property
    def may_pay(self) -> bool:
        """Not while staff looks after money that this order could not take."""
        return not (self.payment and self.payment.code == "not_allocated")

    @property
    def has_failed_by_itself(self) -> bool:
        """An automatic charge that was refused: its customer is told so on every page that looks at the contract."""
        return self.order.is_automatic and self.stage is Stage.PAYABLE and self.payment is not None and self.payment.is_declined

    @property
    def next_wait(self) -> int:
        return min(2 * (self.wait or FIRST_WAIT), LONGEST_WAIT)


@dataclass(frozen=True)
class CurrentOrders:
    """What a customer has in hand: the newest order that was confirmed, and a draft of each kind."""

    order_status: OrderStatus | None
    drafts: dict[OrderKind, Order]


def current_orders(account: Account, wait: int | None = None) -> CurrentOrders:
    """One question to the database, whatever there is."""
    orders = account.current_orders
    confirmed = next((order for order in orders if not order.is_draft), None)
    drafts = {OrderKind(order.kind): order for order in orders if order.is_draft}
    return CurrentOrders(confirmed and _order_status(confirmed, wait), drafts)


def latest_order_status(account: Account, wait: int | None = None) -> OrderStatus | None:
    return current_orders(account, wait).order_status


def status_of_order(order: Order, payment: Payment | None, wait: int | None = None) -> OrderStatus:
    return _with_transfer(order, payment, wait, transfer_of(order) if order.is_placed and order.is_by_transfer else None)


def _order_status(order: Order, wait: int | None) -> OrderStatus:
    """The same for an order that came with all that belongs to it."""
    is_by_transfer = order.is_placed and order.is_by_transfer
    return _with_transfer(order, order.attempt, wait, transfer_with(order, order.received, order.report) if is_by_transfer else None)


def _with_transfer(order: Order, payment: Payment | None, wait: int | None, transfer: Transfer | None) -> OrderStatus:
    found = stage(order.state, payment and payment.state, order.method, transfer.received_yen if transfer else 0)
    if found not in (Stage.AWAITED, Stage.PARTLY):
        return OrderStatus(order, payment, found, money_status(found, order.state), wait)
    return OrderStatus(order, payment, found, money_status(found, order.state, is_reported=transfer.report is not None), wait, transfer)

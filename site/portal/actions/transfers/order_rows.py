"""Orders with their money, as lists and the matching of deposits show them; few questions to the database, however many there are."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, Expression, ModelSelect, fn

from models import Account, Allocation, Order, Payment, TransferReport
from portal import clock
from portal.enums import MoneyStatus
from portal.rules.payments.order_status import Stage, money_status, stage
from portal.rules.transfers.name_key import spellings

ROWS = 20


@dataclass(frozen=True)
class OrderRow:
    """An order as a line of a list. Yen."""

    order: Order
    money: MoneyStatus | None
    stage: Stage
    received_yen: int
    missing_yen: int
    report: TransferReport | None
    is_overdue: bool


def orders_with_money() -> ModelSelect:
    """Orders with account, report, what they have received and the state of their latest attempt."""
    latest = Payment.select(Payment.state).where(Payment.order == Order.id).order_by(Payment.attempt.desc()).limit(1)
    columns = (Order, Account, TransferReport, received().alias("received"), latest.alias("payment_state"))
    query = Order.select(*columns).join(Account).switch(Order)
    return query.join(TransferReport, JOIN.LEFT_OUTER, on=(TransferReport.order == Order.id), attr="report")


def order_row(order: Order) -> OrderRow:
    got, report = int(order.received), getattr(order, "report", None)
    found = stage(order.state, order.payment_state, order.method, got)
    money = money_status(found, order.state, is_reported=report is not None)
    overdue = order.is_placed and order.due_on is not None and order.due_on < clock.today()
    return OrderRow(order, money, found, got, max(0, (order.total_yen or 0) - got), report, overdue)


def received() -> Any:
    """What an order has received, in yen."""
    return fn.COALESCE(Allocation.select(fn.SUM(Allocation.yen)).where(Allocation.order == Order.id), 0)


def spelled(column: Any, text: str) -> list[Expression]:
    """`text` anywhere in `column`, in any of its spellings, wherever the spaces are."""
    squeezed = fn.REPLACE(fn.REPLACE(column, " ", ""), "\u3000", "")
    return [squeezed.contains(spelling) for spelling in spellings(text)]


def any_of(conditions: list[Expression]) -> Expression:
    return reduce(or_, conditions)

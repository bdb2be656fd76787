"""Orders with their payment data, for lists and for the matching of deposits. One query, whatever the number of orders."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, Case, Expression, ModelSelect

from models import Account, Allocation, Order, Payment, Refund, TransferReport
from portal import clock
from portal.enums import MoneyStatus
from portal.rules.accounts.name_key import name_key
from portal.rules.payments.order_status import Stage, money_status, stage

ROWS = 20


@dataclass(frozen=True)
class OrderRow:
    """An order as a row of a list. Yen."""

    order: Order
    money: MoneyStatus | None
    stage: Stage
    received_yen: int
    missing_yen: int
    report: TransferReport | None
    is_overdue: bool


def orders_with_money() -> ModelSelect:
    """A query of orders with account, transfer report, received yen, the state of the latest attempt, and whether a dispute was lost."""
    latest = Payment.select(Payment.state).where(Payment.order == Order.id).order_by(Payment.attempt.desc()).limit(1)
    columns = (Order, Account, TransferReport, received().alias("received"), latest.alias("payment_state"))
    columns += (Refund.took_back(Order.id).alias("taken_back"),)
    query = Order.select(*columns).join(Account).switch(Order)
    return query.join(TransferReport, JOIN.LEFT_OUTER, on=(TransferReport.order == Order.id), attr="report")


def order_row(order: Order) -> OrderRow:
    received_yen, report = int(order.received), getattr(order, "report", None)
    current = stage(order.state, order.payment_state, order.method, received_yen)
    money = money_status(current, order.state, is_reported=report is not None, is_taken_back=order.taken_back)
    overdue = order.is_placed and order.due_on is not None and order.due_on < clock.today()
    return OrderRow(order, money, current, received_yen, max(0, (order.total_yen or 0) - received_yen), report, overdue)


def received() -> Any:
    """A query expression: the yen that count towards an order's total."""
    return Allocation.sum_for(Order.id)


def missing_yen() -> Any:
    """A query expression: the yen that an order misses which waits for a transfer. What has come is added up only where something has."""
    return Order.total_yen - Case(None, [(Order.has_money, received())], 0)


def overdue_first(query: ModelSelect) -> list[Order]:
    """The orders of a query, the earliest due date first. First their ids, which an index tells alone: PostgreSQL takes the rows of orders
    past their due date for so few that it would read all that wait.
    """
    ids = [order for (order,) in query.select(Order.id).tuples()]
    return list(Order.select().where(Order.id.in_(ids)).order_by(Order.due_on, Order.id)) if ids else []


def named(column: Any, text: str) -> list[Expression]:
    """Query conditions: the key in `column` contains the name in `text`, however either is written."""
    key = name_key(text)
    return [column.contains(key)] if key else []


def any_of(conditions: list[Expression]) -> Expression:
    return reduce(or_, conditions)

"""The three figures above 入金待ち: how many rows, and how much money they are about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from models import Allocation, Order
from portal.actions.staff.counts import is_rest, returned_yen
from portal.actions.transfers.order_rows import received
from portal.enums import Method, OrderState


@dataclass(frozen=True)
class Figure:
    """Yen."""

    rows: int
    yen: int


@dataclass(frozen=True)
class TransferFigures:
    """`awaited`: transfer orders and what they still miss. `overdue`: those past their due date. `rests`: money that is for no order."""

    awaited: Figure
    overdue: Figure
    rests: Figure


def of_transfers(today: date) -> TransferFigures:
    missing = (Order.total_yen - received()).alias("missing")
    waiting = Order.select(Order.due_on, missing).where(Order.state == OrderState.PLACED, Order.method == Method.BANK)
    is_late, yen = waiting.c.due_on < today, waiting.c.missing
    rest = Allocation.select((Allocation.yen - returned_yen()).alias("yen")).where(is_rest())
    count, late, yen_in_all, yen_late = next(_figures(waiting, fn.COUNT(yen), _only(is_late, 1), _sum(yen), _only(is_late, yen)))
    rests, yen_of_rests = next(_figures(rest, fn.COUNT(rest.c.yen), _sum(rest.c.yen)))
    return TransferFigures(Figure(count, yen_in_all), Figure(late, yen_late), Figure(rests, yen_of_rests))


def _figures(rows: Any, *columns: Any) -> Any:
    return iter(rows.select_from(*columns).tuples())


def _sum(column: Any) -> Any:
    return fn.COALESCE(fn.SUM(column), 0)


def _only(condition: Any, value: Any) -> Any:
    return _sum(Case(None, [(condition, value)], 0))

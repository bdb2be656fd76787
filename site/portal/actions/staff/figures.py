"""The three figures above 入金待ち: how many rows, and how much money they are about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, Case, fn

from models import Allocation, Order
from portal.actions.staff.counts import is_rest, returned_yen

ALL = 1_000_000  # a limit: else each row's rest is computed as often as it is named
AWAITED = (Order.state == SQL("'placed'"), Order.method == SQL("'bank'"))  # as text, as in an index


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
    """Three queries. What has come of the orders is summed up apart: few of them have a part."""
    is_late = Order.due_on < today
    awaited = Order.select(fn.COUNT(Order.id), _only(is_late, 1), _sum(Order.total_yen), _only(is_late, Order.total_yen))
    parts = Order.select(_sum(Allocation.yen), _only(is_late, Allocation.yen)).join(Allocation, on=Allocation.counts_for(Order.id))
    rest = Allocation.select((Allocation.yen - returned_yen()).alias("yen")).where(is_rest()).limit(ALL)
    count, late, yen, yen_late = awaited.where(*AWAITED).scalar(as_tuple=True)
    came, came_late = parts.where(*AWAITED).scalar(as_tuple=True)
    rests, yen_of_rests = rest.select_from(fn.COUNT(rest.c.yen), _sum(rest.c.yen)).scalar(as_tuple=True)
    figures = ((count, yen - came), (late, yen_late - came_late), (rests, yen_of_rests))
    return TransferFigures(*(Figure(int(rows), int(money)) for rows, money in figures))


def _sum(column: Any) -> Any:
    return fn.COALESCE(fn.SUM(column), 0)


def _only(condition: Any, value: Any) -> Any:
    return _sum(Case(None, [(condition, value)], 0))

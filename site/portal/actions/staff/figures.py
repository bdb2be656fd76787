"""The three figures above 入金待ち: how many rows, and how much money they are about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, SQL, Case, fn

from models import Allocation, Order, Payout
from portal.actions.staff.counts import is_given

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
    count, late, yen, yen_late = awaited.where(*AWAITED).scalar(as_tuple=True)
    came, came_late = parts.where(*AWAITED).scalar(as_tuple=True)
    figures = ((count, yen - came), (late, yen_late - came_late), _rests())
    return TransferFigures(*(Figure(int(rows), int(money)) for rows, money in figures))


def _rests() -> tuple[int, int]:
    """How many rests there are, and their yen. What was given of them is joined: hardly any row has some."""
    given = _given_of_rests()
    left = Allocation.yen - fn.COALESCE(given.c.given, 0)
    query = Allocation.select(_only(left > 0, 1), _only(left > 0, left))
    query = query.join(given, JOIN.LEFT_OUTER, on=(given.c.deposit_id == Allocation.deposit))
    return query.where(Allocation.order.is_null(), Allocation.source == SQL("'bank'")).scalar(as_tuple=True)


def _given_of_rests() -> Any:
    """`given`: yen that were returned of the rest of each deposit, or are kept for a payout."""
    returned = Allocation.select(Allocation.deposit, fn.ABS(Allocation.yen).alias("yen")).where(is_given(Allocation))
    kept = Payout.select(Payout.deposit, Payout.yen).where(Payout.deposit.is_null(False), Payout.is_live())
    each = returned.union_all(kept).alias("each_given")
    return each.select_from(each.c.deposit_id, fn.SUM(each.c.yen).alias("given")).group_by(each.c.deposit_id).alias("given")


def _sum(column: Any) -> Any:
    return fn.COALESCE(fn.SUM(column), 0)


def _only(condition: Any, value: Any) -> Any:
    return _sum(Case(None, [(condition, value)], 0))

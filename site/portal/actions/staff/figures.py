"""The three figures above 入金待ち: how many rows, and how much money they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, SQL, Case, fn

from models import Allocation, Order, Payout
from portal.actions.staff.counts import is_given
from portal.actions.transfers.order_rows import missing_yen

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
    """Two queries."""
    days = awaited_by_due_date()
    late = together(figure for due_on, figure in days.items() if due_on and due_on < today)
    return TransferFigures(together(days.values()), late, Figure(*map(int, _rests())))


def awaited_by_due_date(*conditions: Any) -> dict[date | None, Figure]:
    """What transfer orders still miss. `conditions`: which of them. One query, which reads an index alone."""
    query = Order.select(Order.due_on, fn.COUNT(Order.id), fn.SUM(missing_yen())).where(*AWAITED, *conditions).group_by(Order.due_on)
    return {due_on: Figure(rows, int(yen)) for due_on, rows, yen in query.tuples()}


def together(figures: Iterable[Figure]) -> Figure:
    figures = list(figures)
    return Figure(sum(figure.rows for figure in figures), sum(figure.yen for figure in figures))


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

"""The parts of a day: what came, what is open, due and late, and what staff did. A count and the list that it leads to are one query.

Days in Japan; yen. What is open, late or has a rest is so now, among what came or was placed by the end of that day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any

from peewee import JOIN, SQL, Case, ModelSelect, fn

from models import Account, Allocation, BankFile, BankLine, Deposit, Event, Order
from portal import clock
from portal.actions.staff.counts import is_given, is_rest
from portal.actions.staff.figures import AWAITED, Figure, awaited_by_due_date, together
from portal.actions.staff.paging import Listed, page_of
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.order_rows import missing_yen
from portal.enums import AllocationSource, DayPart, LineKind

NOTHING = SQL("CAST(NULL AS TEXT)")
NO_YEN = SQL("CAST(0 AS BIGINT)")
DEPOSIT = (Deposit.booked_on, Deposit.number, SQL("NULL"), NOTHING, NOTHING, Deposit.payer, NOTHING)


@dataclass(frozen=True)
class DayRow:
    """`number`: of the deposit, allocation, order or file. `order`, `login`, `who`: whose it is, if that is known. `about`: a note."""

    on: date
    number: str
    record: int | None
    order: str | None
    login: str | None
    who: str | None
    about: str | None
    yen: int


def figures(day: date) -> dict[DayPart, Figure]:
    """Every part of the day. Three queries."""
    first, *others = [_counted(part, query(day)) for part, query in PARTS.items() if part not in AWAITED_PARTS]
    for other in others:
        first = first.union_all(other)
    found = {DayPart(part): Figure(int(rows), int(yen)) for part, rows, yen in first.tuples()} | _awaited(day)
    return {part: found[part] for part in PARTS}


def rows(part: DayPart, day: date, page: int) -> Listed[DayRow]:
    """The rows that `figures` counts: the oldest first."""
    query = PARTS[part](day).order_by(SQL("1"), SQL("2"), SQL("3"))
    return page_of(query.tuples(), SearchQuery(page=page), _row)


def done(day: date, page: int) -> Listed[Event]:
    """What staff did, as 履歴 shows it."""
    return page_of(Event.select().where(_by_staff(day)).order_by(Event.id), SearchQuery(page=page), lambda event: event)


def _row(found: tuple[Any, ...]) -> DayRow:
    at, *rest = found
    return DayRow(clock.day_of(at) if isinstance(at, datetime) else at, *rest)


def _counted(part: DayPart, query: ModelSelect) -> Any:
    """Without what the rows are only shown with: a LEFT JOIN changes no count, but PostgreSQL counts in no index beside it."""
    *_, yen = query._returning
    alone, source = query.select(yen), query._from_list[0]
    if getattr(source, "join_type", None) == JOIN.LEFT_OUTER:
        alone = alone.from_(query.model)
    named = alone.alias(f"rows_{part.value}")
    return named.select_from(SQL(f"'{part.value}'"), fn.COUNT(SQL("1")), fn.COALESCE(fn.SUM(named.c.yen), 0))


def _awaited(day: date) -> dict[DayPart, Figure]:
    """The parts of one list, which is read once."""
    days = awaited_by_due_date(_was_placed(day))
    due, late = days.get(day, Figure(0, 0)), together(figure for due_on, figure in days.items() if due_on and due_on < day)
    return {DayPart.AWAITED: together(days.values()), DayPart.DUE: due, DayPart.LATE: late}


def _during(column: Any, day: date) -> Any:
    return (column >= clock.begin_of(day)) & (column < clock.begin_of(day + timedelta(days=1)))


def _deposits(day: date) -> ModelSelect:
    return Deposit.select(*DEPOSIT, Deposit.yen.alias("yen")).where(Deposit.booked_on == day)


def _typed(day: date) -> ModelSelect:
    """No file of the bank has brought them; they may come with the next one."""
    line = BankLine.select(SQL("1")).where(BankLine.deposit == Deposit.id, BankLine.kind != LineKind.CORRECTION)
    return _deposits(day).where(~fn.EXISTS(line))


def _rests(day: date) -> ModelSelect:
    """What is left of a deposit is its own row, less what went back of it. Its day is asked for only where a later deposit is there."""
    given, some = Allocation.alias(), Allocation.alias()
    back = given.select(fn.COALESCE(fn.SUM(fn.ABS(given.yen)), 0)).where(given.deposit == Allocation.deposit, is_given(given))
    left = Case(None, [(Allocation.deposit.in_(some.select(some.deposit).where(is_given(some))), Allocation.yen - back)], Allocation.yen)
    has_later = Deposit.select().where(Deposit.booked_on > day).exists()
    rests = Allocation.select(*DEPOSIT, left.alias("yen")).join(Deposit, JOIN.INNER if has_later else JOIN.LEFT_OUTER).where(is_rest())
    return rests.where(Deposit.booked_on <= day) if has_later else rests


def _money(source: AllocationSource) -> Callable[[date], ModelSelect]:
    def of(day: date) -> ModelSelect:
        about = (Allocation.received_on, Allocation.number, SQL("NULL"), Order.number, Account.login, Account.name)
        query = Allocation.select(*about, Allocation.company_reference, fn.ABS(Allocation.yen).alias("yen"))
        query = query.join(Order, JOIN.LEFT_OUTER).join(Account, JOIN.LEFT_OUTER)
        return query.where(Allocation.source == source, Allocation.received_on == day)

    return of


def _orders(*conditions: Callable[[date], Any], missing: bool = False, at: Any = Order.placed_at) -> Callable[[date], ModelSelect]:
    """`missing`: the yen that have not come, instead of the whole price."""

    def of(day: date) -> ModelSelect:
        yen = missing_yen() if missing else Order.total_yen
        about = (at, Order.number, SQL("NULL"), Order.number, Account.login, Account.name, NOTHING)
        query = Order.select(*about, yen.alias("yen")).join(Account, JOIN.LEFT_OUTER)  # counted, nothing of it is read
        return query.where(*(condition(day) for condition in conditions))

    return of


def _lines(*conditions: Any) -> Callable[[date], ModelSelect]:
    def of(day: date) -> ModelSelect:
        note = fn.COALESCE(BankLine.ignored_reason, BankLine.note)
        about = (BankLine.booked_on, BankFile.number, BankLine.record, NOTHING, NOTHING, BankLine.payer, note)
        return BankLine.select(*about, BankLine.yen.alias("yen")).join(BankFile).where(BankLine.booked_on == day, *conditions)

    return of


def _done(day: date) -> ModelSelect:
    about = (Event.at, Event.entity, SQL("NULL"), NOTHING, NOTHING, Event.actor, Event.reason)
    return Event.select(*about, NO_YEN.alias("yen")).where(_by_staff(day))


def _by_staff(day: date) -> Any:
    """As in a partial index: a busy day has ten times as many rows of the worker and of customers."""
    return (fn.SUBSTR(Event.actor, SQL("1"), SQL("6")) == SQL("'staff '")) & _during(Event.at, day)


def _waits(day: date) -> Any:
    return reduce(and_, AWAITED) & _was_placed(day)


def _was_placed(day: date) -> Any:
    return Order.placed_at < clock.begin_of(day + timedelta(days=1))


PARTS: dict[DayPart, Callable[[date], ModelSelect]] = {
    DayPart.DEPOSITS: _deposits,
    DayPart.CARDS: _money(AllocationSource.CARD),
    DayPart.WALLETS: _money(AllocationSource.WALLET),
    DayPart.RETURNED: _money(AllocationSource.RETURNED),
    DayPart.PLACED: _orders(lambda day: (Order.state != SQL("'draft'")) & _during(Order.placed_at, day)),
    DayPart.PAID: _orders(lambda day: Order.paid_on == day, at=Order.paid_on),
    DayPart.AWAITED: _orders(_waits, missing=True, at=Order.due_on),
    DayPart.DUE: _orders(_waits, lambda day: Order.due_on == day, missing=True, at=Order.due_on),
    DayPart.LATE: _orders(_waits, lambda day: Order.due_on < day, missing=True, at=Order.due_on),
    DayPart.RESTS: _rests,
    DayPart.TYPED: _typed,
    DayPart.IGNORED: _lines(BankLine.kind != LineKind.CORRECTION, BankLine.ignored_reason.is_null(False)),
    DayPart.CORRECTIONS: _lines(BankLine.kind == SQL("'correction'")),  # as in an index
    DayPart.DONE: _done,
}
AWAITED_PARTS = (DayPart.AWAITED, DayPart.DUE, DayPart.LATE)

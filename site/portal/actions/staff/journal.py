"""The facts of the journal (rules/staff/journal.py), read from rows that are only ever added or kept as they were. A few queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, SQL, Value, chunked, fn

from models import Account, Allocation, Deposit, Invoice, InvoiceVoid, MovedMoney, Order
from portal import clock
from portal.actions.staff.receipts import AT_ONCE, Facts, papers, receipts
from portal.enums import AllocationSource
from portal.formats import harmless
from portal.rules.staff import journal
from portal.rules.staff.journal import DEPOSIT, Entry, MoneyRow

DAYS_ALONE = 31  # of more days, so many are read together


def entries(first: date, last: date, today: date, together: int = DAYS_ALONE) -> Iterator[Entry]:
    """The entries of those days, both inclusive, as far as they have begun `today`: those of a day at a time, for long ones of a month, or
    of as many days as are to be read `together`.
    """
    last = min(last, today)
    if first > last:
        return
    ends = {day: _end_of(day) for day in _month_ends(first, last)}
    of_papers = journal.of_papers(receipts(first, last, list(ends)), first, last, ends)
    for begin, end in _parts(first, last, together):
        yield from journal.entries(_money(begin, end), (entry for entry in of_papers if begin <= entry.day <= end), begin, end)


def _parts(first: date, last: date, together: int) -> Iterator[tuple[date, date]]:
    days = 1 if (last - first).days <= DAYS_ALONE else together
    for place in range(0, (last - first).days + 1, days):
        begin = first + timedelta(days=place)
        yield begin, min(begin + timedelta(days=days - 1), last)


def _month_ends(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return [day for day in days if (day + timedelta(days=1)).day == 1]


def _end_of(day: date) -> datetime:
    return clock.begin_of(day + timedelta(days=1))


def _in(column: Any, first: date, last: date) -> Any:
    return (column >= clock.begin_of(first)) & (column < _end_of(last))


def _money(first: date, last: date) -> list[MoneyRow]:
    found = [*_deposits(first, last), *_allocations(first, last), *_moved(first, last)]
    receipts = _receipts_of({row[4] for row in found if row[0] == AllocationSource.RETURNED and row[4]})
    return [_row(receipts, *row) for row in found]


def _deposits(first: date, last: date) -> Iterator[Facts]:
    about = (Value(DEPOSIT), Value(""), Deposit.yen, Deposit.number, Value(None), Deposit.booked_on)
    columns = (*about, Deposit.created_at, Value(None), Deposit.payer)
    yield from Deposit.select(*columns).where(_in(Deposit.created_at, first, last)).tuples()


def _allocations(first: date, last: date) -> Iterator[Facts]:
    """Without the rests of deposits, which have moved already with the rows of orders, and what was kept as it was when it moved."""
    kept = MovedMoney.select(SQL("1")).where(MovedMoney.number == Allocation.number, MovedMoney.source == Allocation.source)
    is_rest = (Allocation.source == AllocationSource.BANK) & Allocation.order.is_null()
    wanted = (Allocation.source != AllocationSource.WAIVED) & ~is_rest & ~fn.EXISTS(kept)
    about = (Allocation.source, Allocation.company_reference, Allocation.yen, Allocation.number)
    columns = (*about, Order.number, Allocation.received_on, Allocation.created_at, Value(None), Account.name)
    query = Allocation.select(*columns).join(Order, JOIN.LEFT_OUTER).join(Account, JOIN.LEFT_OUTER)
    yield from query.where(wanted, _in(Allocation.created_at, first, last)).tuples()


def _moved(first: date, last: date) -> Iterator[Facts]:
    about = (MovedMoney.source, MovedMoney.company_reference, MovedMoney.yen, MovedMoney.number)
    columns = (*about, Order.number, MovedMoney.received_on, MovedMoney.created_at, MovedMoney.moved_at, Account.name)
    query = MovedMoney.select(*columns).join(Order, JOIN.LEFT_OUTER).join(Account, JOIN.LEFT_OUTER)
    yield from query.where(_in(MovedMoney.created_at, first, last) | _in(MovedMoney.moved_at, first, last)).tuples()


def _row(
    receipts: dict[str, list[Facts]], source: str, reference: str, yen: int, number: str, order: str | None, of: date, made: datetime,
    moved: datetime | None, who: str | None,
) -> MoneyRow:  # fmt: skip
    came = AllocationSource.BANK if source == DEPOSIT else AllocationSource(source)
    came = AllocationSource(reference.partition(":")[0]) if came is AllocationSource.RETURNED else came
    valid = [percent for percent, issued, void in receipts.get(order or "", []) if issued <= made and (void is None or void > made)]
    moments = (_moment(made), moved and _moment(moved))
    percent = valid[0] if valid else None
    return MoneyRow(source, came, yen, number, order or "", of, *moments, sale_percent=percent, who=harmless(who or ""))


def _receipts_of(orders: Iterable[str]) -> dict[str, list[Facts]]:
    """Tax rate, when it was issued and when made void, of each receipt of these orders."""
    found: dict[str, list[Facts]] = defaultdict(list)
    for numbers in chunked(sorted(orders), AT_ONCE):
        query = papers(Order.number, Invoice.tax_percent, Invoice.created_at, InvoiceVoid.voided_at).where(Order.number.in_(numbers))
        for order, *facts in query.tuples():
            found[order].append(tuple(facts))
    return found


def _moment(at: datetime) -> journal.Moment:
    return journal.Moment(at, clock.day_of(at))

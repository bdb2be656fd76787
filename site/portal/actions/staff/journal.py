"""The facts of the journal (rules/staff/journal.py), read from rows that are only ever added or kept as they were. A few queries."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, SQL, Value, chunked, fn

from models import Account, Allocation, Deposit, Invoice, InvoiceVoid, MovedMoney, Order
from portal import clock
from portal.enums import AllocationSource, InvoiceKind
from portal.formats import harmless
from portal.rules.staff import journal
from portal.rules.staff.journal import DEPOSIT, Earning, Entry, MoneyRow, Receipt

AT_ONCE = 500  # values of one IN
Facts = tuple[Any, ...]


def entries(first: date, last: date, today: date) -> list[Entry]:
    """The entries of those days, both inclusive, as far as they have begun `today`."""
    last = min(last, today)
    if first > last:
        return []
    money, receipts = _money(first, last), _receipts(first, last)
    return journal.entries(money, receipts, first, last, {day: _end_of(day) for day in _month_ends(first, last)})


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
        query = _papers(Order.number, Invoice.tax_percent, Invoice.created_at, InvoiceVoid.voided_at).where(Order.number.in_(numbers))
        for order, *facts in query.tuples():
            found[order].append(tuple(facts))
    return found


def _papers(*columns: Any) -> Any:
    query = (
        Invoice.select(*columns)
        .join(InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == Invoice.id)
        .join_from(Invoice, Order)
        .join(Account)
    )
    return query.where(Invoice.kind == InvoiceKind.RECEIPT)


def _receipts(first: date, last: date) -> Iterator[Receipt]:
    """Those that earn at an end of a month within these days, or are made void within them. One that was issued again is the same sale:
    it goes on under its first number, until the last of them is void.
    """
    is_void = InvoiceVoid.voided_on.between(first, last)
    earns = (Invoice.issued_on <= last) & (InvoiceVoid.voided_on.is_null() | (InvoiceVoid.voided_on >= first))
    later = Invoice.alias()
    is_later = (later.order == Invoice.order) & (later.kind == InvoiceKind.RECEIPT) & (later.id > Invoice.id)
    has_later = fn.EXISTS(later.select(SQL("1")).where(is_later))
    columns = (Invoice.number, Order.id, Order.number, Invoice.total_yen, Invoice.tax_percent, Invoice.tax_yen, Invoice.issued_on)
    query = _papers(*columns, Invoice.content, Invoice.created_at, Account.name, InvoiceVoid.voided_on, InvoiceVoid.voided_at)
    rows = list(query.where(earns if _month_ends(first, last) else is_void).orwhere(has_later).tuples())
    voids, returned = _last_voids({row[1] for row in rows if row[-1]}), _returned({row[1] for row in rows if row[-1]})
    for number, order_id, order, yen, percent, tax, issued_on, content, made, who, void_on, void_at in rows:
        paper = json.loads(content)
        if paper.get("instead_of"):
            continue
        void_on, void_at = voids.get(number, (void_on, void_at))
        void = void_on and journal.Moment(void_at, void_on)
        back = tuple(yen for at, yen in returned.get(order_id, []) if void_at and made <= at < void_at)
        yield Receipt(str(number), order, yen, percent, tax, issued_on, _lines(paper), void, harmless(who), back)


def _last_voids(orders: Iterable[int]) -> dict[int, tuple[date | None, datetime | None]]:
    """By the number of a receipt that was issued again: when the last of those in its place was made void, if it was."""
    found: dict[int, tuple[date | None, datetime | None]] = {}
    first: dict[int, int] = {}  # number of a paper -> of the one that it stands for in the end
    for some in chunked(sorted(orders), AT_ONCE):
        query = _papers(Invoice.number, Invoice.content, InvoiceVoid.voided_on, InvoiceVoid.voided_at).where(Order.id.in_(some))
        for number, content, void_on, void_at in query.order_by(Invoice.number).tuples():
            before = json.loads(content).get("instead_of")
            if before:
                first[number] = first.get(before, before)
                found[first[number]] = (void_on, void_at)
    return found


def _returned(orders: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    """When and how many yen went back of these orders."""
    found: dict[int, dict[str, tuple[datetime, int]]] = defaultdict(dict)
    for some in chunked(sorted(orders), AT_ONCE):
        for table in (Allocation, MovedMoney):
            query = table.select(table.order, table.number, table.created_at, table.yen)
            for order, number, at, yen in query.where(table.order.in_(some), table.source == AllocationSource.RETURNED).tuples():
                found[order][number] = (at, -yen)
    return {order: sorted(rows.values()) for order, rows in found.items()}


def _lines(paper: dict[str, Any]) -> tuple[Earning, ...]:
    days = ("starts_on", "ends_on")
    return tuple(Earning(item["yen"], *(date.fromisoformat(item[name]) for name in days)) for item in paper["items"])


def _moment(at: datetime) -> journal.Moment:
    return journal.Moment(at, clock.day_of(at))

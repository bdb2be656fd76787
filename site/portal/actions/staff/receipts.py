"""領収書 as the journal needs them (rules/staff/journal.py): those that earned in a month, or were made void. In batches: a month of many
customers fills no memory.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from peewee import JOIN, SQL, ModelSelect, Tuple, chunked, fn

from models import Account, Allocation, Invoice, InvoiceVoid, MovedMoney, Order, Term
from portal.enums import AllocationSource, InvoiceKind
from portal.formats import harmless
from portal.rules.staff.journal import Earning, Moment, Receipt

AT_ONCE = 500  # values of one IN
Facts = tuple[Any, ...]
ORDER, CONTENT = 1, 7  # places in FACTS
FACTS = (
    Invoice.number, Order.id, Order.number, Invoice.total_yen, Invoice.tax_percent, Invoice.tax_yen, Invoice.issued_on, Invoice.content,
    Invoice.created_at, Account.name, InvoiceVoid.voided_on, InvoiceVoid.voided_at,
)  # fmt: skip


def receipts(first: date, last: date, month_ends: Sequence[date]) -> Iterator[Receipt]:
    """Those that may have earned in the months that end within these days, or are made void within them. One that was issued again is the
    same sale: it goes on under its first number, until the last of them is void.

    A valid receipt earns until the last of its order's terms is over; one that was issued later earns all of it at once.
    """
    with_void = _orders_with_void(first, last, has_month_end=bool(month_ends))
    yield from _sales(with_void)
    if month_ends:
        begin = month_ends[0].replace(day=1)
        for orders in chain(_orders_that_run(begin), _orders_over(begin, last)):
            yield from _valid([order for order in orders if order not in with_void])


def papers(*columns: Any) -> ModelSelect:
    """A query of receipts with order, account, and when they were made void."""
    query = Invoice.select(*columns).join(InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == Invoice.id)
    return query.join_from(Invoice, Order).join(Account).where(Invoice.kind == InvoiceKind.RECEIPT)


def _valid(orders: list[int]) -> Iterator[Receipt]:
    issued_again = set()
    for row in papers(*FACTS).where(Invoice.order.in_(orders), InvoiceVoid.voided_on.is_null()).tuples() if orders else ():
        paper = json.loads(row[CONTENT])
        if paper.get("instead_of"):
            issued_again.add(row[ORDER])
        else:
            yield _receipt(row, paper, None, ())
    yield from _sales(issued_again)


def _sales(orders: Iterable[int]) -> Iterator[Receipt]:
    """All of these orders, also those that are over."""
    for some in chunked(sorted(orders), AT_ONCE):
        voids, returned = _last_voids(some), _returned(some)
        for row in papers(*FACTS).where(Invoice.order.in_(some)).tuples():
            paper, (number, order, made, void_on, void_at) = json.loads(row[CONTENT]), (row[0], row[ORDER], row[8], *row[-2:])
            if not paper.get("instead_of"):
                void_on, void_at = voids.get(number, (void_on, void_at))
                back = tuple(yen for at, yen in returned.get(order, []) if void_at and made <= at < void_at)
                yield _receipt(row, paper, Moment(void_at, void_on) if void_on else None, back)


def _receipt(row: Facts, paper: dict[str, Any], void: Moment | None, back: tuple[int, ...]) -> Receipt:
    number, _, order, yen, percent, tax, issued_on, _, _, who, _, _ = row
    return Receipt(str(number), order, yen, percent, tax, issued_on, _lines(paper), void, harmless(who), back)


def _orders_that_run(day: date) -> Iterator[list[int]]:
    """Orders with a term that ends on that day or later, each once: with the last of its terms."""
    later = Term.alias()
    is_later = (later.order == Term.order) & (Tuple(later.ends_on, later.id) > Tuple(Term.ends_on, Term.id))
    is_last = ~fn.EXISTS(later.select(SQL("1")).where(is_later))
    query = Term.select(Term.ends_on, Term.id, Term.order).where(Term.order.is_null(False), is_last).order_by(Term.ends_on, Term.id)
    found = list(query.where(Term.ends_on >= day).limit(AT_ONCE).tuples())
    while found:
        yield [order for _, _, order in found]
        ends_on, last, _ = found[-1]
        found = list(query.where(Tuple(Term.ends_on, Term.id) > Tuple(ends_on, last)).limit(AT_ONCE).tuples())


def _orders_over(first: date, last: date) -> Iterator[list[int]]:
    """Orders with a receipt that was issued on one of these days, but no term any more that ends on the first or later."""
    runs = Term.select(SQL("1")).where(Term.order == Invoice.order, Term.ends_on >= first)
    query = Invoice.select(Invoice.id, Invoice.order).where(Invoice.kind == InvoiceKind.RECEIPT, ~fn.EXISTS(runs)).order_by(Invoice.id)
    query = query.where(Invoice.issued_on.between(first, last))
    found = list(query.limit(AT_ONCE).tuples())
    while found:
        yield [order for _, order in found]
        found = list(query.where(Invoice.id > found[-1][0]).limit(AT_ONCE).tuples())


def _orders_with_void(first: date, last: date, *, has_month_end: bool) -> set[int]:
    """Orders with a receipt that was made void on these days, or since, where a month ends within them."""
    is_void = InvoiceVoid.voided_on >= first if has_month_end else InvoiceVoid.voided_on.between(first, last)
    query = InvoiceVoid.select(Invoice.order).join(Invoice).where(is_void, Invoice.kind == InvoiceKind.RECEIPT)
    return {order for (order,) in query.tuples()}


def _last_voids(orders: Iterable[int]) -> dict[int, tuple[date | None, datetime | None]]:
    """By the number of a receipt that was issued again: when the last of those in its place was made void, if it was."""
    found: dict[int, tuple[date | None, datetime | None]] = {}
    first: dict[int, int] = {}  # number of a paper -> of the one that it stands for in the end
    for some in chunked(sorted(orders), AT_ONCE):
        query = papers(Invoice.number, Invoice.content, InvoiceVoid.voided_on, InvoiceVoid.voided_at).where(Order.id.in_(some))
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

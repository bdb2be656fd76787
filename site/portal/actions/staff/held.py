"""お預かり by age: money of customers that is for no order, the longest held first. Yen; one query each, however much there is."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from peewee import JOIN, Case, fn

from models import Account, Allocation, Deposit, Mail, Order
from portal import clock
from portal.actions.staff.counts import is_rest, is_unclaimed, returned_yen
from portal.actions.transfers.order_rows import ROWS
from portal.enums import AllocationSource, MailKind, OrderState
from portal.rules.transfers.held_ages import LABELS, oldest_days

Place = tuple[date, int]  # of a row in the list


@dataclass(frozen=True)
class HeldRow:
    """`days`: since it came. `order`: the customer's first open order. `written_at`: when staff last wrote about お預かり."""

    allocation: Allocation
    account: Account
    yen: int
    days: int
    order: str | None
    written_at: Any

    @property
    def deposit(self) -> Deposit | None:
        """None for money that a company took."""
        return self.allocation.deposit if self.allocation.deposit_id else None


@dataclass(frozen=True)
class HeldAge:
    label: str
    rows: int
    yen: int


@dataclass(frozen=True)
class HeldPage:
    """`next`: where the next page begins."""

    rows: list[HeldRow]
    next: Place | None


def held(after: Place | None) -> HeldPage:
    """One page, by key: what is allocated meanwhile moves no row to another page."""
    query = _rows().where(_is_held()).order_by(Allocation.received_on, Allocation.id)
    if after:
        day, number = after
        later = (Allocation.received_on == day) & (Allocation.id > number)
        query = query.where((Allocation.received_on > day) | later)
    found = [_row(row) for row in query.limit(ROWS + 1)]
    last = found[ROWS - 1].allocation if len(found) > ROWS else None
    return HeldPage(found[:ROWS], last and (last.received_on, last.id))


def ages() -> list[HeldAge]:
    """How many and how much of each age."""
    rows = Allocation.select(Allocation.received_on, _left().alias("left")).where(_is_held())
    came_on, left = rows.c.received_on, rows.c.left
    begins = [*oldest_days(clock.today()), None]
    within = [_between(came_on, first, last) for first, last in zip(begins, [None, *begins], strict=False)]
    sums = [fn.COALESCE(fn.SUM(Case(None, [(is_one, value)], 0)), 0) for is_one in within for value in (1, left)]
    found = [int(number) for number in next(iter(rows.select_from(*sums).tuples()))]
    return [HeldAge(label, *found[2 * place : 2 * place + 2]) for place, label in enumerate(LABELS)]


def _between(day: Any, first: date | None, before: date | None) -> Any:
    """A query condition: from `first`, and before `before`; None: without that limit."""
    limits = [*([day >= first] if first else []), *([day < before] if before else [])]
    return reduce(and_, limits)


def held_of(account: Account) -> list[HeldRow]:
    """The customer's own, that can be used for an order: what came by transfer."""
    query = _rows().where(is_rest(), Allocation.account == account).order_by(Allocation.received_on, Allocation.id)
    return [_row(row) for row in query.limit(ROWS)]


def _is_held() -> Any:
    return Allocation.account.is_null(False) & (is_rest() | is_unclaimed())


def _left() -> Any:
    """Of a charge, too, less what went back of it."""
    given = Allocation.alias()
    is_given = (given.source == AllocationSource.RETURNED) & given.order.is_null()
    of_charge = given.company_reference == Allocation.source.concat(":").concat(Allocation.company_reference)
    back = given.select(fn.COALESCE(fn.SUM(fn.ABS(given.yen)), 0)).where(is_given, of_charge)
    return Allocation.yen - Case(None, [(Allocation.deposit.is_null(), back)], returned_yen())


def _rows() -> Any:
    order = Order.select(fn.MIN(Order.number)).where(Order.account == Allocation.account, Order.state == OrderState.PLACED)
    written = Mail.select(fn.MAX(Mail.created_at)).where(Mail.account == Allocation.account, Mail.kind == MailKind.HELD_LETTER)
    columns = (Allocation, Account, Deposit, _left().alias("left"), order.alias("open_order"), written.alias("written"))
    query = Allocation.select(*columns).join(Account, on=(Allocation.account == Account.id))
    return query.switch(Allocation).join(Deposit, JOIN.LEFT_OUTER)


def _row(row: Allocation) -> HeldRow:
    days = (clock.today() - row.received_on).days
    return HeldRow(row, row.account, int(row.left), days, row.open_order, Mail.created_at.python_value(row.written))

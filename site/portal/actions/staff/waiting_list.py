"""Queries for 「1件ずつ充当する」: a page of the lines that wait with their proposals, and what was pressed last."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import Allocation, Deposit, Order
from portal.actions.staff.paging import Listed, page_of
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.proposing import Proposed, line_of, proposals, waiting_deposits
from portal.enums import AllocationSource


@dataclass(frozen=True)
class Pressed:
    """A deposit and what it was allocated to, with the orders."""

    deposit: Deposit
    allocations: list[Allocation]


def lines(search: SearchQuery) -> Listed[Proposed]:
    """A page that has become empty is the first one."""
    found = page_of(waiting_deposits().select(Deposit.id), search, lambda deposit: deposit.id)
    if not found.rows and search.page > 1:
        return lines(SearchQuery())
    rows = waiting_deposits().where(Deposit.id.in_(found.rows)) if found.rows else ()
    return Listed(proposals([line_of(deposit) for deposit in rows]), found.page, found.has_more)


def pressed(number: str) -> Pressed | None:
    """None if nothing of it is allocated (any more)."""
    is_of = (Deposit.number == number) & (Allocation.source == AllocationSource.BANK)
    found = list(Allocation.select(Allocation, Deposit, Order).join(Deposit).switch(Allocation).join(Order).where(is_of))
    return Pressed(found[0].deposit, found) if found else None


def next_of(rows: Sequence[Proposed], last: Pressed | None) -> Deposit | None:
    """Where the focus goes after a press: the next line that has a button, else the first one."""
    ready = [row.line.deposit for row in rows if row.proposal.parts]
    if last is None or not ready:
        return None
    return next((deposit for deposit in ready if deposit.id > last.deposit.id), ready[0])

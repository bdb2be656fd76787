"""Due date and expiry of an order by bank transfer. All dates are inclusive dates in Japan. Source: the company's guide."""

from collections.abc import Iterable, Set
from datetime import date, timedelta

from portal.rules.orders.quote import Quote
from portal.rules.transfers.business_days import business_day_after

DAYS_TO_PAY = 14
BUSINESS_DAYS_OF_GRACE = 4
USUAL_CHECK = 3


def due_day(placed_on: date) -> date:
    """The usual due date: 14 days after the order was placed."""
    return placed_on + timedelta(days=DAYS_TO_PAY)


def due_day_for_renewal(renewed: Iterable[tuple[date, date]], placed_on: date) -> date:
    """The due date of a transfer that renews terms. `renewed`: for each term its end, and the last day to pay it without a gap.

    Usually 14 days. If a term has ended, not after its last day to pay. Never before `placed_on`.
    """
    usual = due_day(placed_on)
    return min((usual if placed_on <= ends_on else max(placed_on, min(usual, last)) for ends_on, last in renewed), default=usual)


def expiry_day(due_on: date, closed: Set[date]) -> date:
    """The fourth bank business day after the due date: the order becomes 期限切れ. A transfer sent in time has arrived by then."""
    return business_day_after(due_on, BUSINESS_DAYS_OF_GRACE, closed)


def still_due(due_on: date | None, today: date) -> date | None:
    """The order's old due date if it has not passed, else None: the caller sets a new one."""
    return due_on if due_on and due_on >= today else None


def usual_check_day(sent_on: date, closed: Set[date]) -> date:
    """The third bank business day after `sent_on`: by then a transfer is usually confirmed."""
    return business_day_after(sent_on, USUAL_CHECK, closed)


def may_wait_for_transfer(quote: Quote, due_on: date | None, today: date, closed: Set[date]) -> bool:
    """True if what the quote adds to a running term can be paid by transfer: the term ends after the day on which the order would be
    期限切れ. `due_on`: the due date that the order already has.
    """
    ends = [line.ends_on for line in quote.lines if line.part_of]
    return not ends or min(ends) > expiry_day(still_due(due_on, today) or due_day(today), closed)

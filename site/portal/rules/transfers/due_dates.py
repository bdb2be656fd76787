"""Bank transfers: how long the company waits, and when an order is over. Dates are inclusive dates in Japan."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.rules.transfers.business_days import business_day_after

DAYS_TO_PAY = 14
BUSINESS_DAYS_OF_GRACE = 4
USUAL_CHECK = 3


def due_day(placed_on: date) -> date:
    """The money is waited for 14 days."""
    return placed_on + timedelta(days=DAYS_TO_PAY)


def due_day_for_renewal(renewed: Iterable[tuple[date, date]], placed_on: date) -> date:
    """The due date of a transfer that renews terms, each given by its end and the last day on which it can be paid without a gap.

    14 days, but for a term that has ended not beyond its last day to pay; never before the day on which the order was placed.
    """
    usual = due_day(placed_on)
    return min((usual if placed_on <= ends_on else max(placed_on, min(usual, last)) for ends_on, last in renewed), default=usual)


def expiry_day(due_on: date, closed: frozenset[date] = frozenset()) -> date:
    """From the fourth bank business day after the due date on, the order is 期限切れ: money sent in time has arrived by then."""
    return business_day_after(due_on, BUSINESS_DAYS_OF_GRACE, closed)


def still_due(due_on: date | None, today: date) -> date | None:
    """The day that was named before stays, whatever is tried meanwhile; one that is over is named anew."""
    return due_on if due_on and due_on >= today else None


def usual_check_day(sent_on: date, closed: frozenset[date] = frozenset()) -> date:
    """By when a transfer sent on that day is usually confirmed: on the third bank business day."""
    return business_day_after(sent_on, USUAL_CHECK, closed)

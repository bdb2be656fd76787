"""Days on which banks work: not Saturdays, Sundays, holidays, 12/31 to 1/3 (銀行法15条), and not the company's own closed days."""

from collections.abc import Set
from datetime import date, timedelta

import jpholiday

SATURDAY = 5
NEW_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}


def business_day_after(day: date, n: int, closed: Set[date] = frozenset()) -> date:
    """The n-th bank business day after `day`, which itself never counts."""
    if n < 1:
        raise ValueError("count at least one business day")
    while n:
        day += timedelta(days=1)
        n -= is_bank_business_day(day, closed)
    return day


def is_bank_business_day(day: date, closed: Set[date] = frozenset()) -> bool:
    if day.weekday() >= SATURDAY or (day.month, day.day) in NEW_YEAR or day in closed:
        return False
    return not jpholiday.is_holiday(day)

"""Bank business days: no Saturdays, Sundays, public holidays or 12/31 to 1/3 (銀行法15条), and no closed days of the company.

`closed`: the closed days of the company (`catalog.closed_days`). They move each day that depends on a transfer, so they are required.
"""

from collections.abc import Set
from datetime import date, timedelta

import jpholiday

SATURDAY = 5
NEW_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}


def business_day_after(day: date, n: int, closed: Set[date]) -> date:
    """The n-th bank business day after `day`; `day` itself does not count. Raises ValueError if `n` is below 1."""
    if n < 1:
        raise ValueError("count at least one business day")
    while n:
        day += timedelta(days=1)
        n -= is_bank_business_day(day, closed)
    return day


def is_bank_business_day(day: date, closed: Set[date]) -> bool:
    if day.weekday() >= SATURDAY or (day.month, day.day) in NEW_YEAR or day in closed:
        return False
    return not jpholiday.is_holiday(day)

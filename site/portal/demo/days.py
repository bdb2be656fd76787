"""The day on which the demo starts, and on which days the stories happen. All days are dates in Japan."""

from collections.abc import Callable
from datetime import date, timedelta

When = Callable[[date], date]  # the demo's first day -> the day of a step, not after it

BETWEEN = range(6, 14)
OTHERWISE = 10


def first_day(real_today: date) -> date:
    """Today if it is a 6th to 13th, else the latest 10th that is not in the future.

    On these days both can be shown: a declined charge of the 5th with retries until the 27th, and a contract that ended with the last month
    and is 停止中 until the 14th.
    """
    if real_today.day in BETWEEN:
        return real_today
    month = real_today if real_today.day > OTHERWISE else real_today.replace(day=1) - timedelta(days=1)
    return month.replace(day=OTHERWISE)


def on_the_first_day(first: date) -> date:
    return first


def days_before(days: int) -> When:
    """So many days before the demo starts."""
    return lambda first: first - timedelta(days=days)


def months_before(months: int, day: int) -> When:
    """That day (1 to 28), so many months before the month in which the demo starts."""

    def when(first: date) -> date:
        year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
        return date(year, month + 1, day)

    return when

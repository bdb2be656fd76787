"""The day on which the demo starts, and on which days the stories happen. All days are dates in Japan."""

from collections.abc import Callable
from datetime import date, timedelta

When = Callable[[date], date]  # the demo's first day -> the day of a step, not after it

BETWEEN = range(9, 14)
OTHERWISE = 10


def first_day(real_today: date) -> date:
    """Today if it is a 9th to 13th, else the latest 10th that is not in the future.

    On these days can be shown: a declined charge of the 5th with retries until the 28th, a contract that ended with the last month and is
    停止中 until the 14th, and, as the next thing that happens, a charge on the next of the charge days.
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


def before_the_next_charge(first: date) -> date:
    """After the charge day on the 5th, and at least four days before the one that comes next: the 10th, or the 15th."""
    return first.replace(day=6 if first.day < OTHERWISE else 7)

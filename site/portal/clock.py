"""The only place that reads the clock.

`today()` and `now()` are the time of the contract world, which a demo may turn; `real_now()` is the time on the wall,
for sessions, limits and signatures, which nobody turns.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")

_offset_days: Callable[[], int] = lambda: 0  # noqa: E731


def turn_by(offset_days: Callable[[], int]) -> None:
    """Let the contract world be as many days away from the wall as `offset_days()` says; only the demo does."""
    global _offset_days
    _offset_days = offset_days


def real_now() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    return real_now() + timedelta(days=_offset_days())


def today() -> date:
    """The calendar date in Japan, whatever the machine's own time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar date in Japan at that moment."""
    return moment.astimezone(JAPAN).date()

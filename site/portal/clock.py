"""The only place that reads the clock.

`today()` and `now()` are business time, which a demo may turn. `real_now()` is real time, for sessions, limits and signatures.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
ONE_PRESS = timedelta(seconds=10)  # presses of one button within it are one press

_offset_days: Callable[[], int] = lambda: 0  # noqa: E731
_wall: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def turn_by(offset_days: Callable[[], int]) -> None:
    """Move business time by `offset_days()` days. Only the demo does this."""
    global _offset_days
    _offset_days = offset_days


def live_by(wall: Callable[[], datetime]) -> None:
    """Read this clock instead of the machine's. Only the world of the demo's gallery does: its pages are always the same."""
    global _wall
    _wall = wall


def real_now() -> datetime:
    return _wall()


def now() -> datetime:
    return real_now() + timedelta(days=_offset_days())


def today() -> date:
    """The date in Japan, whatever the machine's time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in Japan at that moment."""
    return moment.astimezone(JAPAN).date()


def begin_of(day: date) -> datetime:
    """Midnight in Japan, when the day begins."""
    return datetime.combine(day, time(), JAPAN)

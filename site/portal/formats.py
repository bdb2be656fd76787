"""How money and dates are written, on pages and in mails."""

from datetime import date, datetime
from typing import Any

from portal import clock
from portal.enums import ProductKind

_WEEKDAYS = "月火水木金土日"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def yen(amount: int) -> str:
    """13200 -> 13,200円"""
    return f"{amount:,}円"


def date_ja(day: date) -> str:
    """2026-11-04 -> 2026年11月4日（水）"""
    return f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def moment_ja(moment: datetime) -> str:
    """A moment in Japanese time: 2026年11月4日（水） 9時05分"""
    there = moment.astimezone(clock.JAPAN)
    return f"{date_ja(there.date())} {there.hour}時{there.minute:02}分"


def months_ja(months: int) -> str:
    """12 -> 12か月"""
    return f"{months}か月"


def short_moment(moment: datetime) -> str:
    """For tables: 2026-11-04 09:05, Japanese time."""
    return f"{moment.astimezone(clock.JAPAN):%Y-%m-%d %H:%M}"


def short_date(day: date) -> str:
    """For tables: 2026-11-04"""
    return day.isoformat()


def points(amount: int) -> str:
    """13200 -> 13,200ポイント"""
    return f"{amount:,}ポイント"


def counted(line: Any) -> str:
    """The label, with the number of devices of a product that is sold by device: デバイスセキュリティ 1台."""
    is_by_device, name = getattr(line, "kind", None) == ProductKind.PER_DEVICE, getattr(line, "label", line.name)
    return f"{name} {line.quantity}台" if is_by_device or line.quantity > 1 else name


def up_to(rows: int, most: int) -> str:
    """1,000以上, if no more than so many were counted."""
    return f"{most:,}以上" if rows > most else f"{rows:,}"


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RUNS) else text


_ALL = (counted, yen, points, date_ja, moment_ja, months_ja, short_moment, short_date)
FILTERS = {written.__name__: written for written in _ALL}

"""Dates of bank files. Six digits in 和暦 (081104 is 2026-11-04) or with the last two digits of the year, or eight with the whole year.

Where a bank writes separators, they are read as well.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

OLDEST = timedelta(days=400)
AHEAD = timedelta(days=31)  # how far ahead a date may be before its era is doubted
_ERAS = ((2018, date(2019, 5, 1)), (1988, date(1989, 1, 8)))  # year before the first, first day: 令和, 平成
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})|(\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_REIWA = re.compile(r"^(?:令和|[RＲ])[.\s]?(?=\d{1,2}[-/.年])", re.ASCII)
_WHOLE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", re.ASCII)

ReadDay = Callable[[str, date], date | None]


def wareki(text: str, today: date) -> date | None:
    """令和 first; 平成 if that is no date, or lies too far ahead. None for anything else. 令和8年11月4日 and R8.11.4 are 081104."""
    if not (parts := _short(_REIWA.sub("", text))):
        return None
    year, month, day_of_month = parts
    for before, first_day in _ERAS:
        day = _existing(before + year, month, day_of_month)
        if day and first_day <= day <= today + AHEAD:
            return day
    return None


def seireki2(text: str, today: date) -> date | None:
    """260724, 26/07/24 and 26.7.24 are 2026-07-24."""
    parts = _short(text)
    return _existing(2000 + parts[0], *parts[1:]) if parts else None


def seireki(text: str, today: date) -> date | None:
    """20260901, 2026/09/01, 2026/9/1, 2026-09-01, 2026年9月1日."""
    found = _WHOLE.fullmatch(text)
    return _existing(*(int(part) for part in found.groups())) if found else None


def mistake(day: date | None, text: str, today: date) -> str:
    """Why this cannot be the date of a line, in Japanese; empty if it can: money has come by today, and within 400 days."""
    if day is None:
        return f"日付「{text}」を読めません。"
    if not today - OLDEST <= day <= today:
        return f"日付「{text}」は {day} で、今日（{today}）までの400日の中にありません。"
    return ""


def _short(text: str) -> tuple[int, int, int] | None:
    """Year without its century, month, day: six digits, or with separators."""
    if not (found := _SHORT.fullmatch(text)):
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    return year, month, day


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

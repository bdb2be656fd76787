"""The only readers of what people type or paste: whole numbers, yen, dates, order numbers, names, IDs, card expiry.

Full-width characters, every kind of dash and space, and invisible characters are understood. Nothing ambiguous is guessed: the result is
None (or an empty text), and a form shows what was read. Used by customers', staff's, companies' and demo pages.
"""

import re
import unicodedata
from datetime import date

from portal.rules.transfers.order_numbers import order_numbers

LONGEST = 200
_DASHES = "ー−ｰ─━﹣－‐‑‒–—―-"  # the long vowel mark, the minus sign and box lines are no dashes to Unicode
_DASH = re.compile(f"[{re.escape(_DASHES)}]")
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"  # letters and marks to Unicode, but fonts draw nothing
_UNLIKE_DIGITS = ("No", "Nl")  # ², ①, Ⅳ: NFKC would make numbers of them
_NUMBER = re.compile(r"\d{1,6}|\d{1,3}(?:,\d{3})", re.ASCII)
_YEN = re.compile(r"(?:金|[¥\\])? ?(\d{1,3}(?:,\d{3})+|\d{1,15}) ?(?:円也?|ポイント)?(?:\.?-)?", re.ASCII)
_NUMERIC_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日?|(\d{4})(\d\d)(\d\d)", re.ASCII)
_ERA_DAY = re.compile(r"(令和|平成|昭和|[RHS])(元|\d{1,2})(?:年|([-/.]))(\d{1,2})(?(3)\3|月)(\d{1,2})日?", re.ASCII)
_FIRST_YEARS = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926}
_FIRST_DAYS = {2019: date(2019, 5, 1), 1989: date(1989, 1, 8), 1926: date(1926, 12, 25)}
_YEARS = range(1900, 2200)
_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(rf"\(?([{_WEEKDAYS}])(?:曜日?)?\)?$")
_EXPIRY = re.compile(r"(\d{1,2})[-/.](\d{4}|\d{2})|(\d{4})[-/.](\d{1,2})|(\d{1,2})月[-/]?(\d{4}|\d{2})年|(\d{4})年(\d{1,2})月", re.ASCII)
_EXPIRY_IN_A_ROW = re.compile(r"(\d{2})(\d{2}|20\d{2})|(20\d{2})(\d{2})", re.ASCII)


def whole_number(text: str | None) -> int | None:
    """0 to 999,999: 「12」「１２」「1,000」. None for −1, 1.5, ², 一."""
    found = _NUMBER.fullmatch(_half_width(text))
    return int(found[0].replace(",", "")) if found else None


def yen_amount(text: str | None) -> int | None:
    r"""Whole yen, or points of おさいぽ!: 1234, １，２３４, ¥1,234, \1,234, 1,234 円, ¥1,234-, 金1,234円也. None for 12.5, −1, 1,23."""
    found = _YEN.fullmatch(_DASH.sub("-", _half_width(text)).replace("、", ","))
    return int(found[1].replace(",", "")) if found else None


def calendar_date(text: str | None) -> date | None:
    """A date: 2026-11-22 with any dash, 2026/11/22, 2026.11.22, 2026年11月22日, 20261122, 令和8年11月22日, R8.11.22.

    A weekday behind it must be the right one. None for anything else; a year without its century or era is not guessed.
    """
    plain = _DASH.sub("-", _without_spaces(text)).upper()
    weekday = _WEEKDAY.search(plain) if not plain.endswith("日") or plain.endswith("曜日") else None
    day = _day(plain[: weekday.start()] if weekday else plain)
    return day if day and (weekday is None or _WEEKDAYS[day.weekday()] == weekday[1]) else None


def order_number(text: str | None) -> str:
    """The order number in what was typed: 12345678, １２３４-５６７８, #12345678, No.12345678, a whole line of a bank statement.

    Empty if there is none, or more than one.
    """
    found = order_numbers(visible(text))
    return found[0] if len(found) == 1 else ""


def one_line(text: str | None) -> str:
    """A name or a reason: composed characters (NFC, as Macs decompose them), one space for each run of space, nothing invisible.

    Empty if only marks are left, which stand on a letter or change it.
    """
    line = " ".join(visible(text).split())
    return line if any(unicodedata.category(character)[0] not in "MZ" for character in line) else ""


def login_id(text: str | None) -> str:
    """An ID: half width, lower case, without spaces around it, with one kind of dash."""
    return _DASH.sub("-", _half_width(text)).lower()


def mail_address(text: str | None) -> str:
    """A mail address: half width, without spaces. Its form is checked where it is stored. Empty if it is far too long."""
    plain = "".join(visible(text, 300).split()) if len(text or "") <= 300 else ""
    return unicodedata.normalize("NFKC", plain).replace("。", ".")  # which input methods write for the key of the dot


def card_expiry(text: str | None) -> tuple[int, int] | None:
    """Month and year, the month unchecked: 12/28, 1228, 12/2028, 2028-12 (what browsers fill in), 202812, 2028年12月 are (12, 2028)."""
    plain = _DASH.sub("-", _without_spaces(text))
    found = _EXPIRY.fullmatch(plain) or _EXPIRY_IN_A_ROW.fullmatch(plain)
    if not found:
        return None
    first, second = (int(part) for part in found.groups() if part)
    month, year = (second, first) if first > 99 else (first, second)
    return month, year if year > 99 else 2000 + year


def digits(text: str | None) -> str:
    """A card number or a code: its digits without spaces and dashes. Empty if there is anything else."""
    plain = _DASH.sub("", _without_spaces(text))
    return plain if re.fullmatch(r"\d+", plain, re.ASCII) else ""


def visible(text: str | None, most: int = LONGEST) -> str:
    """What can be seen of the text, composed (NFC): no control, formatting or broken characters. Each kind of space is a space."""
    seen = "".join(" " if character.isspace() else character for character in (text or "")[:most] if _is_visible(character))
    return unicodedata.normalize("NFC", seen)  # last: something invisible may have kept a mark from its letter


def _is_visible(character: str) -> bool:
    return character.isspace() or (character.isprintable() and character not in _BLANK)


def _half_width(text: str | None) -> str:
    """In half width, without spaces around it. Empty if it is far too long or has digits in disguise."""
    if text is None or len(text) > LONGEST:
        return ""
    seen = visible(text).strip()
    return "" if any(unicodedata.category(character) in _UNLIKE_DIGITS for character in seen) else unicodedata.normalize("NFKC", seen)


def _without_spaces(text: str | None) -> str:
    return "".join(_half_width(text).split(" "))


def _day(plain: str) -> date | None:
    if found := _NUMERIC_DAY.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups() if part and part.isdigit())
        return _existing(year, month, day)
    if found := _ERA_DAY.fullmatch(plain):
        first_year = _FIRST_YEARS[found[1]]
        year = first_year + (1 if found[2] == "元" else int(found[2])) - 1
        day = _existing(year, int(found[4]), int(found[5]))
        return day if day and day >= _FIRST_DAYS[first_year] else None
    return None


def _existing(year: int, month: int, day: int) -> date | None:
    """Nobody means a year far away, and days are counted from it on both sides."""
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None

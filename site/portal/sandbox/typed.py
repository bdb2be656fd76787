"""Parse what people type: full-width digits, spaces and dashes of every kind."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

LONGEST = 100
DASHES = "ー−"  # long vowel mark and minus sign: Unicode does not class them as dashes
DIGITS = re.compile(r"[0-9]+")
AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:円|ポイント)?")
EXPIRY = re.compile(r"([0-9]{1,2})/([0-9]{4}|[0-9]{2})|([0-9]{2})([0-9]{4}|[0-9]{2})")


def compact(text: str) -> str:
    """Half-width text without spaces, invisible characters and dashes. Empty if far too long."""
    if len(text) > LONGEST:
        return ""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if not _is_filler(character))


def is_digits(text: str) -> bool:
    """True for 0 to 9 only. str.isdigit() also accepts ² and ①."""
    return DIGITS.fullmatch(text) is not None


def whole_number(text: str) -> int | None:
    """「1234」「１，２３４」「1,234円」 as 1234. None for anything signed, fractional or ambiguous."""
    if len(text) > LONGEST or any(unicodedata.category(character) == "No" for character in text):
        return None
    found = AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip().replace("、", ","))
    return int(found[1].replace(",", "")) if found and found[1].isascii() else None


def account_name(text: str) -> str:
    """An ID in half width and lower case, with one kind of dash. Empty if far too long."""
    if len(text) > LONGEST:
        return ""
    half = unicodedata.normalize("NFKC", text).strip().lower()
    return "".join("-" if unicodedata.category(character) == "Pd" or character in DASHES else character for character in half)


def shown(text: str) -> str:
    """The typed text, safe to show again."""
    return "".join(character for character in text[:LONGEST] if unicodedata.category(character) not in ("Cc", "Cs"))


def has_check_digit(digits: str) -> bool:
    """Luhn check."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def month_and_year(text: str) -> tuple[int, int] | None:
    """「12/28」「1228」「12/2028」「１２−２８」 as (12, 2028); the month is not checked."""
    slashed = re.sub(r"[-‐-―−ー.．／]", "/", text) if len(text) <= LONGEST else ""
    found = EXPIRY.fullmatch(compact(slashed))
    if not found:
        return None
    month, year = [int(part) for part in found.groups() if part]
    return month, year if year >= 100 else 2000 + year


def last_day(month: int, year: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _is_filler(character: str) -> bool:
    return unicodedata.category(character) in ("Zs", "Cf", "Pd") or character in DASHES or character.isspace()

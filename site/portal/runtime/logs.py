"""The program's log. Masks card numbers before any handler writes them: someone will type one into the wrong field."""

import logging
import re
import unicodedata
from dataclasses import dataclass

from portal.runtime.log_lines import JsonLines, PrivateExceptions, TextLines
from portal.runtime.said_once import SaidOnce

HIDDEN = "[card number]"
SHORTEST, LONGEST = 13, 19
# Digits of any width, also escaped as \uff14 or %EF%BC%94; separators between groups, also escaped.
DIGITS = r"(?:\\uff1\d|%EF%BC%9\d|\d)+"
SPACE = r"(?:\\u3000|\\xa0|\\u00a0|%20|%E3%80%80|[+ \t\u00a0\u2000-\u200d\u202f\u2060\u3000])"
DASH = r"(?:\\u201[0-5]|\\u2212|\\u30fc|\\uff0d|\\uff70|[-\u2010-\u2015\u2212\u30fc\uff0d\uff70])"
RUN = re.compile(f"{DIGITS}(?:(?:{SPACE}|{DASH}){{1,3}}{DIGITS})*", re.IGNORECASE)
PART = re.compile(f"(?P<digits>{DIGITS})|(?P<spaces>{SPACE}+)|(?P<dashes>(?:{SPACE}|{DASH})+)", re.IGNORECASE)
ONE_DIGIT = re.compile(r"\\uff1(\d)|%EF%BC%9(\d)|(\d)", re.IGNORECASE)
USUAL_GROUP = 4
LONGEST_TEXT = 20_000
RECORD_TEXTS = frozenset({"name", "levelname", "pathname", "filename", "module", "funcName", "threadName", "processName", "taskName"})


def start_logging(*, as_json: bool = False) -> None:
    """Log to stderr: a trouble that lasts is said now and then, without personal data, and with card numbers masked."""
    logging.basicConfig(level=logging.INFO)
    for handler in logging.getLogger().handlers:
        guard(handler, as_json=as_json)


def guard(handler: logging.Handler, *, as_json: bool = False) -> None:
    """Every handler of the program is guarded by this. The filters' order matters: each sees what the one before it made."""
    handler.setFormatter(JsonLines() if as_json else TextLines())
    handler.filters = [SaidOnce(), PrivateExceptions(), CardNumberFilter()]


def mask_card_numbers(text: str) -> str:
    """Mask every run of 13 to 19 digits with a valid check digit, also with other digits before or after it."""
    return RUN.sub(lambda found: _mask_run(found.group()), text)


class CardNumberFilter(logging.Filter):
    """Must be on handlers: a logger's filters do not see messages of its child loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _masked(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None  # else another formatter would write the exception unmasked
        for name, value in vars(record).items():
            if isinstance(value, str) and name not in RECORD_TEXTS:
                setattr(record, name, _masked(value))
        return True


def _masked(text: str) -> str:
    """Long messages are cut first, because the search takes time."""
    return mask_card_numbers(text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} ...")


def _message(record: logging.LogRecord) -> str:
    """If the arguments do not fit the message, logging would print them unmasked by itself; this avoids it."""
    try:
        return record.getMessage()
    except Exception:
        return f"{record.msg!s} {record.args!r}"


@dataclass(frozen=True)
class _Group:
    """Digits that stand together, and the separator before them."""

    start: int
    end: int
    digits: list[int]
    separator: str


def _mask_run(run: str) -> str:
    """Tries every start and length in a run of groups: 「1 4242 4242 4242 4242」 contains a card number after another number."""
    groups = _groups(run)
    kept, done, first = [], 0, 0
    while first < len(groups):
        size = _groups_of_a_card(groups[first : first + LONGEST])
        if size:
            kept += [run[done : groups[first].start], HIDDEN]
            done = groups[first + size - 1].end
        first += size or 1
    return "".join([*kept, run[done:]])


def _groups(run: str) -> list[_Group]:
    groups, separator = [], ""
    for part in PART.finditer(run):
        if part.lastgroup == "digits":
            groups.append(_Group(part.start(), part.end(), _digits(part.group()), separator))
        separator = str(part.lastgroup)
    return groups


def _groups_of_a_card(groups: list[_Group]) -> int:
    """How many groups from the first one form a card number: the longest match, 0 if none."""
    joined: list[int] = []
    size = 0
    for count, group in enumerate(groups, start=1):
        joined += group.digits
        if len(joined) > LONGEST:
            break
        size = count if _is_card_number(joined) and _belong_together(groups[:count]) else size
    return size


def _belong_together(groups: list[_Group]) -> bool:
    """Only spaces, only dashes, or groups of four. Else a date, an order number and a status in one line could match."""
    return len({group.separator for group in groups[1:]}) < 2 or all(len(group.digits) == USUAL_GROUP for group in groups[:-1])


def _digits(group: str) -> list[int]:
    return [unicodedata.digit(found.group(found.lastindex or 0)) for found in ONE_DIGIT.finditer(group)]


def _is_card_number(digits: list[int]) -> bool:
    if not SHORTEST <= len(digits) <= LONGEST:
        return False
    doubled = [digit * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0

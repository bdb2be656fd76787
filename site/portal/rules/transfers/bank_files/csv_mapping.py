"""A CSV that no profile knows: its first lines for staff to look at, what its columns may be, and the profile that staff make of it."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.enums import DateForm
from portal.rules.transfers.bank_files import days
from portal.rules.transfers.bank_files.csv_file import LINES_BEFORE_THE_HEADER
from portal.rules.transfers.bank_files.csv_profiles import Profile, column_names
from portal.rules.transfers.bank_files.csv_text import cells_of, texts
from portal.rules.transfers.bank_files.statement import Unreadable

_READ_DAY = {DateForm.SEIREKI: days.seireki, DateForm.SEIREKI2: days.seireki2, DateForm.WAREKI: days.wareki}
_WORDS = {
    "day": re.compile("日付|取引日|年月日|勘定日|日"),
    "came": re.compile("入金|預|受入|金額"),
    "went": re.compile("出金|払|引出"),
    "payer": re.compile("依頼人|摘要|内容|名"),
    "balance": re.compile("残高"),
}


@dataclass(frozen=True)
class Mapping:
    """`header`: its columns as they stand in the file. The others: names of columns; `went` and `balance` may be empty."""

    bank: str
    header: tuple[str, ...]
    date_form: DateForm
    day: str
    came: str
    went: str
    payer: str
    balance: str

    @property
    def header_text(self) -> str:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(self.header)
        return line.getvalue()

    @property
    def header_key(self) -> str:
        return hashlib.sha256(self.header_text.encode()).hexdigest()

    @property
    def profile(self) -> Profile:
        about = {"balance": self.balance, "read_day": _READ_DAY[self.date_form]}
        return Profile(self.bank, self.header_text, (self.day,), self.came, self.went, (self.payer,), **about)


def tables(content: bytes) -> list[list[list[str]]]:
    """The first lines, once for each encoding in which the file can be read: the likeliest first. Raises Unreadable."""
    found, problem = [], Unreadable(0, "文字を読めません。")
    for text in texts(content):
        try:
            found.append(cells_of(text)[:LINES_BEFORE_THE_HEADER])
        except Unreadable as broken:
            problem = broken
    if not found:
        raise problem
    return found


def likely_header(lines: Sequence[Sequence[str]]) -> int:
    """The place of the line that looks most like a header: many cells, and no digits in them."""
    scores = [len([cell for cell in line if cell and not re.search(r"\d", cell)]) for line in lines]
    return scores.index(max(scores))


def likely_columns(header: Sequence[str]) -> dict[str, str]:
    """For each part of a line the place of the column that sounds like it, as text; empty if none does. Each column once."""
    names, found = column_names(header), {}
    for part, words in reversed(_WORDS.items()):
        places = (str(place) for place, name in enumerate(names) if words.search(name) and str(place) not in found.values())
        found[part] = next(places, "")
    return found

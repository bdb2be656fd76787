"""A record of a bank's file, read by its layout, and the records of one account."""

from dataclasses import dataclass, field
from datetime import date

from portal.rules.transfers.bank_files import days
from portal.rules.transfers.bank_files.statement import Unreadable


@dataclass
class Record:
    """One record, read by its layout."""

    number: int
    raw: bytes
    values: dict[str, str]

    def text(self, name: str) -> str:
        return self.values[name].strip()

    def digits(self, name: str) -> int | None:
        """None if it is blank; that is not zero."""
        found = self.text(name)
        if found and not (found.isascii() and found.isdigit()):
            raise Unreadable(self.number, f"{name}「{found}」が数字ではありません。")
        return int(found) if found else None

    def count(self, name: str) -> int:
        found = self.digits(name)
        if found is None:
            raise Unreadable(self.number, f"{name}がありません。")
        return found

    def day(self, name: str, today: date) -> date | None:
        """None if it is blank or zeros."""
        text = self.values[name]
        return _day(self.number, name, text, today) if text.strip(" 0") else None


@dataclass
class Group:
    """The records of one account, from its header to its trailer."""

    header: Record
    lines: list[Record] = field(default_factory=list)


def _day(number: int, name: str, text: str, today: date) -> date:
    day = days.wareki(text, today)
    if wrong := days.mistake(day, text, today):
        raise Unreadable(number, f"{name}の{wrong}")
    return day

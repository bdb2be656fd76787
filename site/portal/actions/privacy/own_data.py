"""Everything that is stored about one customer, in their words: for the page, and as JSON. Yen; days in Japan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models import Account
from portal.actions.privacy.own_sections import SECTIONS, Column

Value = str | int | date | datetime | None
ON_THE_PAGE = 15
LONG = ("本文", "画面の文")  # in the JSON alone


@dataclass(frozen=True)
class Section:
    """`rows`: the same columns in each. `columns`, `newest`, `more`: what the page shows, and how many rows it leaves to the file."""

    title: str
    rows: list[dict[str, Value]]

    @property
    def columns(self) -> list[str]:
        return [name for name in (self.rows[0] if self.rows else ()) if name not in LONG]

    @property
    def newest(self) -> list[dict[str, Value]]:
        return self.rows[: -ON_THE_PAGE - 1 : -1]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - ON_THE_PAGE)


def own_data(account: Account) -> list[Section]:
    return [
        Section(title, [{label: _value(row, column) for label, column in columns.items()} for row in rows_of(account)])
        for title, (rows_of, columns) in SECTIONS.items()
    ]


def as_json(sections: Iterable[Section]) -> dict[str, list[dict[str, Value]]]:
    """For `json.dumps`: days and moments in ISO 8601."""
    return {section.title: [{name: _plain(value) for name, value in row.items()} for row in section.rows] for section in sections}


def _plain(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _value(row: Any, column: Column) -> Value:
    if callable(column):
        return column(row)
    for name in column.split("."):
        row = None if row is None else getattr(row, name)
    return row

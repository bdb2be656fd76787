"""Every so often in every test: does peewee write the same text as was remembered, and read the same rows as a prepared query does?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from peewee import BaseQuery, Model

from portal.store.statements import RememberedTexts
from portal.store.statements.prepared import Statement

EACH = 50  # of about a million in the whole run


@dataclass(frozen=True)
class ReadCursor:
    """A cursor whose rows were fetched."""

    description: Sequence[Any]
    rows: Sequence[Any]

    def fetchall(self) -> Sequence[Any]:
        return self.rows


def begin(patch: pytest.MonkeyPatch, each: int = EACH) -> None:
    remembered, read, numbers = RememberedTexts.text_and_values, Statement.rows, count()

    def compared(database: RememberedTexts, query: BaseQuery) -> tuple[str, list[Any]]:
        text, values = remembered(database, query)
        if next(numbers) % each == 0 and database.remembers(query):
            assert (text, values) == database.written(query)
        return text, values

    def compared_rows(statement: Statement, cursor: Any) -> list[Any]:
        cursor = ReadCursor(cursor.description, cursor.fetchall())
        found = read(statement, cursor)
        if next(numbers) % each == 0:
            assert [contents(row) for row in found] == [contents(row) for row in as_peewee_reads(statement, cursor)]
        return found

    patch.setattr(RememberedTexts, "text_and_values", compared)
    patch.setattr(Statement, "rows", compared_rows)


def as_peewee_reads(statement: Statement, cursor: ReadCursor) -> list[Any]:
    wrapper = statement._query._get_cursor_wrapper(cursor)
    wrapper.initialize()
    return [wrapper.process_row(row) for row in cursor.rows]


def contents(value: Any) -> Any:
    """All that a model has, with the models that it has."""
    if not isinstance(value, Model):
        return type(value), value
    kept = {name: each for name, each in vars(value).items() if not name.startswith("_")}
    parts = (value.__data__, value.__rel__, kept)
    return type(value), value._dirty, [{name: contents(each) for name, each in sorted(part.items())} for part in parts]

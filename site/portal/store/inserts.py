"""INSERTs without peewee's: for the history, which is written most, and for many rows. peewee needs 50 µs for each value."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from portal.store.database import database


def insert(table: Any, row: Mapping[str, Any]) -> None:
    """Write one row whose id nobody needs."""
    database.execute_sql(_text(table, tuple(row), database.param), _values(table, row))


def insert_all(table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many rows of one table, all with the same fields, by one statement. In a transaction: nobody else may write meanwhile."""
    if rows:
        database.cursor().executemany(_text(table, tuple(rows[0]), database.param), [_values(table, row) for row in rows])


@cache
def _text(table: Any, names: tuple[str, ...], mark: str) -> str:
    """`mark`: the database's sign for a value."""
    columns, marks = ", ".join(f'"{table._meta.fields[name].column_name}"' for name in names), ", ".join([mark] * len(names))
    return f'INSERT INTO "{table._meta.table_name}" ({columns}) VALUES ({marks})'  # noqa: S608


def _values(table: Any, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """As the columns write them."""
    return tuple(table._meta.fields[name].db_value(value) for name, value in row.items())

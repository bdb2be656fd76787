"""INSERTs without peewee's: for what every renewal writes, and for many rows. peewee needs 50 µs for each value."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import groupby
from typing import Any

from portal.store.database import database

Row = Mapping[str, Any]
_waiting: ContextVar[Mapping[Any, list[Row]]] = ContextVar("rows that are written together, by table", default={})  # noqa: B039  never changed


def insert(table: Any, *rows: Row) -> None:
    """Write rows whose ids nobody needs, by one statement for those with the same fields, and in this order."""
    waiting = _waiting.get().get(table)
    if waiting is None:
        _write(table, rows)
    else:
        waiting.extend(rows)


@contextmanager
def written_together(*tables: Any) -> Iterator[None]:
    """What `insert` gets of these tables within is written at its end, in their order. Inside a transaction, which an error ends.

    Whoever reads such a table within calls `write_waiting` first. Nobody within goes back to a savepoint: what waits does not.
    """
    before = _waiting.set({table: [] for table in tables})
    try:
        yield
        for table in tables:
            write_waiting(table)
    finally:
        _waiting.reset(before)


def write_waiting(table: Any) -> None:
    waiting = _waiting.get().get(table)
    if waiting:
        _write(table, waiting)
        waiting.clear()


def _write(table: Any, rows: Sequence[Row]) -> None:
    for names, alike in groupby(rows, tuple):
        values = [_values(table, names, row) for row in alike]
        database.execute_sql(_text(table, names, database.param, len(values)), [value for row in values for value in row])


def insert_all(table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many rows of one table, all with the same fields, by one prepared statement. In a transaction, while nobody else writes."""
    if rows:
        names = tuple(rows[0])
        database.cursor().executemany(_text(table, names, database.param), [_values(table, names, row) for row in rows])


def inserted_id(table: Any, row: Row, *, unless_there: Sequence[Any] | None = None) -> int | None:
    """Write one row, and return its id. None if there is one with the same values of these columns, which together are unique.

    Without columns: of whatever is unique in the table.
    """
    return next(iter(inserted_ids(table, [row], table._meta.primary_key, unless_there=unless_there).values()), None)


def inserted_ids(table: Any, rows: Sequence[Row], key: Any, *, unless_there: Sequence[Any] | None = None) -> dict[Any, int]:
    """Write several rows with the same fields by one statement. Returns the ids of those that were not there, by what `key` has in each."""
    target = f"({_names(unless_there)}) " if unless_there else ""
    conflict = "" if unless_there is None else f"ON CONFLICT {target}DO NOTHING "
    names = tuple(rows[0])
    text = f"{_text(table, names, database.param, len(rows))} {conflict}RETURNING {_names([key, table._meta.primary_key])}"
    return dict(database.execute_sql(text, [value for row in rows for value in _values(table, names, row)]).fetchall())


@cache
def _text(table: Any, names: tuple[str, ...], mark: str, rows: int = 1) -> str:
    """`mark`: the database's sign for a value."""
    columns = _names([table._meta.fields[name] for name in names])
    marks = ", ".join([f"({', '.join([mark] * len(names))})"] * rows)
    return f'INSERT INTO "{table._meta.table_name}" ({columns}) VALUES {marks}'  # noqa: S608


def _names(columns: Sequence[Any]) -> str:
    return ", ".join(f'"{column.column_name}"' for column in columns)


def _values(table: Any, names: Sequence[str], row: Mapping[str, Any]) -> tuple[Any, ...]:
    """As the columns write them. Raises ValueError for a row with more fields than those: nothing of it is lost in silence."""
    if len(row) > len(names):
        raise ValueError(f"{table.__name__}: {set(row).difference(names)} would not be written")
    fields = table._meta.fields
    return tuple([fields[name].db_value(row[name]) for name in names])

"""A row's change of state without peewee's UPDATE, which is made and walked anew for each row."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from portal.store.database import database


def moved(row: Any, came_from: Collection[str], **values: Any) -> bool:
    """Write `values`, a state among them, if the row's state is still one of these. True for the one call that did."""
    table = type(row)
    fields = table._meta.fields
    written = [fields[name].db_value(value) for name, value in values.items()]
    before = [fields["state"].db_value(state) for state in came_from]
    return database.execute_sql(_text(table, tuple(values), len(before), database.param), [*written, row.id, *before]).rowcount == 1


def moved_all(table: Any, rows: Mapping[int, Mapping[str, Any]], came_from: Collection[str], **values: Any) -> set[int]:
    """The same for several rows by one statement: `values` into each, and what `rows` has for its id, in the same columns for all.

    Returns the ids of those that this call changed.
    """
    if not rows:
        return set()
    fields, names = table._meta.fields, tuple(next(iter(rows.values())))
    written = [fields[name].db_value(value) for name, value in values.items()]
    each = [value for key, row in rows.items() for value in (key, *(fields[name].db_value(row[name]) for name in names))]
    before = [fields["state"].db_value(state) for state in came_from]
    text = _text_for_all(table, tuple(values), names, len(rows), len(before), database.param)
    return {key for (key,) in database.execute_sql(text, [*written, *each, *before]).fetchall()}


@cache
def _text_for_all(table: Any, same: tuple[str, ...], names: tuple[str, ...], rows: int, states: int, mark: str) -> str:
    name, fields = table._meta.table_name, table._meta.fields
    changes = [f'"{fields[each].column_name}" = {mark}' for each in same]
    changes += [f'"{fields[each].column_name}" = "each"."column{number}"' for number, each in enumerate(names, 2)]
    row = f"({', '.join([mark] * (1 + len(names)))})"
    found = f'"{name}"."id" = "each"."column1" AND "{name}"."state" IN ({", ".join([mark] * states)})'
    return f'UPDATE "{name}" SET {", ".join(changes)} FROM (VALUES {", ".join([row] * rows)}) AS "each" WHERE {found} RETURNING "id"'  # noqa: S608


@cache
def _text(table: Any, names: tuple[str, ...], states: int, mark: str) -> str:
    """`mark`: the database's sign for a value."""
    changes = ", ".join(f'"{table._meta.fields[name].column_name}" = {mark}' for name in names)
    return f'UPDATE "{table._meta.table_name}" SET {changes} WHERE "id" = {mark} AND "state" IN ({", ".join([mark] * states)})'  # noqa: S608

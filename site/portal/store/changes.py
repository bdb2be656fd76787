"""A row's change of state without peewee's UPDATE, which is made and walked anew for each row."""

from collections.abc import Collection
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


@cache
def _text(table: Any, names: tuple[str, ...], states: int, mark: str) -> str:
    """`mark`: the database's sign for a value."""
    changes = ", ".join(f'"{table._meta.fields[name].column_name}" = {mark}' for name in names)
    return f'UPDATE "{table._meta.table_name}" SET {changes} WHERE "id" = {mark} AND "state" IN ({", ".join([mark] * states)})'  # noqa: S608

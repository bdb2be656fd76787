"""Which keys the stored values need, and the change of all of them to the first key of the settings."""

from collections.abc import Iterator

from models import TABLES
from portal.store import encryption
from portal.store.database import database
from portal.store.fields import EncryptedField

AT_A_TIME = 200  # rows in one transaction


def unreadable() -> set[str]:
    """The ids of keys that stored values need and the settings do not have."""
    prefix = f"substr({{column}}, 1, {encryption.ID_LENGTH})"
    found: set[str] = set()
    for table, column in _columns():
        query = f"SELECT DISTINCT {prefix.format(column=column)} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        found |= {row[0] for row in database.execute_sql(query).fetchall()}
    return found - set(encryption.key_ids())


def reencrypt() -> Iterator[int]:
    """Encrypt with the first key whatever another one has encrypted. Yields the number of rows of each transaction.

    A row that somebody writes meanwhile stays as they wrote it. Safe to interrupt and to repeat.
    """
    for table, column in _columns():
        while changed := _some(table, column):
            yield changed


def _some(table: str, column: str) -> int:
    mark, current = database.obj.param, encryption.key_ids()[0]
    other = f"{column} IS NOT NULL AND substr({column}, 1, {encryption.ID_LENGTH}) <> {mark}"
    with database.atomic():
        rows = database.execute_sql(f"SELECT id, {column} FROM {table} WHERE {other} LIMIT {AT_A_TIME}", (current,)).fetchall()  # noqa: S608
        for row_id, stored in rows:
            change = f"UPDATE {table} SET {column} = {mark} WHERE id = {mark} AND {column} = {mark}"  # noqa: S608
            database.execute_sql(change, (encryption.encrypt(encryption.decrypt(stored)), row_id, stored))
    return len(rows)


def _columns() -> Iterator[tuple[str, str]]:
    """Every encrypted column of the models: a new one cannot be forgotten."""
    for model in TABLES:
        for field in model._meta.sorted_fields:
            if isinstance(field, EncryptedField):
                yield model._meta.table_name, field.column_name

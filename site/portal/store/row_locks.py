"""Row locks for jobs: a row that is locked by another transaction is skipped and left to the next pass."""

import secrets
from typing import Any

from peewee import Expression, InterfaceError, Model, OperationalError, Query, fn

from portal.store.database import ROW_LOCK, is_postgresql, sqlstate

AMONG = 64  # times as many as are wanted: so far an index is quickly read


class RowIsLocked(Exception):
    """Another transaction holds this row. Jobs do not wait: the next pass takes it."""


def skip_locked(query: Query) -> Query:
    """As `for_update`, without rows that are locked. SQLite has no row locks."""
    return query.for_update(ROW_LOCK, skip_locked=True) if is_postgresql() else query


def some_of(query: Query, limit: int) -> list[Any]:
    """At most `limit` rows, the first ones. On PostgreSQL from anywhere among the first of them: several workers who all took the first
    ones would find most of them claimed.
    """
    if not is_postgresql():
        return list(query.limit(limit))
    others = query.limit(AMONG * limit).count() - limit
    return list(query.limit(limit).offset(secrets.choice(range(max(0, others) + 1))))


def take(query: Query) -> Model | None:
    """The one row of `query`, locked until the transaction ends; None if there is none. Raises RowIsLocked instead of waiting."""
    row = skip_locked(query).first()
    if row is None and is_postgresql() and query.exists():
        raise RowIsLocked
    return row


def claim(table: type[Model], mine: Expression, owner: Query | None, **values: Any) -> bool:
    """Write `values` into the row if it is still free (`mine`), in one UPDATE. True for the one worker that did.

    Raises RowIsLocked instead of waiting if another transaction holds that row or its `owner`.
    """
    if not is_postgresql():
        return table.update(values).where(mine).execute() == 1
    free = skip_locked(table.select(table._meta.primary_key).where(mine))
    is_owned = () if owner is None else (fn.EXISTS(skip_locked(owner)),)
    if table.update(values).where(table._meta.primary_key.in_(free), *is_owned).execute() == 1:
        return True
    if table.select().where(mine).exists():
        raise RowIsLocked
    return False


def claim_all(table: type[Model], mine: Expression, owners: Query, **values: Any) -> set[Any]:
    """The same for several rows by one UPDATE. Returns the keys of those that are this worker's now; those that are locked are not."""
    key = table._meta.primary_key
    if is_postgresql():
        mine = key.in_(skip_locked(table.select(key).where(mine))) & key.in_(skip_locked(owners))
    return {row.get_id() for row in table.update(values).where(mine).returning(key).execute()}


ONE_ROW = ("55P03", "57014", "40001", "40P01")  # PostgreSQL: lock_timeout, statement_timeout, could not serialize, deadlock


def is_about_one_row(error: Exception) -> bool:
    """False if the error is about the whole database. SQLite always locks the whole file."""
    if not isinstance(error, (InterfaceError, OperationalError)):
        return True
    return sqlstate(error) in ONE_ROW

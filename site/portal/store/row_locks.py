"""Rows for jobs, which take them one by one: what somebody else holds is left to the next pass, and nobody waits for it."""

from typing import Any

from peewee import Expression, InterfaceError, Model, OperationalError, Query, fn

from portal.store.database import is_postgresql


class RowIsLocked(Exception):
    """Somebody else holds this row, and a job waits for nobody: the next pass comes back to it."""


def skip_locked(query: Query) -> Query:
    """As `for_update`, without the rows that somebody else holds. SQLite knows no locks of rows."""
    return query.for_update(skip_locked=True) if is_postgresql() else query


def take(query: Query) -> Model | None:
    """The one row of `query`, locked until the transaction ends; None when there is none. Raises RowIsLocked instead of waiting."""
    row = skip_locked(query).first()
    if row is None and is_postgresql() and query.exists():
        raise RowIsLocked
    return row


def claim(table: type[Model], mine: Expression, owner: Query | None, **values: Any) -> bool:
    """Write `values` into the one row that is `mine`, in one statement. True for the one worker that did.

    Raises RowIsLocked instead of waiting when somebody else holds that row or its `owner`.
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


ONE_ROW = ("55P03", "57014", "40001", "40P01")  # PostgreSQL: lock_timeout, statement_timeout, could not serialize, deadlock


def is_about_one_row(error: Exception) -> bool:
    """False when the database itself is in trouble, which concerns every row. SQLite locks whole files."""
    if not isinstance(error, (InterfaceError, OperationalError)):
        return True
    return any(getattr(cause, "sqlstate", None) in ONE_ROW for cause in error.args)

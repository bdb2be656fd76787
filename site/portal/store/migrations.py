"""Migrate the database to this version's schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

from peewee import Database, PostgresqlDatabase
from playhouse.migrations import Runner

from portal.runtime.folders import asset_folder
from portal.store import database as store
from portal.store.database import database
from portal.store.locks import file_lock

_MIGRATION_LOCK = 7_316_004


DIALECTS = {
    False: {
        "id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "key": "INTEGER",
        "instant": "DATETIME",
        "day_after_previous": "date(previous_ends_on, '+1 day')",
    },
    True: {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP", "day_after_previous": "previous_ends_on + 1"},
}


def execute(db: Database, statements: str) -> None:
    """For migrations: run SQL statements separated by semicolons. `{id}` and the like become this database's types."""
    for statement in statements.format(**DIALECTS[isinstance(db, PostgresqlDatabase)]).split(";"):
        if statement.strip():
            db.execute_sql(statement)


def create_trigger(db: Database, name: str, event: str, change: str, condition: str = "TRUE") -> None:
    """For migrations: what the database does for each row after an event (`INSERT ON invoice`), by one statement."""
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NULL; END $$")
        db.execute_sql(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()")
    else:
        db.execute_sql(f"CREATE TRIGGER {name} AFTER {event} WHEN {condition} BEGIN {change}; END")


def migrate() -> list[str]:
    """Apply missing migrations, one process at a time. Returns their names."""
    store.ensure_connection()
    with _one_at_a_time():
        return _runner().up()


def pending() -> list[str]:
    """Migrations that are not applied yet."""
    store.ensure_connection()
    return [migration.name for migration in _runner().status() if migration.applied is None]


def known() -> list[str]:
    """The migrations of this version, in order."""
    return [migration.name for migration in _runner().migrations()]


def unknown() -> list[str]:
    """Applied migrations that this version has no file for: a newer version made them."""
    store.ensure_connection()
    return [migration.name for migration in _runner().status() if migration.path is None]


def is_current() -> bool:
    return all(migration.applied and migration.path for migration in _runner().status())


def is_of_a_release() -> bool:
    """False for a database made before the first release, with other migrations."""
    return known()[0] in _runner().applied()


def _runner() -> Runner:
    return Runner(database.obj, directory=asset_folder("migrations"))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if store.is_postgresql():
        database.execute_sql("SET statement_timeout = 0")  # an index of millions of rows takes minutes
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))
            database.execute_sql("RESET statement_timeout")
        return
    with file_lock(Path(f"{database.obj.database}.lock"), patience=inf):
        yield

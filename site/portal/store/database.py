"""The database: where it is, and this thread's connection to it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseProxy, InterfaceError, OperationalError, PostgresqlDatabase, Query, SqliteDatabase
from playhouse.db_url import parse as parse_url

from portal.store.locks import Held, file_lock

LOCKED = "database is locked"
SECONDS_TO_WAIT = 5  # for others who write to SQLite, all in all
SECONDS_BETWEEN_LOOKS = 0.0005
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")

database = DatabaseProxy()


class SafeSqlite(SqliteDatabase):
    """SQLite whose writers queue, and that keeps the cause of an error: on a full disk it ends the transaction by itself.

    SQLite lets in whoever happens to ask when it is free, and a job that commits in a loop always asks: others would wait for seconds. So
    a writer holds the file `….door` until SQLite has let it in, and nobody who has just written gets past. SQLite's own lock still keeps
    the rows right: where there can be no such file, everybody writes when SQLite lets them.
    """

    def init(self, database: Any, *args: Any, **kwargs: Any) -> None:
        super().init(database, *args, **kwargs)
        has_file = str(database) not in ("", ":memory:") and not str(database).startswith("file:")
        self._door = Path(f"{database}.door") if has_file else None

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Raises OperationalError where the transaction has ended: what comes after would be stored without what came before."""
        execute = super().execute_sql
        if not self.transaction_depth():
            return self._in_turn(lambda: execute(sql, params)) if sql.startswith(WRITING) else execute(sql, params)
        if self.connection().in_transaction:
            return execute(sql, params)
        if sql.startswith("ROLLBACK TO SAVEPOINT"):
            return None
        raise OperationalError("SQLite has ended this transaction by itself")

    def begin(self, lock_type: str | None = None) -> None:
        begin = super().begin
        if lock_type == "DEFERRED":  # reads, for which nobody waits
            return begin(lock_type)
        return self._in_turn(lambda: begin(lock_type))

    def rollback(self) -> None:
        if self.connection().in_transaction:
            super().rollback()

    def _in_turn(self, write: Callable[[], Any]) -> Any:
        """Five seconds in all, for those at the door and for whoever writes now; then SQLite's own error."""
        give_up = time.monotonic() + SECONDS_TO_WAIT
        with self._at_the_door():
            cursor = self.cursor()
            cursor.execute("PRAGMA busy_timeout = 0")  # SQLite asks again ever more seldom
            try:
                return _let_in(write, give_up)
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")

    @contextmanager
    def _at_the_door(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                if self._door:
                    held.enter_context(file_lock(self._door, patience=SECONDS_TO_WAIT, pause=SECONDS_BETWEEN_LOOKS))
            except Held as error:
                raise OperationalError(LOCKED) from error
            except OSError:
                pass
            yield


def _let_in(write: Callable[[], Any], give_up: float) -> Any:
    while True:
        try:
            return write()
        except OperationalError as error:
            if LOCKED not in str(error) or time.monotonic() >= give_up:
                raise
        time.sleep(SECONDS_BETWEEN_LOOKS)


def bind(database_url: str) -> None:
    """Say where the rows are: `sqlite:////var/lib/portal.db` or `postgresql://user@host/name`. Opens nothing yet."""
    database.initialize(_postgresql(database_url) if database_url.startswith("postgres") else _sqlite(database_url))


def ensure_connection() -> None:
    """One open connection per thread, alive across requests, replaced when the server has dropped it."""
    if database.is_closed():
        database.connect()
    elif is_postgresql() and not _answers():
        close()
        database.connect()


def close() -> None:
    """Close this thread's connection, also one that is broken."""
    try:
        database.close()
    except (InterfaceError, OperationalError):
        database.obj._state.reset()


def is_postgresql() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


def for_update(query: Query) -> Query:
    """Lock the rows of `query` until the transaction ends. SQLite locks the whole file at BEGIN IMMEDIATE instead."""
    return query.for_update() if is_postgresql() else query


def _sqlite(database_url: str) -> SafeSqlite:
    pragmas = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": "full"}
    return SafeSqlite(
        database_url.removeprefix("sqlite:///"), pragmas=pragmas, lock_type="IMMEDIATE", timeout=SECONDS_TO_WAIT, autoconnect=False
    )


def _postgresql(database_url: str) -> PostgresqlDatabase:
    options = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    settings = {"prefer_psycopg3": True, "prepare_threshold": None, "connect_timeout": 3, "options": options} | parse_url(database_url)
    return PostgresqlDatabase(settings.pop("database"), autoconnect=False, **settings)


def _answers() -> bool:
    try:
        database.execute_sql("SELECT 1")
    except (InterfaceError, OperationalError):
        return False
    return True

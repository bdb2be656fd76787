"""The database: where it is, and this thread's connection to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import DatabaseProxy, InterfaceError, OperationalError, PostgresqlDatabase, Query, SqliteDatabase
from playhouse.db_url import parse as parse_url

from portal.store.locks import SECONDS_TO_WAIT, Turn

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")

database = DatabaseProxy()


class SafeSqlite(SqliteDatabase):
    """SQLite whose writers take turns, and that keeps the cause of an error: on a full disk it ends the transaction by itself."""

    def init(self, database: Any, *args: Any, **kwargs: Any) -> None:
        super().init(database, *args, **kwargs)
        self._turn = Turn(str(database))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Raises OperationalError where the transaction has ended: what comes after would be stored without what came before."""
        if not self.transaction_depth():
            return self._execute_by_itself(sql, params)
        if not self.connection().in_transaction:
            if sql.startswith("ROLLBACK TO SAVEPOINT"):
                return None
            raise OperationalError("SQLite has ended this transaction by itself")
        return super().execute_sql(sql, params)

    def _execute_by_itself(self, sql: str, params: Any) -> Any:
        """A write without a transaction around it is one of its own."""
        if not sql.startswith(WRITING):
            return super().execute_sql(sql, params)
        with self._waiting(self._turn.take()):
            try:
                return super().execute_sql(sql, params)
            finally:
                self._turn.give_back()

    def begin(self, lock_type: str | None = None) -> None:
        if lock_type == "DEFERRED":  # reads, for which nobody waits
            return super().begin(lock_type)
        with self._waiting(self._turn.take()):
            try:
                return super().begin(lock_type)
            except BaseException:
                self._turn.give_back()
                raise

    def commit(self) -> None:
        super().commit()
        self._turn.give_back()

    def rollback(self) -> None:
        try:
            if self.connection().in_transaction:
                super().rollback()
        finally:
            self._turn.give_back()

    def _close(self, conn: Any) -> None:
        self._turn.give_back()
        super()._close(conn)

    @contextmanager
    def _waiting(self, seconds: float) -> Iterator[None]:
        """What was spent on the turn is not spent again on somebody who writes without one."""
        is_shorter = seconds < SECONDS_TO_WAIT - 1
        if is_shorter:
            self.cursor().execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
        try:
            yield
        finally:
            if is_shorter:
                self.cursor().execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")


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

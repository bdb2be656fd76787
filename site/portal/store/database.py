"""The database: its address, and this thread's connection."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from peewee import DatabaseProxy, InterfaceError, OperationalError, PostgresqlDatabase, Query, SqliteDatabase
from playhouse.db_url import parse as parse_url

from portal.store.locks import Held, file_lock
from portal.store.statements import RememberedTexts

LOCKED = "database is locked"
SECONDS_TO_WAIT = 5  # for other SQLite writers, in total
SECONDS_BETWEEN_LOOKS = 0.0005
AWAY = (OperationalError, InterfaceError)  # the database does not answer, is locked, or its disk is full
OF_ANOTHER_VERSION = ("42P01", "42703")  # PostgreSQL: no such table, no such column; while it is being migrated
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")

database = DatabaseProxy()


class SafeSqlite(RememberedTexts, SqliteDatabase):
    """SQLite with a fair queue of writers, and with the first error kept when a full disk ends a transaction.

    SQLite gives its lock to whoever asks first, so a job that commits in a loop would keep others waiting for seconds. A writer therefore
    holds the file `….writer-lock` until it has SQLite's lock, and after a commit it queues again. SQLite's own lock still protects the
    rows: if the file cannot be created, writers do not queue.
    """

    def init(self, database: Any, *args: Any, **kwargs: Any) -> None:
        super().init(database, *args, **kwargs)
        has_file = str(database) not in ("", ":memory:") and not str(database).startswith("file:")
        self._writer_lock = Path(f"{database}.writer-lock") if has_file else None

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Raises OperationalError if SQLite has ended the transaction: later writes must not be stored without the earlier ones."""
        execute = super().execute_sql
        if not self.transaction_depth():
            return self._queued(lambda: execute(sql, params)) if sql.startswith(WRITING) else execute(sql, params)
        if self.connection().in_transaction:
            return execute(sql, params)
        if sql.startswith("ROLLBACK TO SAVEPOINT"):
            return None
        raise OperationalError("SQLite has ended this transaction by itself")

    def begin(self, lock_type: str | None = None) -> None:
        begin = super().begin
        if lock_type == "DEFERRED":  # read-only transactions do not queue
            return begin(lock_type)
        return self._queued(lambda: begin(lock_type))

    def rollback(self) -> None:
        if self.connection().in_transaction:
            super().rollback()

    def _queued(self, write: Callable[[], Any]) -> Any:
        """Waits five seconds in total, for the queue and for the current writer; then raises SQLite's own error."""
        give_up = time.monotonic() + SECONDS_TO_WAIT
        with self._writer_lock_held():
            cursor = self.cursor()
            cursor.execute("PRAGMA busy_timeout = 0")  # we poll ourselves: SQLite's own pauses grow
            try:
                return _retry_while_locked(write, give_up)
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")

    @contextmanager
    def _writer_lock_held(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                if self._writer_lock:
                    held.enter_context(file_lock(self._writer_lock, patience=SECONDS_TO_WAIT, pause=SECONDS_BETWEEN_LOOKS))
            except Held as error:
                raise OperationalError(LOCKED) from error
            except OSError:
                pass
            yield


class Postgresql(RememberedTexts, PostgresqlDatabase):
    """PostgreSQL, with remembered texts."""


def _retry_while_locked(write: Callable[[], Any], give_up: float) -> Any:
    while True:
        try:
            return write()
        except OperationalError as error:
            if LOCKED not in str(error) or time.monotonic() >= give_up:
                raise
        time.sleep(SECONDS_BETWEEN_LOOKS)


def bind(database_url: str) -> None:
    """Set the address: `sqlite:////var/lib/portal.db` or `postgresql://user@host/name`. Opens no connection."""
    database.initialize(_postgresql(database_url) if database_url.startswith("postgres") else _sqlite(database_url))


def ensure_connection() -> None:
    """One connection per thread, kept across requests. Reconnects if the server has dropped it."""
    if database.is_closed():
        database.connect()
    elif is_postgresql() and not _answers():
        close()
        database.connect()


def close() -> None:
    """Close this thread's connection, even a broken one."""
    try:
        database.close()
    except (InterfaceError, OperationalError):
        database.obj._state.reset()


def is_away(error: BaseException) -> bool:
    """True if the error is about the database and not about one query: away, locked, full, or being migrated."""
    return isinstance(error, AWAY) or sqlstate(error) in OF_ANOTHER_VERSION


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code of the error; None on SQLite and for other errors. peewee keeps the driver's exception as `orig`."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def keep_private() -> None:
    """Take the rights of others from SQLite's files, which an earlier version may have made readable. Files of another user stay."""
    if is_postgresql():
        return
    file = Path(database.obj.database)
    for found in (file, *file.parent.glob(f"{file.name}[-.]*")):
        with suppress(PermissionError, FileNotFoundError):
            found.chmod(found.stat().st_mode & ~0o077)


ROW_LOCK = "FOR NO KEY UPDATE"


def is_postgresql() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


def encoding() -> str:
    """How the database stores text. SQLite's is Unicode whatever it is called, so: UTF8."""
    return database.connection().info.parameter_status("server_encoding") if is_postgresql() else "UTF8"


def folder() -> Path | None:
    """Where an SQLite database's file is. None for PostgreSQL, whose disk this program does not see."""
    return None if is_postgresql() else Path(database.obj.database).resolve().parent


def for_update(query: Query) -> Query:
    """Lock the rows of `query` until the transaction ends. On SQLite, BEGIN IMMEDIATE has locked the whole file.

    NO KEY: no key is ever changed, and a new row that refers to a locked one (an event of an account) need not wait for it.
    """
    return query.for_update(ROW_LOCK) if is_postgresql() else query


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction that only reads, all of one moment, for as long as it takes. Nobody waits for it, and it waits for nobody."""
    ensure_connection()
    with database.atomic("REPEATABLE READ READ ONLY" if is_postgresql() else "DEFERRED"):
        if is_postgresql():
            database.execute_sql("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            database.execute_sql("SET LOCAL max_parallel_workers_per_gather = 2")  # as PostgreSQL has it by itself
        yield


def hold(names: list[str]) -> None:
    """Let one transaction at a time go on for each of these names, until it ends. On SQLite, BEGIN IMMEDIATE has locked the whole file.

    Taken in one order, and after any row lock, so that no two transactions wait for each other.
    """
    for name in sorted(names) if is_postgresql() else ():
        database.execute_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))


def _sqlite(database_url: str) -> SafeSqlite:
    pragmas = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": "full"}
    return SafeSqlite(
        database_url.removeprefix("sqlite:///"), pragmas=pragmas, lock_type="IMMEDIATE", timeout=SECONDS_TO_WAIT, autoconnect=False
    )


def _postgresql(database_url: str) -> PostgresqlDatabase:
    options = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    options += " -c max_parallel_workers_per_gather=0"  # to start more processes takes longer than what a page asks
    settings = {"prefer_psycopg3": True, "prepare_threshold": None, "connect_timeout": 3, "options": options} | parse_url(database_url)
    host = settings.get("host") or "/"
    if host not in LOOPBACK and not host.startswith("/"):
        settings.setdefault("sslmode", "require")  # never in clear over a network, unless the address itself says so
    return Postgresql(settings.pop("database"), autoconnect=False, **settings)


def _answers() -> bool:
    try:
        database.execute_sql("SELECT 1")
    except (InterfaceError, OperationalError):
        return False
    return True

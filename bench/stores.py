"""The two databases of a bench: one for the run, and a copy of it from before, for the bare cost."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.store import database as store
from tests.databases import beside, migrated, postgresql, server_in


@dataclass(frozen=True)
class SqliteStore:
    folder: Path
    name = "SQLite"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'portal.db'}"

    def copy(self) -> None:
        connection = self._open("portal.db")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.folder / "portal.db", self.folder / "copy.db")

    def without_writer_lock(self) -> None:
        """What is no file cannot be locked: everybody writes when SQLite lets them."""
        lock_file = self.folder / "portal.db.writer-lock"
        lock_file.unlink(missing_ok=True)
        lock_file.mkdir()

    def connect_to_copy(self) -> Any:
        return self._open("copy.db")

    def megabytes(self) -> float:
        return (self.folder / "portal.db").stat().st_size / 1e6

    def _open(self, name: str) -> sqlite3.Connection:
        connection = sqlite3.connect(self.folder / name, isolation_level=None)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = 1"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


@dataclass(frozen=True)
class PostgresqlStore:
    url: str
    name = "PostgreSQL"

    def copy(self) -> None:
        with self._connect(self._beside("postgres")) as connection:
            connection.execute("ALTER SYSTEM RESET fsync")  # the tests' server does without; here what is committed is on the disk
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE bench_copy TEMPLATE {self._name}")

    def connect_to_copy(self) -> Any:
        return self._connect(self._beside("bench_copy"))

    def megabytes(self) -> float:
        with self._connect(self.url) as connection:
            return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0] / 1e6

    @property
    def _name(self) -> str:
        return self.url.split("?")[0].rpartition("/")[2]

    def _beside(self, name: str) -> str:
        return self.url.replace(f"/{self._name}", f"/{name}", 1)

    @staticmethod
    def _connect(url: str) -> Any:
        import psycopg

        return psycopg.connect(url, autocommit=True, prepare_threshold=None)


@contextmanager
def empty_store(*, is_postgresql: bool) -> Iterator[SqliteStore | PostgresqlStore]:
    """Empty, and on the schema of this version."""
    if is_postgresql:
        with postgresql("bench") as url:
            yield PostgresqlStore(migrated(url))
            store.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        found = SqliteStore(Path(folder))
        migrated(found.url)
        yield found
        store.close()


@contextmanager
def kept_postgresql(folder: Path) -> Iterator[str]:
    """A server of our own whose data stay in the folder, with a database that is there already or made now."""
    import psycopg

    with server_in(folder) as server:
        with psycopg.connect(server, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'bench'").fetchone():
                connection.execute("CREATE DATABASE bench")
        yield beside(server, "bench")

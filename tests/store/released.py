"""Puts the rows of a release back, as they were: into SQLite with the schema of then, into PostgreSQL with the migrations of then."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from playhouse.migrations import Runner
from psycopg import sql

from portal.runtime.folders import asset_folder
from portal.store import database as store
from tests.store.release import RELEASED

HISTORY = "schema_migration"
TYPES = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"


def dumps() -> list[Path]:
    return sorted(RELEASED.glob("*.sql"), key=lambda path: [int(part) for part in re.findall(r"\d+", path.stem)])


class Release:
    """What the dump of one release holds."""

    def __init__(self, text: str) -> None:
        self.text = text
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.row_factory = sqlite3.Row
            connection.executescript(text)
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
            self.rows = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for (name,) in names}

    @property
    def migrations(self) -> list[str]:
        return sorted(row["name"] for row in self.rows[HISTORY])

    @property
    def installation_id(self) -> str:
        return self.rows["installation"][0]["installation_id"]

    def load(self, url: str) -> None:
        """Into an empty database."""
        if url.startswith("postgres"):
            self._load_into_postgresql(url)
            return
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(self.text)

    def _load_into_postgresql(self, url: str) -> None:
        store.bind(url)
        store.ensure_connection()
        Runner(store.database.obj, directory=asset_folder("migrations")).up(self.migrations[-1])
        store.close()
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")  # in any order of the tables
            for table, rows in self.rows.items():
                if table != HISTORY:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                    _insert(connection, table, rows)


def _insert(connection: psycopg.Connection, table: str, rows: list[dict]) -> None:
    types = dict(connection.execute(TYPES, (table,)).fetchall())
    for row in rows:
        values = [bool(value) if types[name] == "boolean" and value is not None else value for name, value in row.items()]
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
        connection.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, marks), values)
    if rows and "id" in rows[0]:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), {})").format(f'"{table}"', max(row["id"] for row in rows))
        )

"""Saves work that a portal does once and a test run would repeat ten thousand times: reading templates, building routes, writing queries,
opening connections, making passwords slow to hash, waiting for the disk. Only for this process; programs started by tests (tests/real,
test_cli) do it.
"""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psycopg
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from peewee import PostgresqlDatabase
from werkzeug.routing import Rule

from portal.actions.accounts import accounts
from portal.catalog import Catalog, load_catalog
from portal.runtime.settings import sample_company
from portal.sandbox.books import Books
from portal.sandbox.books.connection import connect
from portal.sandbox.books.schema import STATEMENTS
from portal.store import database as store
from portal.store.statements import RememberedTexts

if TYPE_CHECKING:
    import pytest  # tests/races/killed.py is no test itself, and starts often

    from tests.cards import Cards


def begin(patch: "pytest.MonkeyPatch") -> None:
    patch.setitem(Flask.jinja_options, "bytecode_cache", CompiledOnce())
    patch.setattr(Flask, "url_rule_class", PreparedOnce)
    patch.setattr(store, "SafeSqlite", UnsyncedSqlite)
    patch.setattr(store, "Postgresql", ReusedPostgresql)
    _remember_texts_of_queries(patch)
    _hash_cheaply(patch)


@cache
def the_sample() -> Catalog:
    """The sample company's catalog, read once."""
    return load_catalog(sample_company())


def catalog_of(folder: Path) -> Catalog:
    return the_sample() if folder == sample_company() else load_catalog(folder)


def _remember_texts_of_queries(patch: "pytest.MonkeyPatch") -> None:
    """Every test has its own database, and all of a kind write their queries alike."""
    init, known, prepared = RememberedTexts.init, defaultdict(dict), defaultdict(dict)

    def warm(database: RememberedTexts, *args: Any, **named: Any) -> None:
        init(database, *args, **named)
        kind = isinstance(database, PostgresqlDatabase)
        database._texts, database.prepared = known[kind], prepared[kind]

    patch.setattr(RememberedTexts, "init", warm)


class CompiledOnce(BytecodeCache):
    """Every test has its own app, and all of them share the same compiled templates."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get(_read_alike(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[_read_alike(bucket)] = bucket.code


def _read_alike(bucket: Bucket) -> tuple[Any, ...]:
    """The portal and the sandbox treat white space differently."""
    return bucket.key, bucket.checksum, bucket.environment.trim_blocks, bucket.environment.lstrip_blocks


class PreparedOnce(Rule):
    """Werkzeug reads every rule, and writes and compiles two functions for it: the same for all rules that look the same."""

    _known: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
    _read: dict[tuple[Any, ...], tuple[list, list, dict]] = {}

    def compile(self) -> None:
        look = (self.rule, self.host, self.subdomain, self.map.host_matching, self.merge_slashes, self.strict_slashes)
        if look not in self._read:
            super().compile()
            self._read[look] = (self._parts, self._trace, self._converters)
            return
        self._parts, self._trace, self._converters = self._read[look]
        self.arguments.update(self._converters)
        self._build, self._build_unknown = (self._compile_builder(unknown).__get__(self, None) for unknown in (False, True))

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        look = (*self._trace, frozenset(self.arguments), repr(self.defaults), append_unknown)
        if look not in self._known:
            self._known[look] = super()._compile_builder(append_unknown)
        return self._known[look]


class UnsyncedSqlite(store.SafeSqlite):
    """Does not wait for the disk: test rows need not survive a crash."""

    def __init__(self, database: str, *, pragmas: dict[str, object] | None = None, **named: Any) -> None:
        super().__init__(database, pragmas=(pragmas or {}) | {"synchronous": "off"}, **named)


class ReusedPostgresql(store.Postgresql):
    """A connection to the tests' own database that is closed at rest serves whoever opens the next one: on a new one the server needs a
    tenth of a second to learn the tables and the views.
    """

    lasts = ""  # the name of that database; others are dropped
    _at_rest: dict[int, list[psycopg.Connection]] = {}  # of each process: a forked one shares none

    def _connect(self) -> psycopg.Connection:
        at_rest = self._at_rest.get(os.getpid(), [])
        return at_rest.pop() if self.database == self.lasts and at_rest else super()._connect()

    def _close(self, conn: psycopg.Connection) -> None:
        if self.database != self.lasts or conn.pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            return super()._close(conn)
        conn.execute("SELECT pg_advisory_unlock_all(); RESET ALL")
        self._at_rest.setdefault(os.getpid(), []).append(conn)
        return None

    @classmethod
    def close_all(cls) -> None:
        for connection in cls._at_rest.pop(os.getpid(), []):
            connection.close()


class UnsyncedBooks(Books):
    """The sandbox's books, with tables from the start. They do not wait for the disk either."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_empty_books())
        super().__init__(path)

    def reader(self) -> sqlite3.Connection:
        is_open, connection = bool(self._own.__dict__), super().reader()
        if not is_open:
            connection.execute("PRAGMA synchronous = OFF")
        return connection


def unsynced_books(path: Path, cards: "Cards | None" = None) -> Books:
    """`cards`: of a company in the sandbox's place, whose books wait for the disk in other threads."""
    if not cards:
        return UnsyncedBooks(path)
    books = cards.books(path)
    books.reader().execute("PRAGMA synchronous = OFF")
    return books


@cache
def _empty_books() -> bytes:
    """A file with the tables and no row."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "sandbox.db")
        held = connect(file)
        for statement in STATEMENTS:
            held.connection.execute(statement)
        held.connection.close()
        return file.read_bytes()


def _hash_cheaply(patch: "pytest.MonkeyPatch") -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr(accounts, "_NOBODY", hasher.hash("nobody has this password"))
    patch.setattr(accounts, "_HASHER", hasher)

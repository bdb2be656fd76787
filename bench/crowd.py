"""Writes `bench/crowd.sql` for so many accounts into an empty store. Indexes and triggers are made again afterwards, which is faster."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template
from typing import Any

from bench.stories import STORIES, chapters, names
from portal import clock
from portal.actions.accounts.accounts import hash_password
from portal.catalog import load_catalog
from portal.enums import Method
from portal.rules.documents import papers
from portal.rules.documents.papers import METHODS, Issuer, Item
from portal.rules.orders.tax import tax_inside
from portal.runtime.settings import sample_company
from portal.store import database as store
from portal.store.encryption import encrypt
from tests.factories import PASSWORD

TABLES = """
CREATE TEMP TABLE bench_n (n BIGINT PRIMARY KEY);
CREATE TEMP TABLE bench_minute (m INTEGER PRIMARY KEY, minute TEXT);
CREATE TEMP TABLE bench_name (i INTEGER PRIMARY KEY, name TEXT, name_key TEXT, payer TEXT, payer_key TEXT);
CREATE TEMP TABLE bench_chapter (story INTEGER, place INTEGER, kind TEXT, state TEXT, method TEXT, starts_on DATE,
    ends_on DATE, at TIMESTAMP, paid_on DATE, due_on DATE, months INTEGER, yen BIGINT, tax BIGINT, previous DATE, schedule_on DATE,
    left_on DATE, PRIMARY KEY (story, place))
"""
ORDERS = f"bench_n CROSS JOIN bench_chapter c WHERE c.story = n % {STORIES}"
MINUTES = 12 * 60 - 1  # from noon in Japan until midnight
NUMBERS = {
    False: "INSERT INTO bench_n WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a LIMIT {0}) SELECT n FROM a",
    True: "INSERT INTO bench_n SELECT generate_series(1, {0})",
}


def fill(accounts: int) -> None:
    """The store is bound, migrated and empty. Orders have numbers that look as if they were drawn."""
    cursor = store.database.connection().cursor()
    if not store.is_postgresql():
        store.database.register_function(papers.sha256, "text_sha256", 1)
    _write_stories(cursor, accounts)
    with _without_indexes(cursor):
        for statement in _statements():
            cursor.execute(statement)
    _go_on_counting(cursor)


def _write_stories(cursor: Any, accounts: int) -> None:
    for statement in TABLES.split(";"):
        cursor.execute(statement)
    cursor.execute(NUMBERS[store.is_postgresql()].format(accounts))
    plan, sign = load_catalog(sample_company()).plans[0], store.database.param
    minutes = [(minute, f"{3 + minute // 60:02}:{minute % 60:02}:00") for minute in range(MINUTES)]
    for table, rows in (("minute", minutes), ("name", names()), ("chapter", list(chapters(clock.today(), plan)))):
        cursor.executemany(f"INSERT INTO bench_{table} VALUES ({', '.join([sign] * len(rows[0]))})", rows)


def _statements() -> list[str]:
    order_id, count = "(n * 3 - 2 + c.place)", len(names())
    minute = f"(SELECT minute FROM bench_minute WHERE m = (n * 7919 + c.place) % {MINUTES})"
    at = f"c.at + ({minute}::time - '03:00'::time)"
    values = {
        "at": at if store.is_postgresql() else f"substr(c.at, 1, 11) || {minute}",
        "order_id": order_id,
        "number": f"CAST(10000000 + ({order_id} * 48271) % 89999999 AS TEXT)",  # 48271 is a prime: no number comes twice
        "email": "'mail' || (n * 7919 % 1000003) || '@example' || (n % 50) || '.jp'",
        "orders": ORDERS,
        "named": ORDERS.replace("WHERE", f"JOIN bench_name p ON p.i = n * 7 % {count} WHERE"),
        "password": hash_password(PASSWORD),
        "token": encrypt("card_bench"),
        "sha": "0" * 64,
        "paper": _paper(),
        "sha_of_paper": "encode(sha256(convert_to(content, 'UTF8')), 'hex')" if store.is_postgresql() else "text_sha256(content)",
        "now": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "body": "見本 太郎 様\n" * 20,
    }
    text = Path(__file__).with_name("crowd.sql").read_text("utf-8")
    return [Template(statement).substitute(values) for statement in text.split(";\n") if statement.strip()]


def _paper() -> str:
    """SQL of the text of a 領収書 as the portal writes it: what differs stands in it as a value that nothing else has."""
    start, end, paid, number, months, yen = date(1901, 1, 1), date(1902, 1, 1), date(1903, 1, 1), 990000001, 990000002, 990000003
    item = Item("スタンダードプラン", 1, months, start, end, yen)
    issuer = Issuer.of(load_catalog(sample_company()).company)
    text = papers.receipt(number, paid, issuer, "{order}", Method.BANK, paid, (item,), 0, 10).text.replace("'", "''")
    columns = {number: "number", months: "c.months", yen: "c.yen", tax_inside(yen, 10): "c.tax", start: "c.starts_on", end: "c.ends_on"}
    methods = " ".join(f"WHEN '{method.value}' THEN '{words}'" for method, words in METHODS.items())
    columns |= {paid: "c.paid_on", "{order}": "order_number", METHODS[Method.BANK]: f"CASE c.method {methods} END"}
    for value, column in columns.items():
        text = text.replace(str(value), f"' || {column} || '")
    return f"'{text}'"


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    again = _on_postgresql(cursor) if store.is_postgresql() else _on_sqlite(cursor)
    try:
        yield
    finally:  # a store that was not written whole is tried again
        for statement in again:
            cursor.execute(statement)


def _on_sqlite(cursor: Any) -> list[str]:
    """SQLite keeps no journal while the rows are written. It gets no statistics: no installation has them."""
    for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -1000000"):
        cursor.execute(f"PRAGMA {pragma}")
    found = cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL").fetchall()
    for kind, name, _ in found:
        cursor.execute(f"DROP {kind} {name}")
    after = ("PRAGMA foreign_keys = on", "PRAGMA synchronous = full", "PRAGMA journal_mode = wal")
    return [*(sql for _, _, sql in found), *after]


def _on_postgresql(cursor: Any) -> list[str]:
    cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0; SET synchronous_commit = off")
    cursor.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
    constraints = "SELECT conindid FROM pg_constraint WHERE conindid <> 0"
    query = f"""SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indrelid
        WHERE relnamespace = 'public'::regnamespace AND indexrelid NOT IN ({constraints})"""
    found = cursor.execute(query).fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [*(sql for _, sql in found), "RESET session_replication_role", "VACUUM ANALYZE"]


def _go_on_counting(cursor: Any) -> None:
    """PostgreSQL does not notice ids that were given."""
    if store.is_postgresql():
        query = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_default LIKE 'nextval%'"
        for (table,) in cursor.execute(query).fetchall():
            cursor.execute(
                f"""SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM "{table}"))"""
            )

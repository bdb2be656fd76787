"""How a database reads each statement: which tables it reads whole, or by an index from end to end."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from portal.store import database as store

# Tables that stay small: people of the company, files, and what is rare.
SMALL = {
    "installation", "staff", "recovery_code", "heartbeat", "bank_file", "payout_file", "csv_mapping", "matching_run", "statement_day",
    "schema_migration", "invoice_owed", "remittance",
}  # fmt: skip
# Partial indexes that hold most of their table. Every other one holds what waits, which is little.
MOST_ROWS = {
    "order_newest_with_yen",
    "order_newest_of_yen",
    "term_ends",
    "event_by_staff",
    "payment_company_key",
    "payment_company_reference",
    "one_succeeded_payment",
}
ALIAS = re.compile(r'"(\w+)" AS "(\w+)"')
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
READS = ("SELECT", "UPDATE", "DELETE")
FULL = 1_000  # rows
VALUES = {
    "bigint": "n",
    "integer": "n",
    "boolean": "FALSE",
    "date": "DATE '2000-01-01' + n",
    "timestamp without time zone": "TIMESTAMP '2000-01-01' + n * INTERVAL '1 minute'",
}


@dataclass
class Recorder:
    """Each text of a statement once, with the values that it came with first."""

    statements: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def listening(self) -> Iterator[None]:
        database = store.database.obj
        execute = database.execute_sql

        def recorded(sql: str, params: Any = None) -> Any:
            if sql.lstrip("( ").startswith(READS):
                self.statements.setdefault(sql, params)
            return execute(sql, params)

        database.execute_sql = recorded
        yield
        del database.execute_sql


def whole_reads(sql: str, params: Any) -> set[str]:
    """Tables that may be big and are read whole, or by an index without a condition."""
    return _on_postgresql(sql, params) if store.is_postgresql() else _on_sqlite(sql, params)


@contextmanager
def as_if_full() -> Iterator[None]:
    """On PostgreSQL with a thousand other rows in every table, and none that waits: its plans depend on them. SQLite never looks."""
    with store.database.atomic() as transaction:
        if store.is_postgresql():
            for statement in _copies():
                store.database.execute_sql(statement)
        yield
        transaction.rollback()


def _copies() -> Iterator[str]:
    """The tables again, with their indexes and without their checks, in a schema that comes first."""
    yield "CREATE SCHEMA full_tables"
    for table, columns in _columns().items():
        yield f'CREATE TABLE full_tables."{table}" (LIKE public."{table}")'
        names, values = (", ".join(part) for part in zip(*columns, strict=True))
        yield f'INSERT INTO full_tables."{table}" ({names}) SELECT {values} FROM generate_series(1, {FULL}) n'
    for _, text in _indexes(True).values():
        yield text.replace(" ON public.", " ON full_tables.")
    yield "SET LOCAL search_path = full_tables"
    yield "ANALYZE"
    for way in ("seqscan", "hashjoin", "mergejoin"):  # a thousand rows are read whole before an index is opened
        yield f"SET LOCAL enable_{way} = off"


def _columns() -> dict[str, list[tuple[str, str]]]:
    """Name and value of each column, by table."""
    query = """SELECT c.table_name, column_name, data_type, COALESCE(character_maximum_length, 64) FROM information_schema.columns c
        JOIN pg_tables ON schemaname = 'public' AND tablename = c.table_name WHERE table_schema = 'public' ORDER BY ordinal_position"""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind, length in store.database.execute_sql(query).fetchall():
        found.setdefault(table, []).append((f'"{name}"', VALUES.get(kind, f"left(CAST(n AS TEXT), {length})")))
    return found


def _on_sqlite(sql: str, params: Any) -> set[str]:
    """Its plan depends on the schema alone, as long as nobody has asked for statistics."""
    tables: dict[str, set[str]] = {}
    for table, alias in ALIAS.findall(sql):
        tables.setdefault(alias, set()).add(table)
    scans = [match.groups() for line in plan_of(sql, params) if (match := SCAN.match(line))]
    return {table for name, index in scans if not _is_small(index) for table in tables.get(name, {name}) if _is_big(table)}


def plan_of(sql: str, params: Any) -> list[str]:
    """SQLite's."""
    return [row[3] for row in store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]


def _on_postgresql(sql: str, params: Any) -> set[str]:
    [(plan,)] = store.database.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return {table for node in _nodes(plan[0]["Plan"]) if (table := _read_whole(node)) and _is_big(table)}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for under in node.get("Plans", []):
        yield from _nodes(under)


def _read_whole(node: dict[str, Any]) -> str:
    kind = node["Node Type"]
    if kind == "Seq Scan":
        return node["Relation Name"]
    if "Index" in kind and "Index Cond" not in node and not _is_small(node["Index Name"]):
        return node.get("Relation Name") or _indexes(store.is_postgresql())[node["Index Name"]][0]
    return ""


def _is_big(table: str) -> bool:
    return table in _tables(store.is_postgresql()) and table not in SMALL


def _is_small(index: str | None) -> bool:
    """A partial index that holds what waits."""
    known = _indexes(store.is_postgresql())
    return index in known and " WHERE " in known[index][1] and index not in MOST_ROWS


@cache
def _tables(_is_postgresql: bool) -> set[str]:
    return set(store.database.get_tables())


@cache
def _indexes(_is_postgresql: bool) -> dict[str, tuple[str, str]]:
    """Table and text of each."""
    in_sqlite = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    query = "SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'" if store.is_postgresql() else in_sqlite
    return {name: (table, " ".join(text.split())) for name, table, text in store.database.execute_sql(query).fetchall()}

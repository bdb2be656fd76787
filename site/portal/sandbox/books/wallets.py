"""The wallets' ledger: a balance is the sum of its entries and stored nowhere else. The database refuses a sum below 0."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.sandbox.books import Books, stored
from portal.sandbox.books.ledger import Charge, Ledger, Refund, Verdict
from portal.sandbox.books.opening import WALLETS

POINTS = "SELECT COALESCE(SUM(yen), 0) AS points FROM wallet_entry WHERE wallet_id = ?"
GUARDED = f"INSERT INTO wallet_entry (wallet_id, key, yen, at) SELECT ?, ?, ?, ? WHERE ({POINTS}) >= ?"


@dataclass(frozen=True)
class Entry:
    """`yen` below 0: points debited. `kind`: opening, purchase, refund or debit."""

    kind: str
    yen: int
    at: datetime


def ledger(books: Books) -> Ledger:
    return Ledger(books, table="wallet_debit", refunds="debit_refund", word="debit")


def debit(books: Books, token: str, yen: int, key: str) -> Charge:
    """Debit the points if there are enough. A known key returns its first result."""
    return ledger(books).take(token, yen, key, lambda connection, at: _verdict(connection, token, yen, key, at))


def give_back(books: Books, reference: str, yen: int, key: str) -> Refund | None:
    return ledger(books).give_back(reference, yen, key, partial(_restore, key))


def points_of(books: Books, wallet_id: str) -> int:
    return books.reader().execute(POINTS, (wallet_id,)).fetchone()["points"]


def wallet_of(books: Books, token: str) -> str | None:
    """The wallet behind a link. None if the link was removed."""
    return _wallet(books.reader(), token)


def newest_entries(books: Books, wallet_id: str, limit: int) -> list[Entry]:
    query = "SELECT key, yen, at FROM wallet_entry WHERE wallet_id = ? AND yen != 0 ORDER BY rowid DESC LIMIT ?"
    return [_entry(row) for row in books.reader().execute(query, (wallet_id, limit))]


def unlink(books: Books, token: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE wallet_link SET is_removed = 1 WHERE token = ?", (token,))


def put_in(connection: sqlite3.Connection, wallet_id: str, kind: str, key: str, yen: int, at: str) -> None:
    """Add points. The key gets `kind` as a prefix; keys of debits have no prefix."""
    values = (wallet_id, f"{kind}:{key}", yen, at)
    connection.execute("INSERT INTO wallet_entry (wallet_id, key, yen, at) VALUES (?, ?, ?, ?)", values)


def _verdict(connection: sqlite3.Connection, token: str, yen: int, key: str, at: datetime) -> Verdict:
    wallet_id = _wallet(connection, token)
    if wallet_id is None:
        return Verdict("link_removed")
    values = (wallet_id, key, -yen, stored(at), wallet_id, yen)
    if not connection.execute(GUARDED, values).rowcount:
        return Verdict("insufficient", is_retryable=True)
    return Verdict(is_silent=WALLETS[wallet_id].is_silent)


def _restore(key: str, connection: sqlite3.Connection, yen: int, charge: Charge, at: datetime) -> None:
    row = connection.execute("SELECT wallet_id FROM wallet_link WHERE token = ?", (charge.token,)).fetchone()
    put_in(connection, row["wallet_id"], "refund", key, yen, stored(at))


def _wallet(connection: sqlite3.Connection, token: str) -> str | None:
    row = connection.execute("SELECT wallet_id FROM wallet_link WHERE token = ? AND is_removed = 0", (token,)).fetchone()
    return row["wallet_id"] if row else None


def _entry(row: sqlite3.Row) -> Entry:
    kind = row["key"].partition(":")[0] if row["yen"] > 0 else "debit"
    return Entry(kind, row["yen"], datetime.fromisoformat(row["at"]))

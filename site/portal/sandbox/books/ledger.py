"""Charges by idempotency key, the same for both companies: one row per key, ever. Its webhooks are queued in the same transaction."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portal.sandbox.books import Books, stored
from portal.sandbox.books.charge import Charge
from portal.sandbox.books.webhook_queue import queue


@dataclass(frozen=True)
class Verdict:
    """Whether the charge succeeds: `code` is the reason of a decline. `is_silent`: it succeeds, but no response or webhook says so."""

    code: str = ""
    is_retryable: bool = False
    is_silent: bool = False


Judge = Callable[[sqlite3.Connection, datetime], Verdict]
Restore = Callable[[sqlite3.Connection, int, Charge, datetime], None]


@dataclass(frozen=True)
class Refund:
    """Yen given back of the charge `reference`. `is_silent`: made just now, but the response gets lost; asked again, it is known."""

    reference: str
    yen: int
    at: datetime
    is_silent: bool = False


@dataclass(frozen=True)
class Ledger:
    """`table` and `refunds`: the tables of charges and refunds. `word`: the event type's first word."""

    books: Books
    table: str
    refunds: str
    word: str

    def take(self, token: str, yen: int, key: str, judge: Judge) -> Charge:
        """Charge if `judge` allows it. A known key returns its first result."""
        with self.books.write() as connection:
            known = self._find(connection, key)
            if known:
                return known
            at = self.books.now()
            verdict = judge(connection, at)
            state = "refused" if verdict.code else "paid"
            charge = Charge(key, yen, state, at, _reference(), token, verdict.code, verdict.is_retryable, verdict.is_silent)
            self._insert(connection, charge)
            if not charge.is_silent:
                queue(connection, self.word, charge)
            return charge

    def close(self, key: str) -> Charge:
        """Block a key for ever, unless it was used."""
        with self.books.write() as connection:
            known = self._find(connection, key)
            if known:
                return known
            charge = Charge(key, 0, "refused", self.books.now(), _reference(), None, "closed", True, False)
            self._insert(connection, charge)
            return charge

    def today(self) -> date:
        return self.books.today()

    def find(self, key: str) -> Charge | None:
        return self._find(self.books.reader(), key)

    def left_yen(self, reference: str) -> int:
        """What of a charge was neither refunded nor taken away by a dispute."""
        connection = self.books.reader()
        charge = self._with_left(connection, reference, 1)
        return charge.yen - self._refunded_yen(connection, reference) if charge else 0

    def give_back(self, reference: str, yen: int, key: str, restore: Restore = lambda connection, yen, charge, at: None) -> Refund | None:
        """The refund under this key, created if new. None if this charge has not so much left to refund."""
        with self.books.write() as connection:
            known = connection.execute(f"SELECT * FROM {self.refunds} WHERE key = ?", (key,)).fetchone()  # noqa: S608 (a name of our own)
            if known:
                return Refund(known["reference"], known["yen"], datetime.fromisoformat(known["at"]))
            charge = self._with_left(connection, reference, yen)
            if charge is None:
                return None
            at = self.books.now()
            connection.execute(f"INSERT INTO {self.refunds} VALUES (?, ?, ?, ?)", (key, reference, yen, stored(at)))  # noqa: S608
            if self._refunded_yen(connection, reference) == charge.yen:
                connection.execute(f"UPDATE {self.table} SET state = 'refunded' WHERE key = ?", (charge.key,))  # noqa: S608
            restore(connection, yen, charge, at)
            return Refund(reference, yen, at, is_silent=charge.is_silent)

    def movements(self, begin: datetime, end: datetime) -> Iterator[tuple[str, str, str, int, datetime]]:
        """(kind, key, reference of the charge, yen, at) of what was taken and given back; `end` is not among it."""
        taken = f"SELECT 'charge' AS kind, key, reference, yen, at FROM {self.table} WHERE state IN ('paid', 'refunded')"  # noqa: S608
        given_back = f"SELECT 'refund', key, reference, -yen, at FROM {self.refunds}"  # noqa: S608
        rows = self.books.reader().execute(f"{taken} UNION ALL {given_back} ORDER BY at")
        for kind, key, reference, yen, at in rows:
            if begin <= datetime.fromisoformat(at) < end:
                yield kind, key, reference, yen, datetime.fromisoformat(at)

    def _with_left(self, connection: sqlite3.Connection, reference: str, yen: int) -> Charge | None:
        """The paid charge of this reference, if at least `yen` of it were not refunded yet."""
        row = connection.execute(f"SELECT key FROM {self.table} WHERE reference = ? AND state = 'paid'", (reference,)).fetchone()  # noqa: S608
        is_disputed = "SELECT 1 FROM card_dispute WHERE reference = ? AND state != 'won'"
        charge = self._find(connection, row["key"]) if row and not connection.execute(is_disputed, (reference,)).fetchone() else None
        return charge if charge and yen <= charge.yen - self._refunded_yen(connection, reference) else None

    def _refunded_yen(self, connection: sqlite3.Connection, reference: str) -> int:
        query = f"SELECT COALESCE(SUM(yen), 0) AS yen FROM {self.refunds} WHERE reference = ?"  # noqa: S608
        return connection.execute(query, (reference,)).fetchone()["yen"]

    def _find(self, connection: sqlite3.Connection, key: str) -> Charge | None:
        row = connection.execute(f"SELECT * FROM {self.table} WHERE key = ?", (key,)).fetchone()  # noqa: S608
        if row is None:
            return None
        values = dict(row)
        flags = {name: bool(values[name]) for name in ("is_retryable", "is_silent")}
        return Charge(**values | flags | {"at": datetime.fromisoformat(values["at"])})

    def _insert(self, connection: sqlite3.Connection, charge: Charge) -> None:
        values = vars(charge) | {"at": stored(charge.at)}
        connection.execute(
            f"INSERT INTO {self.table} (key, yen, state, at, reference, token, code, is_retryable, is_silent)"  # noqa: S608
            " VALUES (:key, :yen, :state, :at, :reference, :token, :code, :is_retryable, :is_silent)",
            values,
        )


def _reference() -> str:
    return f"sand_{secrets.token_hex(10)}"

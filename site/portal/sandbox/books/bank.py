"""The sandbox bank's statement: incoming transfers, in half-width letters as banks print them."""

import sqlite3
from datetime import date

from portal.sandbox.books import Books, stored

NEWEST = "SELECT COALESCE(MAX(id), 0) FROM bank_line"
LINES = """
SELECT bank_line.*, COALESCE(bank_line_code.code, '') AS code
FROM bank_line LEFT JOIN bank_line_code ON line = id ORDER BY id DESC LIMIT 100
"""


def pay_in(books: Books, yen: int, payer: str, *, on: date | None = None, code: str = "", times: int = 1, seen: int | None = None) -> bool:
    """Transfers booked today, or on that day. Whole yen; below 0 it went back to its payer (組戻し).

    `code`: the ten digits of the customer's own number that it was sent to (専用口座). `seen`: the `newest` line; False, and nothing is
    paid in, if there is another by now.
    """
    with books.write() as connection:
        if seen not in (None, connection.execute(NEWEST).fetchone()[0]):
            return False
        for _ in range(times):
            _pay_in(books, connection, yen, payer, on, code)
        return True


def newest(books: Books) -> int:
    """The id of the newest line; 0 without one."""
    return books.reader().execute(NEWEST).fetchone()[0]


def lines(books: Books) -> list[sqlite3.Row]:
    """The newest hundred lines, newest first. `code`: empty, or the customer's own number."""
    return books.reader().execute(LINES).fetchall()


def _pay_in(books: Books, connection: sqlite3.Connection, yen: int, payer: str, on: date | None, code: str) -> None:
    day, (count,) = (on or books.today()).isoformat(), connection.execute("SELECT COUNT(*) FROM bank_line").fetchone()
    made = connection.execute(
        "INSERT INTO bank_line (booked_on, valued_on, yen, payer, number, at) VALUES (?, ?, ?, ?, ?, ?)",
        (day, day, yen, payer, f"{count + 1:06}", stored(books.now())),
    )
    if code:
        connection.execute("INSERT INTO bank_line_code (line, code) VALUES (?, ?)", (made.lastrowid, code))

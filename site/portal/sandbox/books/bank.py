"""The sandbox bank's statement: incoming transfers, in half-width letters as banks print them."""

import sqlite3
from datetime import date

from portal.sandbox.books import Books, stored


def pay_in(books: Books, yen: int, payer: str, *, on: date | None = None) -> None:
    """A transfer booked today, or on that day. Whole yen; below 0 it went back to its payer (組戻し)."""
    with books.write() as connection:
        day, (count,) = (on or books.today()).isoformat(), connection.execute("SELECT COUNT(*) FROM bank_line").fetchone()
        connection.execute(
            "INSERT INTO bank_line (booked_on, valued_on, yen, payer, number, at) VALUES (?, ?, ?, ?, ?, ?)",
            (day, day, yen, payer, f"{count + 1:06}", stored(books.now())),
        )


def lines(books: Books) -> list[sqlite3.Row]:
    """The newest hundred lines, newest first."""
    return books.reader().execute("SELECT * FROM bank_line ORDER BY id DESC LIMIT 100").fetchall()

"""The sandbox bank's statement: incoming transfers, in half-width letters as banks print them."""

import sqlite3

from portal.sandbox.books import Books, stored


def pay_in(books: Books, yen: int, payer: str) -> None:
    """A transfer booked today. Whole yen."""
    with books.write() as connection:
        day, (count,) = books.today().isoformat(), connection.execute("SELECT COUNT(*) FROM bank_line").fetchone()
        connection.execute(
            "INSERT INTO bank_line (booked_on, valued_on, yen, payer, number, at) VALUES (?, ?, ?, ?, ?, ?)",
            (day, day, yen, payer, f"{count + 1:06}", stored(books.now())),
        )


def lines(books: Books) -> list[sqlite3.Row]:
    """The newest hundred lines, newest first."""
    return books.reader().execute("SELECT * FROM bank_line ORDER BY id DESC LIMIT 100").fetchall()

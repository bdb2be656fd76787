"""The demo clock's other data: the day on which the demo starts, and the last time that the clock was turned."""

from dataclasses import dataclass
from datetime import date

from portal.sandbox.books import Books


@dataclass(frozen=True)
class Turn:
    """Days in Japan. `after_event` and `until_event`: the newest history ids before and after the turn; None while it runs."""

    from_day: date
    to_day: date
    after_event: int
    until_event: int | None


def begin_turn(books: Books, from_day: date, to_day: date, after_event: int) -> None:
    with books.write() as connection:
        values = (from_day.isoformat(), to_day.isoformat(), after_event)
        connection.execute("INSERT OR REPLACE INTO demo_turn (id, from_day, to_day, after_event) VALUES (1, ?, ?, ?)", values)


def end_turn(books: Books, until_event: int) -> None:
    with books.write() as connection:
        connection.execute("UPDATE demo_turn SET until_event = ?", (until_event,))


def last_turn(books: Books) -> Turn | None:
    row = books.reader().execute("SELECT from_day, to_day, after_event, until_event FROM demo_turn").fetchone()
    return row and Turn(date.fromisoformat(row[0]), date.fromisoformat(row[1]), row[2], row[3])


def begin_filling(books: Books, first_day: date) -> None:
    """Until end_filling() the demo counts as half made; the next start then makes it again from scratch."""
    with books.write() as connection:
        connection.execute("INSERT OR REPLACE INTO demo_start (id, first_day, is_filled) VALUES (1, ?, 0)", (first_day.isoformat(),))


def end_filling(books: Books) -> None:
    with books.write() as connection:
        connection.execute("UPDATE demo_start SET is_filled = 1")


def is_half_made(books: Books) -> bool:
    row = books.reader().execute("SELECT is_filled FROM demo_start").fetchone()
    return row is not None and not row["is_filled"]


def first_day(books: Books) -> date | None:
    """None if the demo was created before this column existed."""
    row = books.reader().execute("SELECT first_day FROM demo_start").fetchone()
    return row and date.fromisoformat(row["first_day"])

"""How far the demo's tour has come: one row for each step that was made."""

from dataclasses import dataclass
from datetime import date

from portal.sandbox.books import Books


@dataclass(frozen=True)
class Made:
    """Days in Japan. `after_event` and `until_event`: the newest history ids before and after it. `picture`: what its customer saw then."""

    step: int
    login: str
    from_day: date
    to_day: date
    after_event: int
    until_event: int
    picture: str


def add(books: Books, made: Made) -> None:
    values = (made.step, made.login, str(made.from_day), str(made.to_day), made.after_event, made.until_event, made.picture)
    with books.write() as connection:
        connection.execute("INSERT INTO demo_tour VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def made(books: Books) -> list[Made]:
    """In order."""
    rows = books.reader().execute("SELECT * FROM demo_tour ORDER BY step").fetchall()
    return [Made(step, login, date.fromisoformat(first), date.fromisoformat(last), *rest) for step, login, first, last, *rest in rows]


def keep_picture(books: Books, step: int, picture: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE demo_tour SET picture = ? WHERE step = ?", (picture, step))


def end(books: Books) -> None:
    with books.write() as connection:
        connection.execute("DELETE FROM demo_tour")

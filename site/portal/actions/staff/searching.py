"""What staff look for in long lists, at the same speed however much there is.

Whole numbers, and the beginnings of logins, names, addresses and payers, are found by indexes among all rows. Any other part of a text is
looked for in the newest rows alone (rules/staff/lists.py), and the page says so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Expression, ModelSelect

from portal.actions.transfers.order_rows import any_of
from portal.rules.staff.lists import MOST, NEWEST
from portal.rules.transfers.order_numbers import half_width
from portal.store.beginnings import begins, holds


@dataclass(frozen=True)
class SearchQuery:
    """The text of a search field, and the yen amount that it may be."""

    text: str = ""
    yen: int | None = None
    page: int = 1


@dataclass(frozen=True)
class Place:
    """A column in which the text is looked for as `key` writes it. `rows`: ids of the list, with the column's table, where the column
    has an index and is written by `key`; None: no index.
    """

    column: Any
    key: Callable[[str], str]
    rows: ModelSelect | None = None

    def begins(self, text: str) -> Iterator[ModelSelect]:
        """By an index, in all rows."""
        if self.rows is not None and (key := self.key(text)):
            yield few(self.rows.where(begins(self.column, key)))

    def contains(self, text: str) -> list[Expression]:
        key = self.key(text)
        return [holds(self.column, key, is_key=self.rows is not None)] if key else []


def few(query: ModelSelect) -> ModelSelect:
    """As many ids as a list takes from one index."""
    some = query.limit(MOST).alias("few")
    return some.select_from(some.c.id)


def newest(rows: ModelSelect, conditions: list[Expression]) -> Iterator[ModelSelect]:
    """Those of the newest rows that one of the conditions fits. It is asked of each of them and no other row: as a condition of the query
    PostgreSQL would ask it of the whole table, and then take the newest.
    """
    if conditions:
        key = rows.model.id
        last = rows.select(key, any_of(conditions).alias("fits")).order_by(key.desc()).limit(NEWEST).alias("last")
        yield last.select_from(last.c.id).where(last.c.fits).order_by(last.c.id.desc()).limit(MOST)


def contained(places: Iterable[Place], text: str) -> list[Expression]:
    return [fits for place in places for fits in place.contains(text)]


def found(rows: ModelSelect, places: Iterable[Place], parts: Iterable[Place], text: str) -> Iterator[ModelSelect]:
    """Ids of the rows of a long list. `rows`: all of them, joined with the tables of `parts`."""
    for place in places:
        yield from place.begins(text)
    yield from newest(rows, contained(parts, text))


def with_digits(text: str) -> str:
    """What may be a part of a number."""
    return half_width(text) if any(character.isdigit() for character in text) else ""


def small(text: str) -> str:
    """As logins and addresses are found."""
    return half_width(text).lower()

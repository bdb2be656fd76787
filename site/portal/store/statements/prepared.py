"""A SELECT that is made and written once, and takes its values at each call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import BaseQuery, Value

from portal.store.statements.rows import reader

Lengths = tuple[int | None, ...]


@dataclass(frozen=True)
class Place:
    """Where a value of the call goes."""

    number: int


class Statement:
    """`values`: in the order of the text, with a Place for each that a call gives."""

    def __init__(self, query: BaseQuery, text: str, values: Sequence[Any]) -> None:
        self.text = text
        self._query, self._values = query, values
        self._read: Callable[[Any], Any] | None = None

    def values_of(self, given: Sequence[Any]) -> list[Any]:
        return [given[value.number] if type(value) is Place else value for value in self._values]

    def rows(self, cursor: Any) -> list[Any]:
        """As peewee reads the rows of the query. Which column is what of which model is found out at the first call."""
        if self._read is None:
            wrapper = self._query._get_cursor_wrapper(cursor)
            wrapper.initialize()
            wrapper.cursor = None
            self._read = reader(wrapper)
        return [self._read(row) for row in cursor.fetchall()]


def query_with_places(make: Callable[..., BaseQuery], lengths: Lengths) -> BaseQuery:
    """`lengths`: of each list that the query is given; None for what is one value."""
    numbers = iter(range(sum(1 if length is None else length for length in lengths)))

    def place() -> Value:
        return Value(Place(next(numbers)), converter=False)

    return make(*(place() if length is None else [place() for _ in range(length)] for length in lengths))

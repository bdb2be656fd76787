"""Queries of every page and every renewal: made once, not each time. Making and writing them took a fifth of a page's time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from peewee import BaseQuery

from portal.store.database import database, is_postgresql
from portal.store.statements.prepared import Lengths, Statement, query_with_places

One = int | str | date
Given = One | Sequence[One]


class Prepared:
    """Decorates a function that makes a query. A call takes what the function takes, and returns the rows: the query's own models.

    The function itself is called with nodes that stand for the values, once for each database and each length of the lists. The values go
    to the database as they are: keys, texts and days, which no column writes in another way. None is not one: SQL has another word for it.
    """

    def __init__(self, make: Callable[..., BaseQuery]) -> None:
        self.make = make

    def __call__(self, *given: Given) -> list[Any]:
        statement = self._statement_for(given)
        return statement.rows(_execute(statement, given))

    def changes(self, *given: Given) -> int:
        """Of a query that writes: how many rows it has written."""
        return _execute(self._statement_for(given), given).rowcount

    def first(self, *given: Given) -> Any | None:
        """The first row. The query itself says that it wants one (`limit`), where there may be more."""
        return next(iter(self(*given)), None)

    def _statement_for(self, given: Sequence[Given]) -> Statement:
        return self.statement(tuple(None if isinstance(value, One) else len(value) for value in given))

    def statement(self, lengths: Lengths) -> Statement:
        known = database.obj.prepared
        found = known.get((self, lengths))
        if found is None:
            query = query_with_places(self.make, lengths)
            found = known[self, lengths] = Statement(query, *database.obj.written(query))
        return found


def _execute(statement: Statement, given: Sequence[Given]) -> Any:
    return database.execute_sql(statement.text, statement.values_of(_one_by_one(given)))


def _one_by_one(given: Sequence[Given]) -> list[Any]:
    values: list[Any] = []
    for value in given:
        if isinstance(value, One):
            values.append(value)
        else:
            values.extend(value)
    return values


@contextmanager
def planned_once() -> Iterator[None]:
    """What is asked meanwhile PostgreSQL plans a few times only, on each connection: of a text with many parts that is most of its time.

    For a text whose plan does not depend on its values: with them PostgreSQL often finds a better one.
    """
    if not is_postgresql():
        yield
        return
    connection = database.connection()
    connection.prepare_threshold = 0
    try:
        yield
    finally:
        connection.prepare_threshold = None

"""The SQL text of a query, remembered by the query's shape.

peewee writes each query's text anew, which took a third of a page's time. Queries of one shape (the same tables, columns and operators,
with other values) have the same text. The first of a shape is written by peewee; if its values are the ones collected here, in the same
order, the text is kept. A query that has anything unknown here, or whose values differ, is always written by peewee.
"""

from typing import Any

from peewee import BaseQuery, Database

from portal.store.statements import nodes, queries
from portal.store.statements.constants import TextsWithConstants
from portal.store.statements.prepared import Statement
from portal.store.statements.shape import Shape, Unknown

MOST_SHAPES = 2_000  # a list of values has a shape for each length
KNOWN = (nodes, queries)  # they write into the table of shape.py


class RememberedTexts(Database):
    """Writes the text of a shape once."""

    context_class = TextsWithConstants

    def init(self, database: Any, *args: Any, **kwargs: Any) -> None:
        self._texts: dict[tuple[Any, ...], str] = {}
        self.prepared: dict[Any, Statement] = {}  # see portal/store/prepared.py
        super().init(database, *args, **kwargs)

    def execute(self, query: Any, **context_options: Any) -> Any:
        if context_options or not isinstance(query, BaseQuery):
            return super().execute(query, **context_options)
        return self.execute_sql(*self.text_and_values(query))

    def text_and_values(self, query: BaseQuery) -> tuple[str, list[Any]]:
        """Raises what peewee raises for a query that it cannot write."""
        shape = _shape(query)
        if shape is None:
            return self.written(query)
        key = tuple(shape.parts)
        known = self._texts.get(key)
        if known is not None:
            return known, shape.values
        text, values = self.written(query)
        if _same(values, shape.values):
            if len(self._texts) >= MOST_SHAPES:
                self._texts.clear()
            self._texts[key] = text
        return text, values

    def remembers(self, query: BaseQuery) -> bool:
        """True if a query of this shape was written before, and peewee is not asked again."""
        shape = _shape(query)
        return shape is not None and tuple(shape.parts) in self._texts

    def written(self, query: BaseQuery) -> tuple[str, list[Any]]:
        """As peewee writes it."""
        return self.get_sql_context().sql(query).query()


def _shape(query: BaseQuery) -> Shape | None:
    try:
        return Shape(query)
    except Unknown:
        return None


def _same(some: list[Any], others: list[Any]) -> bool:
    return some == others and [type(value) for value in some] == [type(value) for value in others]

"""One page of a list, with one or two queries, however many rows there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from peewee import ModelSelect

from models import Row
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.order_rows import ROWS
from portal.rules.staff.lists import LAST_PAGE, NEWEST

T = TypeVar("T")
ALL = 1_000_000  # more than the places of a search find together


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list. `is_cut`: older rows are on no page, only a search finds them. `searched`: in so many of the newest rows any part
    of the text was looked for; None: in all.
    """

    rows: list[T]
    page: int
    has_more: bool
    is_cut: bool = False
    searched: int | None = None


def page_of(query: ModelSelect, search: SearchQuery, row: Any) -> Listed:
    """Of a short list."""
    found = list(query.limit(ROWS + 1).offset((search.page - 1) * ROWS))
    return _listed([row(each) for each in found[:ROWS]], search, len(found) > ROWS)


def newest_first(query: ModelSelect, keys: Sequence[Any], search: SearchQuery, places: list[ModelSelect] | None, row: Any) -> Listed:
    """Of a long list: first the ids of the page, then its rows. `keys`: by which it is sorted, the last one is the id. `places`: queries of
    ids; None: all rows of `query`, which then needs an index by `keys`.
    """
    table, order = keys[-1].model, [column.desc() for column in keys]
    if places == []:  # a sign alone is looked for nowhere
        return _listed([], search, False, NEWEST)
    ids = _alone(query, keys).order_by(*order) if places is None else _sorted(table, keys, places)
    found = [each[-1] for each in ids.limit(ROWS + 1).offset((search.page - 1) * ROWS).tuples()]
    rows = query.where(table.id.in_(found[:ROWS])).order_by(*order) if found else []
    return _listed([row(each) for each in rows], search, len(found) > ROWS, None if places is None else NEWEST)


def rows_of_page(query: ModelSelect, ids: ModelSelect, order: Sequence[Any], search: SearchQuery, row: Any) -> Listed:
    """Of a short list whose columns take long: first the ids. `ids`: a query whose last column is the id. `order`: of both queries."""
    found = [each[-1] for each in ids.order_by(*order).limit(ROWS + 1).offset((search.page - 1) * ROWS).tuples()]
    rows = query.where(query.model.id.in_(found[:ROWS])).order_by(*order) if found else []
    return _listed([row(each) for each in rows], search, len(found) > ROWS)


def _alone(query: ModelSelect, keys: Sequence[Any]) -> ModelSelect:
    """The keys of its rows without its joins: its conditions are all of its own table."""
    alone = keys[-1].model.select(*keys)
    return alone if query._where is None else alone.where(query._where)


def _sorted(table: type[Row], keys: Sequence[Any], places: list[ModelSelect]) -> Any:
    """All that the places find, then sorted. Without the limit PostgreSQL might walk the whole table in the order of the list instead."""
    found = table.select(*keys).where(table.id.in_(reduce(or_, places))).limit(ALL).alias("found")
    columns = [getattr(found.c, key.column_name) for key in keys]
    return found.select_from(*columns).order_by(*(column.desc() for column in columns))


def _listed(rows: list[Any], search: SearchQuery, has_more: bool, searched: int | None = None) -> Listed:
    is_last = search.page >= LAST_PAGE
    return Listed(rows, search.page, has_more and not is_last, has_more and is_last, searched)

"""The rows of a prepared query as peewee reads them, with all values of a model taken at once.

peewee sets each value of each row by itself, and asks anew where it goes. Here that is found out once for a query, from what peewee's own
cursor wrapper knows; `tests/store/test_prepared.py` compares what both read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    CharField,
    CursorWrapper,
    ForeignKeyField,
    IntegerField,
    Model,
    ModelCursorWrapper,
    ModelObjectCursorWrapper,
    TextField,
)

Key = Any  # a model or an alias of one, as peewee names the sources of a query
Convert = Callable[[Any], Any]
Spec = tuple[int, str, Convert | None]  # of a column: its place in the row, its name, how its value is read
AS_THEY_ARE = (AutoField, BigIntegerField, CharField, IntegerField, TextField)  # both drivers return them as int and str


@dataclass(frozen=True)
class Columns:
    """Of one model of the query. `extra`: what is no field of the model, such as a sum."""

    model: type[Model]
    names: Sequence[str]
    take: Callable[[Sequence[Any]], tuple[Any, ...]]
    converted: Sequence[tuple[str, Convert]]
    extra: Sequence[str]

    def read(self, row: Sequence[Any]) -> tuple[Model, bool]:
        """The model, and if any of its values is not NULL."""
        values = self.take(row)
        data = dict(zip(self.names, values, strict=True))
        for name, convert in self.converted:
            if data[name] is not None:
                data[name] = convert(data[name])
        found = self.model(__no_default__=True)
        for name in self.extra:
            setattr(found, name, data.pop(name))
        found.__data__ = data
        return found, values.count(None) < len(values)


@dataclass(frozen=True)
class Joined:
    """Where a joined model goes: to this attribute of its source. `beyond`: what is joined to it in turn."""

    source: Key
    attribute: str
    key: Key
    is_outer: bool
    is_foreign_key: bool
    beyond: frozenset[Key]

    def attach(self, found: Mapping[Key, Model], filled: set[Key]) -> None:
        """An outer join that found nothing leaves None, an inner one nothing."""
        is_there = self.key in filled or not self.beyond.isdisjoint(filled)
        if self.is_outer and self.key not in filled and self.source not in filled:
            return
        if not self.is_outer and not is_there:
            return
        if is_there or not self.is_foreign_key:
            setattr(found[self.source], self.attribute, found[self.key] if is_there else None)
        else:
            found[self.source].__rel__[self.attribute] = None  # asked for, and not there; the id stays


def reader(wrapper: CursorWrapper) -> Callable[[Sequence[Any]], Any]:
    """Of one row, for peewee's wrapper of a query that was asked; peewee's own where the rows are no models."""
    match wrapper:
        case ModelCursorWrapper():
            return _reader_of_joined(wrapper)
        case ModelObjectCursorWrapper(is_model=True):
            spec = list(zip(range(wrapper.ncols), wrapper.columns, wrapper.converters, strict=True))
            columns = _columns(wrapper.constructor, spec)
            return lambda row: columns.read(row)[0]
        case _:
            return wrapper.process_row


def _reader_of_joined(wrapper: ModelCursorWrapper) -> Callable[[Sequence[Any]], Model]:
    root, models, beyond = wrapper.model, wrapper.key_to_constructor, wrapper._dest_reachable
    specs: dict[Key, list[Spec]] = {key: [] for key in models}
    for place, key, *about in wrapper._row_spec:
        specs[key if key in models else root].append((place, *about))
    parts = {key: _columns(models[key][0], spec) for key, spec in specs.items()}
    joins = [Joined(*place, is_outer, is_key, beyond.get(place[2], frozenset())) for *place, _, is_outer, is_key in wrapper.src_to_dest]

    def read(row: Sequence[Any]) -> Model:
        read_parts = {key: part.read(row) for key, part in parts.items()}
        found = {key: model for key, (model, _) in read_parts.items()}
        filled = {key for key, (_, is_filled) in read_parts.items() if is_filled}
        for joined in joins:
            joined.attach(found, filled)
            found[joined.source]._dirty.clear()
        return found[root]

    return read


def _columns(model: type[Model], spec: Sequence[Spec]) -> Columns:
    names = [name for _, name, _ in spec]
    converted = [(name, convert) for _, name, convert in spec if convert and not _is_read_as_it_is(convert)]
    extra = [name for name in names if name not in model._meta.fields]
    return Columns(model, names, _taker([place for place, *_ in spec]), converted, extra)


def _taker(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[place] for place in places)


def _is_read_as_it_is(convert: Convert) -> bool:
    """True for what a column of text or numbers reads, and a key of such a row."""
    column = getattr(convert, "__self__", None)
    while type(column) is ForeignKeyField:
        column = column.rel_field
    return type(column) in AS_THEY_ARE

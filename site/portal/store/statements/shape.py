"""What decides a query's text, and the query's values in the order of the text."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from peewee import BaseQuery, FieldAlias, Node, Value

from portal.store.statements.constants import is_constant

MANY = (list, tuple, set, frozenset)

Convert = Callable[[Any], Any] | bool | None  # False: the value stays as it is, also where a column would write it otherwise
Writer = Callable[["Shape", Any, Convert], None]
WRITERS: dict[type, Writer] = {}


class Unknown(Exception):
    """Something of the query is not known here."""


class Shape:
    """Of one query. Two queries with equal parts have the same text. `is_compared`: what is added now stands in a comparison."""

    __slots__ = ("_seen", "is_compared", "parts", "values")

    def __init__(self, query: BaseQuery) -> None:
        self.parts: list[Any] = []
        self.values: list[Any] = []
        self.is_compared = False
        self._seen: dict[int, int] = {}
        self.add(query)

    def add(self, node: Any, convert: Convert = None) -> None:
        """`convert`: how the column writes that this is compared with."""
        kind = type(node)
        write = WRITERS.get(kind) or _writer(FieldAlias if isinstance(node, FieldAlias) else kind)
        write(self, node, convert)

    def add_all(self, nodes: Sequence[Any], convert: Convert = None) -> None:
        self.parts.append(len(nodes))
        for node in nodes:
            self.add(node, convert)

    def add_attributes(self, node: Any, names: Sequence[str], convert: Convert = None) -> None:
        """Each is a part of a query, a list of them, or a word or switch that changes the text."""
        for name in names:
            part = getattr(node, name)
            if part is None or isinstance(part, (bool, str)):
                self.parts.append(part)
            else:
                self.add(part, convert)

    def add_value(self, value: Any, convert: Convert = None) -> None:
        if self.is_compared and is_constant(value):
            self.parts += (StrEnum, value)
            return
        written = convert(value) if convert else value
        if isinstance(written, (Node, type)):
            raise Unknown
        self.parts.append(Value)
        self.values.append(written)

    def is_new(self, source: Any) -> bool:
        """A table that is named twice has one alias, two of one kind have two."""
        number = self._seen.setdefault(id(source), len(self._seen))
        self.parts.append(number)
        return number == len(self._seen) - 1


def writes(*kinds: type) -> Callable[[Writer], Writer]:
    """The function adds the parts and values of such nodes, and of their descendants that have none of their own."""

    def note(writer: Writer) -> Writer:
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return note


def _writer(kind: type) -> Writer:
    """Of its nearest ancestor; `object` has the one of plain values."""
    return WRITERS.setdefault(kind, next(WRITERS[ancestor] for ancestor in kind.__mro__ if ancestor in WRITERS))

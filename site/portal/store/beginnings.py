"""Texts that begin with something, found by an index on both databases, and texts that something is a part of."""

from typing import Any

from peewee import OP, Expression

from portal.store import database as store

LAST_LETTER = "\U0010ffff"


def begins(column: Any, text: str) -> Expression:
    """A query condition. On PostgreSQL its index has the collation "C", which sorts as letters are numbered; LIKE would read every row."""
    column = column.collate('"C"') if store.is_postgresql() else column
    return (column >= text) & (column < text + LAST_LETTER)


def holds(column: Any, text: str, *, is_key: bool = False) -> Expression:
    """A query condition: the text is a part of the column's, in small or large letters. `is_key`: both are written as a key is, in one way.

    PostgreSQL's ILIKE takes a multiple of the time of LIKE, which finds the same of keys, and of digits and kana.
    """
    found = column.contains(text)
    if store.is_postgresql() and (is_key or text.lower() == text.upper()):
        found.op = OP.LIKE
    return found

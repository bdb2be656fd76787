"""Texts that begin with something, found by an index on both databases."""

from typing import Any

from peewee import Expression

from portal.store import database as store

LAST_LETTER = "\U0010ffff"


def begins(column: Any, text: str) -> Expression:
    """A query condition. On PostgreSQL its index has the collation "C", which sorts as letters are numbered; LIKE would read every row."""
    column = column.collate('"C"') if store.is_postgresql() else column
    return (column >= text) & (column < text + LAST_LETTER)

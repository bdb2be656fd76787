"""Finds the line of a key in a TOML file. tomllib has no line numbers, but error messages need them."""

import re
from collections.abc import Iterator

from portal.catalog.mistakes import KeyPath

HEADER = re.compile(r"\s*(?P<brackets>\[\[?)\s*(?P<key>[^\[\]]+?)\s*\]\]?\s*(#.*)?$")
ASSIGNMENT = re.compile(r"""\s*(?P<key>[\w.\s"'-]+?)\s*=""", re.ASCII)
QUOTES = ('"""', "'''")


def lines_of(text: str) -> dict[KeyPath, int]:
    """Path of each table and key -> its first line, counted from 1. Keys in an inline table count as that table."""
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in _outside_long_texts(text):
        if header := HEADER.match(line):
            table = _table_path(header, counts)
            lines.setdefault(table, number)
        elif assignment := ASSIGNMENT.match(line):
            lines.setdefault(table + _parts(assignment["key"]), number)
    return lines


def _table_path(header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
    """The path of a [table] or [[table]], with the index in each array."""
    path: KeyPath = ()
    parts = _parts(header["key"])
    for position, part in enumerate(parts, start=1):
        path += (part,)
        if position == len(parts) and header["brackets"] == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _parts(key: str) -> KeyPath:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def _outside_long_texts(text: str) -> Iterator[tuple[int, str]]:
    open_quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not open_quote:
            yield number, line
        for quote in (open_quote,) if open_quote else QUOTES:
            if line.count(quote) % 2:
                open_quote = "" if open_quote else quote
                break

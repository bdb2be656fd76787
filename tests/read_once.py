"""Reads each page of a run once: pages that differ in drawn tokens and numbers alone are copies of one tree.

html5lib needs several times as long to read a page as it takes to put a known tree together again, and most tests pass the same pages on
their way. What one worker has read or found sound, the others need not read or prove again: they share a folder of this run alone.
"""

import marshal
import os
import re
import zlib
from collections.abc import Callable
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import get_ident
from typing import Any

import bs4.element
import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder import HTML5TreeBuilder
from bs4.element import AttributeDict, AttributeValueList, PageElement

DRAWN = re.compile(r'(?<=value=")[\w.-]{20,}(?=")|(?<=data-me=")[^"]+|(?<=/)[\w-]{20,}\b|(?<![#\w])\d{6,}\b')
PLACE = re.compile("\ue000(\\d+)\ue001")  # of a drawn word; no page has these characters
ALL_TAGS = "all_tags"
LINKS = ("parent", "previous_element", "next_element", "previous_sibling", "next_sibling")
LINES = ("sourceline", "sourcepos")

TAG = "Tag"
Words = list[str]


class Reader(HTML5TreeBuilder):
    """Notes what is not valid while it builds the tree: reading a page twice takes twice as long."""

    def feed(self, markup: str) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        parser.parse(markup)
        self.errors = parser.errors


class Notes:
    """What was found once, by its name: here, and with a folder also by the other workers of the run."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._known: dict[str, bytes] = {}

    def find(self, name: str) -> bytes | None:
        if name not in self._known and self.folder:
            try:
                self._known[name] = (self.folder / name).read_bytes()
            except FileNotFoundError:
                return None
        return self._known.get(name)

    def keep(self, name: str, content: bytes = b"") -> None:
        self._known[name] = content
        if self.folder:
            written = self.folder / f"{name}.{os.getpid()}.{get_ident()}"
            written.write_bytes(content)
            written.rename(self.folder / name)


NOTES = Notes()


def share(folder: Path) -> None:
    """With the other workers of this run, whose folder it is."""
    NOTES.folder = folder / "read"
    NOTES.folder.mkdir(exist_ok=True)


@lru_cache(maxsize=8)  # a page is asked twice: was it found sound, and was it read
def alike(html: str) -> tuple[str, Words]:
    """Equal for pages that differ in tokens and numbers drawn by lot alone (equal ones stay equal, different ones different); and those."""
    names: dict[str, str] = {}
    text = DRAWN.sub(lambda drawn: names.setdefault(drawn[0], f"\ue000{len(names)}\ue001"), html)
    return text, list(names)


def name_of(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def read(html: str) -> tuple[BeautifulSoup, list]:
    """The tree, and what html5lib found wrong: (line, column), code and details of each."""
    text, words = alike(html)
    if any("&" in word for word in words):
        return _parsed(html)  # the word is written in another way than it reads
    name = name_of("tree", text)
    known = NOTES.find(name)
    if known is None:
        soup, errors = _parsed(text)
        steps: list[tuple] = []
        _write(soup, steps.append)
        known = zlib.compress(marshal.dumps((steps, errors)), 1)
        NOTES.keep(name, known)
    steps, errors = marshal.loads(zlib.decompress(known))
    return _built(steps, words), errors


def _parsed(html: str) -> tuple[BeautifulSoup, list]:
    reader = Reader()
    soup = BeautifulSoup(html, builder=reader)
    return soup, reader.errors


def _write(tag: Tag, add: Callable[[tuple], None], depth: int = 0) -> None:
    for child in tag.contents:
        if isinstance(child, Tag):
            attributes = [(str(name), list(value) if isinstance(value, list) else str(value)) for name, value in child.attrs.items()]
            add((depth, TAG, (child.name, child.namespace, child.prefix), attributes))
            _write(child, add, depth + 1)
        else:
            add((depth, type(child).__name__, str(child), ()))


def _built(steps: list[tuple], words: Words) -> BeautifulSoup:
    """What html5lib would have built, but for the numbers of the lines."""
    soup = BeautifulSoup.__new__(BeautifulSoup)
    soup.__dict__ = _empty_soup() | {"contents": [], "attrs": AttributeDict(), ALL_TAGS: []}
    fill, around = _filler(words), [soup]
    last = soup if steps[0][1] == TAG else None  # html5lib links the document itself to nothing if it begins with a doctype
    for depth, kind, content, attributes in steps:
        del around[depth + 1 :]
        if kind == TAG:
            element = _tag(content, attributes, fill)
            soup.__dict__[ALL_TAGS].append(element)
        else:
            element = getattr(bs4.element, kind)(fill(content))
        _put(element, around[depth], last)
        around.append(element)
        last = element
    return soup


def _tag(look: tuple[str, str | None, str | None], attributes: list[tuple], fill: Callable[[str], str]) -> Tag:
    tag = Tag.__new__(Tag)
    tag.__dict__ = _empty_tag(*look).copy()
    tag.contents = []
    tag.attrs = AttributeDict(
        {name: fill(value) if type(value) is str else AttributeValueList(map(fill, value)) for name, value in attributes}
    )
    return tag


def _put(element: PageElement, parent: Tag, last: PageElement | None) -> None:
    """At the end of what is in the parent; `last` is what stands before it on the page."""
    before = parent.contents[-1] if parent.contents else None
    element.parent, element.previous_element, element.previous_sibling = parent, last, before
    element.next_element = element.next_sibling = None
    if last is not None:
        last.next_element = element
    if before is not None:
        before.next_sibling = element
    parent.contents.append(element)


def _filler(words: Words) -> Callable[[str], str]:
    """Puts the drawn words back."""

    def fill(text: str) -> str:
        return PLACE.sub(lambda place: words[int(place[1])], text) if "\ue000" in text else text

    return fill


@cache
def _empty_soup() -> dict[str, Any]:
    return _own(BeautifulSoup("", builder=Reader()))


@cache
def _empty_tag(name: str, namespace: str | None, prefix: str | None) -> dict[str, Any]:
    tag = BeautifulSoup("", builder=Reader()).new_tag(name, namespace, prefix)
    return _own(tag)


def _own(tag: Tag) -> dict[str, Any]:
    return vars(tag) | dict.fromkeys((*LINKS, *LINES))

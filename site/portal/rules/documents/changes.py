"""What changed between two versions of a document, found in their texts, so that it is never left out and never untrue."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser

BLOCKS = {"h2", "h3", "h4", "p", "li", "dt", "dd", "th", "td", "caption"}
HEADINGS = {"h2", "h3", "h4"}


@dataclass(frozen=True)
class Block:
    """One paragraph. `heading`: the heading that it stands under, its own for a heading."""

    heading: str
    text: str


@dataclass(frozen=True)
class Change:
    """One stretch of paragraphs that was replaced, left out or added, under the heading of its first paragraph."""

    heading: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes(before: str, after: str) -> list[Change]:
    """In the order of the new text. `before`, `after`: the HTML of the two versions."""
    old, new = blocks_of(before), blocks_of(after)
    texts = [[block.text for block in blocks] for blocks in (old, new)]
    found = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    return [_change(old[a:b], new[c:d]) for what, a, b, c, d in found if what != "equal"]


def blocks_of(html: str) -> list[Block]:
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    return list(reader.found())


def _change(removed: list[Block], added: list[Block]) -> Change:
    first = (added or removed)[0]
    return Change(first.heading, tuple(block.text for block in removed), tuple(block.text for block in added))


class _Blocks(HTMLParser):
    """Text of nested blocks belongs to the innermost one, text outside of any to a block of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[bool, list[str]]] = [(False, [])]

    def found(self) -> Iterator[Block]:
        heading = ""
        for is_heading, words in self._parts:
            text = " ".join("".join(words).split())
            heading = text if is_heading and text else heading
            if text:
                yield Block(heading, text)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._parts.append((tag in HEADINGS, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._parts.append((False, []))

    def handle_data(self, data: str) -> None:
        self._parts[-1][1].append(data)

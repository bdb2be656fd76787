"""Wraps text for fixed-width Japanese screens: wide letters count two, Japanese line break rules, links are never broken."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

COLUMNS = 72
NOT_FIRST = set("、。，．・：；？！」』）】〕〉》”’ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ々ゝゞ…‥〜～％円")
NOT_LAST = set("「『（【〔〈《“‘")
JOINER, EMOJI_STYLE = "\u200d", "\ufe0f"
SKIN = range(0x1F3FB, 0x1F400)
FLAG = range(0x1F1E6, 0x1F200)
INDENT = re.compile(r"[ 　]*・?")
UNITS = "円年月日時分台件%"


@lru_cache(4_096)  # most lines are the same in every mail
def width(text: str) -> int:
    """Columns on a fixed-width Japanese screen. A letter of ambiguous width counts two."""
    return sum(_cluster_width(cluster) for cluster in _clusters(text))


def wrapped(text: str, columns: int = COLUMNS) -> str:
    """Each line of `text` broken into lines of at most `columns`. Continuation lines are indented to the text of the first."""
    return "\n".join(line for source in text.split("\n") for line in _lines(source.rstrip(), columns))


def _lines(source: str, columns: int) -> Iterator[str]:
    if width(source) <= columns:
        yield source
        return
    lead = INDENT.match(source)[0]
    below = " " * width(lead)
    line, filled = lead, len(below)
    for piece in _pieces(source[len(lead) :], columns - len(below)):
        if line.strip() and filled + width(piece.rstrip()) > columns and line != lead:
            yield line.rstrip()
            piece = piece.lstrip()
            line, filled = below, len(below)
        line += piece
        filled += width(piece)
    yield line.rstrip()


def _pieces(text: str, columns: int) -> Iterator[str]:
    """Pieces that stay together on a line if they fit."""
    together = ""
    for unit in _units(text):
        if together and not _belongs(together, unit):
            yield from _cut(together, columns)
            together = ""
        together += unit
    yield from _cut(together, columns)


def _belongs(before: str, unit: str) -> bool:
    return unit[0] in NOT_FIRST or before[-1] in NOT_LAST


def _cut(piece: str, columns: int) -> Iterator[str]:
    """The piece as it is if it fits; else split into units, and these at the line's end. Links are never split."""
    if width(piece) <= columns:
        yield piece
        return
    for unit in _units(piece):
        yield from [unit] if "://" in unit else _slices(unit, columns)


def _slices(unit: str, columns: int) -> Iterator[str]:
    part = ""
    for cluster in _clusters(unit):
        if part and width(part) + _cluster_width(cluster) > columns:
            yield part
            part = ""
        part += cluster
    yield part


def _units(text: str) -> Iterator[str]:
    """A Latin word or number with its counter, or one letter of anything else."""
    word = ""
    for cluster in _clusters(text):
        if "!" <= cluster <= "~" or (word and word[-1].isdigit() and cluster in UNITS):
            word += cluster
            continue
        if word:
            yield word
        word = ""
        yield cluster
    if word:
        yield word


def _clusters(text: str) -> Iterator[str]:
    """Letters with their combining marks: accents, joined emoji, flags."""
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    if cluster[-1] == JOINER or character == JOINER or unicodedata.category(character) in ("Mn", "Me", "Mc"):
        return True
    if ord(character) in FLAG:
        return len(cluster) == 1 and ord(cluster) in FLAG
    return ord(character) in SKIN


def _cluster_width(cluster: str) -> int:
    total = sum(_width(character) for character in cluster)
    return max(total, 2) if EMOJI_STYLE in cluster else total


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1

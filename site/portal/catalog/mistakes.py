"""Collects all errors of the catalog, so that they can be fixed together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KeyPath = tuple[str | int, ...]


class CatalogError(Exception):
    """The catalog cannot be used. The message names file, line, key, and what to write, in Japanese."""


@dataclass
class Mistakes:
    """`lines`: the line of each key in the file."""

    file: Path
    lines: Mapping[KeyPath, int]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: KeyPath, what: str) -> None:
        """Add an error at a key. A missing key gets the line of its table."""
        line = next((self.lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.lines), 0)
        self.found.append((line, f"{self.file}{f' {line}行目' if line else ''} {name_of(path)}\n    {what}"))

    def raise_if_any(self) -> None:
        if self.found:
            in_order = sorted(self.found, key=lambda mistake: mistake[0])
            listed = "\n".join(f"  {number}. {mistake}" for number, (_, mistake) in enumerate(in_order, start=1))
            raise CatalogError(f"会社の台帳に誤りが{len(self.found)}件あります。\n{listed}")


def name_of(path: KeyPath) -> str:
    """("plans", 1, "monthly_yen", "12") -> plans[2番目].monthly_yen.12"""
    return "".join(f"[{part + 1}番目]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")

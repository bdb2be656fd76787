"""Reads one table of the file key by key.

An error is recorded and a harmless value is used instead, so that all errors are found in one run.
"""

import re
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from portal.catalog.mistakes import KeyPath, Mistakes

ID = re.compile(r"[a-z][a-z0-9-]*")
LARGEST_YEN = 9_999_999
LONGEST_TERM = 120
LAST_SURE_DAY = 28


class Table:
    """One table. `finish()` reports unknown keys."""

    def __init__(self, values: Mapping[str, Any], mistakes: Mistakes, path: KeyPath = ()) -> None:
        self.values = values
        self.mistakes = mistakes
        self.path = path
        self._known: set[str] = set()

    def wrong(self, key: str, what: str) -> None:
        self.mistakes.add((*self.path, key), what)

    def finish(self) -> None:
        for key in self.values:
            if key not in self._known:
                self.wrong(key, f"知らない項目です。{self._guess(key)}")

    def known(self, key: str) -> None:
        """A key that may be present."""
        self._known.add(key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or (key not in self.values and default is None):
            return self._refuse(key, value, '文字を " で囲んで書いてください。', "")
        if not value.strip() and value != default:
            return self._refuse(key, value, "空です。内容を書いてください。", "")
        return value

    def one_of(self, key: str, allowed: Container[str], listed: str, default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in allowed:
            self.wrong(key, f"「{value}」は使えません。{listed} のどれかを書いてください。")
        return value

    def id(self) -> str:
        return self.matching("id", ID.fullmatch, "半角の英小文字・数字・ハイフンで、英字から始めて書いてください。")

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self._take(key, default)
        return value if isinstance(value, bool) else self._refuse(key, value, "true か false を、囲まずに書いてください。", False)

    def matching(self, key: str, fits: Callable[[str], object], rule: str) -> str:
        value = self.text(key)
        if value and not fits(value):
            return self._refuse(key, value, rule, "")
        return value

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        return self._whole(key, self._take(key, default), least, most, f"{least}から{most}までの整数だけを書いてください。")

    def yen(self, key: str) -> int:
        return self._whole(key, self._take(key), 1, LARGEST_YEN, _yen_advice(self.values.get(key)))

    def wholes(self, key: str, least: int, most: int, falling: bool = False) -> tuple[int, ...]:
        """A list of distinct whole numbers in the required order. Empty if anything is wrong with it."""
        before = len(self.mistakes.found)
        values = self._list(key)
        numbers = tuple(self._whole(key, value, least, most, f"{least}から{most}までの整数を並べてください。") for value in values)
        if list(numbers) != sorted(set(numbers), reverse=falling) and len(self.mistakes.found) == before:
            self.wrong(key, f"同じ数を2度書かず、{'大きい' if falling else '小さい'}順に並べてください。")
        return numbers if len(self.mistakes.found) == before else ()

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        if not required and key not in self.values:
            self._known.add(key)
            return ()
        values = self._list(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.wrong(key, '文字を " で囲み、, で区切って並べてください（空の文字は書けません）。')
            return ()
        return tuple(values)

    def dates(self, key: str) -> frozenset[date]:
        if self._take(key, []) == []:
            return frozenset()
        values = self._list(key)
        if not all(isinstance(value, date) and not isinstance(value, datetime) for value in values):
            self.wrong(key, '日付を " で囲まずに並べてください。例: [2026-08-13, 2026-08-14]')
            return frozenset()
        return frozenset(values)

    def prices(self, key: str, months: tuple[int, ...]) -> Mapping[int, int]:
        """Months -> yen per month. Exactly the months on offer have a price (not checked while the months are wrong)."""
        prices = self.table(key)
        if not months or not isinstance(self.values.get(key), dict):
            return {}
        for extra in prices.values:
            if extra not in map(str, months):
                prices.wrong(extra, f"お選びいただける月数（months）に {extra} がありません。months に足すか、この価格を消してください。")
        for absent in (month for month in months if str(month) not in prices.values):
            prices.wrong(str(absent), f"{absent}か月の価格がありません。「{absent} = 1か月あたりの円」を書いてください。")
        return MappingProxyType({month: prices.yen(str(month)) for month in months if str(month) in prices.values})

    def table(self, key: str) -> "Table":
        value = self._take(key)
        if not isinstance(value, dict):
            value = self._refuse(key, value, f"[{self._heading(key)}] という見出しの表にしてください。", {})
        return Table(value, self.mistakes, (*self.path, key))

    def tables(self, key: str) -> list["Table"]:
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
            value = self._refuse(key, value, f"[[{self._heading(key)}]] という見出しの表を1つ以上書いてください。", [])
        return [Table(row, self.mistakes, (*self.path, key, number)) for number, row in enumerate(value)]

    def _heading(self, key: str) -> str:
        """As written in the file, without array indexes."""
        return ".".join(part for part in (*self.path, key) if isinstance(part, str))

    def _guess(self, key: str) -> str:
        if near := get_close_matches(key, self._known - self.values.keys(), n=1):
            return f"{near[0]} の書き間違いではありませんか。"
        return f"ここに書けるのは {'、'.join(sorted(self._known))} です。"

    def _take(self, key: str, default: Any = None) -> Any:
        self._known.add(key)
        return self.values.get(key, default)

    def _list(self, key: str) -> list[Any]:
        value = self._take(key)
        if isinstance(value, list) and value:
            return value
        return self._refuse(key, value, "[ ] で囲み、1つ以上を , で区切って並べてください。", [])

    def _whole(self, key: str, value: Any, least: int, most: int, advice: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refuse(key, value, f"整数ではありません。{advice}", least)
        if not least <= value <= most:
            return self._refuse(key, value, advice, least)
        return value

    def _refuse(self, key: str, value: Any, advice: str, instead: Any) -> Any:
        if key not in self.values:
            self.wrong(key, "この項目がありません。書き足してください。")
        else:
            self.wrong(key, f"{_shown(value)} は使えません。{advice}")
        return instead


def _yen_advice(value: Any) -> str:
    if isinstance(value, str):
        return f'" や「円」「¥」「,」をつけず、1から{LARGEST_YEN}までの整数だけを書いてください。例: 1_100'
    return f"税込の円を、1から{LARGEST_YEN}までの整数で書いてください。例: 1_100"


def _shown(value: Any) -> str:
    """As it looks in the file, not in Python."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"

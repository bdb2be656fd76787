"""Reads pages and mails: each coming day that they name, with the words around it, and each yen that stands beside one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from bs4 import BeautifulSoup, NavigableString, Tag

BLOCKS = ("p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "caption", "label", "legend", "small", "div", "section")
A_DAY_OF_A_MAIL = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:（.）)?")
MOST_WORDS = 24

# What the words after a day (or on its label) say that happens on it. The first that fits; no word: any kind.
WORDS = (
    ("last_change", re.compile(r"^\W*23時59分")),
    ("stop", re.compile(r"^(まで)?に?、?[^。、]{0,12}停止(し、|します|となり|になり)")),
    ("deletion", re.compile(r"^に?、?解約(済)?(となり|になり|しま)")),
    ("charge", re.compile(r"^に、?(もう一度|[^。、]{0,6}同じ内容でもう一度|[\d,]+円(?!をお振り込み))")),
)
STILL = re.compile(r"いまの(予定|終了日)[：\s]*$")


@dataclass(frozen=True)
class Said:
    """A day in the future, and what is said of it: its kind where the words tell, the yen that follow it in the sentence.

    `is_until_now`: a final screen says what was planned before.
    """

    where: str
    on: date
    words: str
    kind: str = ""
    yen: int | None = None
    is_until_now: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.on} 「{self.words}」"


def on_page(html: str, where: str, today: date) -> list[Said]:
    """Every `<time>` of a coming day."""
    soup = BeautifulSoup(html, "html.parser")
    found = []
    for element in soup.select("time[datetime]"):
        on = _day(element["datetime"])
        if on and on > today:
            is_until_now = STILL.search(str(element.previous_sibling or "")) is not None
            found.append(replace(_said(where, on, _after(element)), is_until_now=is_until_now))
    return found


def yen_on_page(html: str) -> list[int]:
    """Every yen of a future charge."""
    return [int(element["value"]) for element in BeautifulSoup(html, "html.parser").select("data[value]")]


def hides_the_way_to_stop(html: str) -> bool:
    """A page that names the yen of a future charge offers 「自動更新を止める」, or is that page."""
    return bool(yen_on_page(html)) and not re.search(r'(href|action)="/renewal/reset"', html)


def in_mail(subject: str, body: str, where: str, today: date) -> list[Said]:
    """Every day in words that is still to come, line by line."""
    found = []
    for line in f"{subject}\n{_joined(body)}".splitlines():
        days = list(A_DAY_OF_A_MAIL.finditer(line))
        for match, following in zip_longest(days, days[1:]):
            on = date(*map(int, match.groups()))
            if on > today:
                found.append(_said(where, on, line[match.end() : following.start() if following else None]))
    return found


def _said(where: str, on: date, after: str) -> Said:
    kind = next((kind for kind, words in WORDS if words.search(after)), "")
    yen = re.match(r"に、?([\d,]+)円", after) if kind == "charge" else None
    return Said(where, on, after[:MOST_WORDS], kind, int(yen[1].replace(",", "")) if yen else None)


def _day(value: str) -> date | None:
    """None for a month and for a moment."""
    return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def _after(element: Tag) -> str:
    """The words between this day and the next one, within its block."""
    return "".join("".join(_words_after(element)).split())


def _words_after(element: Tag) -> Iterator[str]:
    inside = set(map(id, element.descendants))
    for node in element.next_elements:
        if isinstance(node, Tag) and (node.name == "time" or node.name in BLOCKS):
            return
        if isinstance(node, NavigableString) and id(node) not in inside:
            yield str(node)


def _joined(body: str) -> str:
    """A long line that was broken for narrow screens is one again."""
    return re.sub(r"(?<=[^\n]{28})\n[ \u3000]*(?=[^\n・■\s])", "", body)

"""A browser without JavaScript: it reads pages, chooses and types by their labels, and presses buttons by what stands on them."""

from collections.abc import Iterable
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from bs4 import BeautifulSoup, Tag

ASKS_AGAIN = 409  # nothing was done: the page says why, and what to press now


class Lost(Exception):
    """A page does not offer what the story wants."""


class Browser:
    """Reads pages, chooses and types by their labels and presses buttons, without JavaScript."""

    def __init__(self, base: str) -> None:
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self._opener.addheaders = [("User-Agent", "three years")]
        self.url, self.page = base, BeautifulSoup("", "html.parser")

    @property
    def heading(self) -> str:
        return read(self.page.h1)

    def offers(self, button: str) -> bool:
        return any(read(each).startswith(button) for each in self.page("button"))

    def visit(self, path: str) -> None:
        self._go(urljoin(self.url, path))

    def follow(self, label: str) -> None:
        self.visit(self._one(self.page("a"), label)["href"])

    def fill(self, label: str, text: str) -> None:
        self._named(label)["value"] = text

    def choose(self, wanted: str, under: str) -> None:
        """A radio or an option; `under` is its legend or the label of its select."""
        head = self._one(self.page(["legend", "label"]), under)
        group = head.parent if head.name == "legend" else self.page.find(id=head["for"])
        item = self._one(group(["label", "option"]), wanted)
        chosen, mark = (item, "selected") if item.name == "option" else (self.page.find(id=item["for"]), "checked")
        for each in group("option") if mark == "selected" else self.page("input", {"name": chosen["name"]}):
            each.attrs.pop(mark, None)
        chosen[mark] = ""

    def press(self, *labels: str) -> None:
        """The first of these buttons that there is, with what its form holds."""
        button = self._one(self.page("button"), *labels)
        form = button.find_parent("form")
        pairs = urlencode([pair for control in [*form(["input", "select"]), button] for pair in sent(control)])
        address = urljoin(self.url, form.get("action") or self.url)
        if form["method"] == "get":
            self._go(f"{address}?{pairs}")
        else:
            self._go(address, pairs.encode())

    def _named(self, label: str) -> Tag:
        return self.page.find(id=self._one(self.page("label", {"for": True}), label)["for"])

    def _one(self, tags: Iterable[Tag], *wanted: str) -> Tag:
        for words in wanted:
            for fits in (str.__eq__, str.startswith):
                for tag in tags:
                    if fits(read(tag), words):
                        return tag
        raise Lost(f"no 「{'」, 「'.join(wanted)}」 at {self.url} 「{self.heading}」")

    def _go(self, address: str, body: bytes | None = None) -> None:
        try:
            with self._opener.open(Request(address, body), timeout=300) as answer:
                self.url, self.page = answer.url, BeautifulSoup(answer.read(), "html.parser")
        except HTTPError as error:
            self.url, self.page = error.url, BeautifulSoup(error.read(), "html.parser")
            if error.code != ASKS_AGAIN:
                raise Lost(f"{error.code} at {address}: {read(self.page.select_one('.errors, .warn, h1'))}") from error


def read(tag: Tag | None, between: str = "") -> str:
    """What stands there; white space counts only where it is asked for."""
    return between.join(tag.get_text().split()) if tag else ""


def sent(control: Tag) -> list[tuple[str, str]]:
    """Name and value that a control of a form sends, if it sends any."""
    if not control.get("name") or (control.get("type") in ("radio", "checkbox") and not control.has_attr("checked")):
        return []
    if control.name == "select":
        control = control.find("option", selected=True) or control.option
        return [(control.parent["name"], control["value"])]
    return [(control["name"], control.get("value", ""))]

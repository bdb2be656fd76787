"""A fragment as htmx gets it, and its swap into the page."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bs4 import BeautifulSoup, Tag

from tests import page_checks
from tests.page import NotOnThePage, Page, controls_of, has_changed, is_disabled, squeeze, values, words
from tests.read_once import NOTES, alike, name_of, read


@dataclass(frozen=True)
class Fragment:
    """`size` is the body in bytes as it came over the wire, compressed."""

    url: str
    status: int
    headers: Mapping[str, str]
    html: str
    size: int

    @cached_property
    def soup(self) -> BeautifulSoup:
        return read(self.html)[0]

    @property
    def tops(self) -> list[Tag]:
        return [child for child in self.soup.body.children if isinstance(child, Tag)]

    @property
    def roots(self) -> list[Tag]:
        return [tag for tag in self.tops if not tag.has_attr("data-hx-swap-oob")]

    @property
    def root(self) -> Tag:
        return self.roots[0]

    @property
    def out_of_band(self) -> list[Tag]:
        return [tag for tag in self.tops if tag.has_attr("data-hx-swap-oob")]

    @property
    def spoken(self) -> str:
        """The sentence for the screen reader, "" if nothing is said."""
        return " ".join(words(tag, " ") for tag in self.out_of_band if _oob(tag)[1] == "#say")

    @property
    def is_main(self) -> bool:
        """True if it replaces the whole <main> and the title of the page, whoever asked."""
        return self.headers.get("HX-Retarget") == "#main" and [root.name for root in self.roots] == ["main"]

    def text(self, selector: str | None = None) -> str:
        return "\n".join(words(tag) for tag in (self.soup.select(selector) if selector else self.roots))

    def says(self, sentence: str, selector: str | None = None) -> bool:
        return squeeze(sentence) in squeeze(self.text(selector))

    def faults(self, names: set[str] | None) -> Iterator[str]:
        """`names`: the ids that a fragment may have, None if they are not known."""
        yield from self._parse_faults()
        if "HX-Request" not in [word.strip() for word in self.headers.get("Vary", "").split(",")]:
            yield f"Vary is '{self.headers.get('Vary')}', without HX-Request"
        if "<html" in self.html or ("<h1" in self.html and not self.is_main):
            yield "a whole page instead of a fragment"
        elif len(self.roots) != 1:
            yield f"{len(self.roots)} root elements instead of one: {[tag.name for tag in self.roots]}"
        elif names is not None and self.root.get("id") not in names | {name.replace("_", "-") for name in names}:
            yield f"the id of the root, '{self.root.get('id')}', is not the name of a fragment file"
        yield from page_checks.leaked(self.soup)
        if any(tag.has_attr("role") or tag.has_attr("aria-live") for tag in self.roots if tag.get("role") in ("status", "alert", "log")):
            yield "the root is a live region: screen readers scramble it"

    def _parse_faults(self) -> list[str]:
        """Unless this very fragment was found valid before."""
        name = name_of("valid", alike(self.html)[0])
        found = [] if NOTES.find(name) is not None else page_checks.parse_faults(self.html)
        if not found:
            NOTES.keep(name)
        return found


def htmx_values(element: Tag, page: Page, method: str) -> list[tuple[str, str]]:
    """What htmx 4 sends: for a POST the form around the element, else the element; then what data-hx-include names, and data-hx-vals."""
    form = element if element.name == "form" else element.find_parent("form")
    if method == "GET" and form is not element:
        form = None
    controls = controls_of(form, page.soup) if form else _fields(element)
    for selector in filter(None, element.get("data-hx-include", "").split(",")):
        controls += [field for tag in page.soup.select(selector) for field in _fields(tag)]
    unique = {id(control): control for control in controls}.values()
    return [pair for control in unique for pair in values(control)] + list(json.loads(element.get("data-hx-vals", "{}")).items())


def swap(element: Tag, fragment: Fragment, page: Page) -> None:
    fragment = replace(fragment)  # read anew: its elements go into the page
    for tag in fragment.out_of_band:
        style, selector = _oob(tag)
        _place(_target(page, selector), tag, style, tag.has_attr("data-hx-swap-oob"))
    selector = fragment.headers.get("HX-Retarget") or element.get("data-hx-target", "this")
    target = element if selector == "this" else _target(page, selector)
    if fragment.soup.title:
        page.soup.title.replace_with(fragment.soup.title)
    _place(target, fragment.root, (fragment.headers.get("HX-Reswap") or element.get("data-hx-swap", "innerHTML")).split()[0])
    has_changed(page.soup)


def _fields(tag: Tag) -> list[Tag]:
    inside = [tag] if tag.name in ("input", "select", "textarea") else tag.select("input, select, textarea")
    return [field for field in inside if not is_disabled(field)]


def _oob(tag: Tag) -> tuple[str, str]:
    style, _, selector = tag["data-hx-swap-oob"].partition(":")
    return ("outerHTML" if style == "true" else style), selector or f"#{tag.get('id', '')}"


def _target(page: Page, selector: str) -> Tag:
    found = page.soup.select_one(selector)
    if found is None:
        raise NotOnThePage(f"{page.url}: the fragment goes to {selector}, which is not there")
    return found


def _place(target: Tag, tag: Tag, style: str, inner_only: bool = False) -> None:
    """Out of band, innerHTML takes what is inside the carrier; the main answer goes in whole."""
    if style == "innerHTML":
        target.clear()
        target.extend(list(tag.children) if inner_only else [tag])
    elif style in ("outerHTML", "outerMorph"):
        target.replace_with(tag)
    else:
        raise NotOnThePage(f"data-hx-swap '{style}' is none of ours")

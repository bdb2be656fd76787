"""One page as the customer sees it: its text, its controls by label, and typed values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from typing import Self
from urllib.parse import urlencode

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.read_once import ALL_TAGS, read

MULTIPART = "multipart/form-data"
NOT_TYPED = ("radio", "checkbox", "hidden", "submit", "button", "reset", "image")
HEADING = ("legend", "caption", "summary", "h1", "h2", "h3", "h4", "dt", "th", "label")
FIELD = ("input", "select", "textarea")
LINES = "address, article, aside, blockquote, body, br, caption, dd, details, div, dl, dt, fieldset, figcaption, figure, footer, form"
MORE_LINES = "h1, h2, h3, h4, h5, h6, header, hr, legend, li, main, nav, ol, option, p, pre, section, summary, table, td, th, title, tr, ul"
BLOCK = frozenset(f"{LINES}, {MORE_LINES}".split(", "))
HEADINGS = "headings"
SILENT = frozenset(("script", "style", "template"))


Kind = Callable[[Tag], bool]


class NotOnThePage(AssertionError):
    """The customer looks for something that is missing, or is there twice."""


class Page:
    """Parsed lazily, because many pages are only passed on the way."""

    def __init__(self, url: str, html: str) -> None:
        self.url = url
        self.html = html
        self.files: dict[str, tuple[str, bytes]] = {}

    @property
    def soup(self) -> BeautifulSoup:
        return self._read[0]

    @property
    def errors(self) -> list:
        """What html5lib found wrong: (line, column), code and details of each."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[BeautifulSoup, list]:
        return read(self.html)

    def text(self, selector: str | None = None) -> str:
        found = self.soup.select(selector) if selector else [self.soup.body or self.soup]
        return "\n".join(words(element) for element in found)

    def choose(self, label: str, under: str | None = None) -> Self:
        check(self._control(is_choice, label, under), self.soup)
        return self

    def untick(self, label: str, under: str | None = None) -> Self:
        box = self._control(is_box, label, under)
        box.attrs.pop("checked", None)
        return self

    def fill(self, label: str, typed: str, under: str | None = None) -> Self:
        field = self._control(is_typed, label, under)
        limit = int(field.get("maxlength", len(typed)))
        if len(typed) > limit:
            raise NotOnThePage(f"{self.url}: 「{label}」 takes {limit} characters only; post_raw() sends what nobody can type")
        if field.name == "textarea":
            field.string = typed
        else:
            field["value"] = typed
        return self

    def attach(self, label: str, name: str, content: bytes, under: str | None = None) -> Self:
        """Choose a file of that name."""
        field = self._control(lambda tag: tag.name == "input" and tag.get("type") == "file", label, under)
        self.files[field["name"]] = (name, content)
        return self

    def sent(self, form: Tag, pairs: Iterable[tuple[str, str]]) -> tuple[bytes, str]:
        """The body of the post, and its type."""
        if form.get("enctype") != MULTIPART:
            return urlencode(list(pairs)).encode(), "application/x-www-form-urlencoded"
        fields = MultiDict(pairs)
        for field in form.select("input[type=file]"):
            name, content = self.files.get(field["name"], ("", b""))
            fields[field["name"]] = FileStorage(BytesIO(content), name, content_type="application/octet-stream")
        boundary, body = encode_multipart(fields)
        return body, f"{MULTIPART}; boundary={boundary}"

    def value(self, label: str, under: str | None = None) -> str:
        """What stands in a text field, or the value chosen in a select."""
        field = self._control(is_typed_or_select, label, under)
        return next((value for _, value in values(field)), "")

    def is_chosen(self, label: str, under: str | None = None) -> bool:
        element = self._control(is_choice, label, under)
        return element in chosen_options(element.find_parent("select")) if element.name == "option" else element.has_attr("checked")

    def button(self, label: str, under: str | None = None) -> Tag:
        return self._control(is_button, label, under)

    def link(self, label: str, under: str | None = None) -> Tag:
        links = self._within(is_link, under)
        return self._the_one(
            label, {(link["href"], name): (name, link) for link in reversed(links) for name in [words(link, " ")]}.values(), under
        )

    def form_of(self, control: Tag) -> Tag:
        owner = owner_of(control, self.soup)
        if owner is None:
            raise NotOnThePage(f"{self.url}: 「{words(control, ' ')}」 belongs to no form")
        return owner

    def submission(self, form: Tag, button: Tag | None) -> list[tuple[str, str]]:
        """The successful controls in their order on the page, as a browser sends them."""
        return [pair for control in controls_of(form, self.soup) for pair in values(control, button)]

    def _control(self, kind: Kind, label: str, under: str | None) -> Tag:
        """The one control that the customer would mean."""
        found = self._the_one(label, ((name, tag) for tag in self._within(kind, under) for name in names(tag, self.soup)), under)
        if is_disabled(found):
            raise NotOnThePage(f"{self.url}: 「{label}」 is disabled")
        return found

    def _within(self, kind: Kind, under: str | None) -> list[Tag]:
        found = [tag for tag in tags_of(self.soup) if kind(tag) and not tag.has_attr("hidden") and around(tag, None, "hidden") is None]
        if under is None:
            return found
        heads = [head for head, said in headings_of(self.soup) if squeeze(under) in said]
        places = {id(head.parent) for head in heads}
        return [tag for tag in found if any(id(parent) in places for parent in tag.parents)]

    def _the_one(self, wanted: str, candidates: Iterable[tuple[str, Tag]], under: str | None) -> Tag:
        candidates = list(candidates)
        for fits in (str.__eq__, str.startswith, str.__contains__):
            found = {id(tag): tag for name, tag in candidates if fits(squeeze(name), squeeze(wanted))}
            if len(found) == 1:
                return found.popitem()[1]
            if found:
                raise NotOnThePage(f"{self.url}: 「{wanted}」 stands there {len(found)} times; say under=… which is meant")
        place = f" under 「{under}」" if under else ""
        raise NotOnThePage(f"{self.url}: no 「{wanted}」{place}, only {[name for name, _ in candidates]}\n{self.text()[:1500]}")


def tags_of(element: Tag, *kinds: str) -> Iterator[Tag]:
    """What is inside, in the order of the page; `kinds`: of these names alone. select() and find_all() take ten times as long."""
    known = element.__dict__.get(ALL_TAGS) if isinstance(element, BeautifulSoup) else None
    tags = [tag for tag in element.descendants if isinstance(tag, Tag)] if known is None else known
    if isinstance(element, BeautifulSoup):
        element.__dict__[ALL_TAGS] = tags  # a page is asked hundreds of times
    return (tag for tag in tags if tag.name in kinds) if kinds else iter(tags)


def headings_of(soup: BeautifulSoup) -> list[tuple[Tag, str]]:
    """Each with its words, squeezed."""
    if HEADINGS not in soup.__dict__:
        soup.__dict__[HEADINGS] = [(head, squeeze(words(head))) for head in tags_of(soup, *HEADING)]
    return soup.__dict__[HEADINGS]


def has_changed(soup: BeautifulSoup) -> None:
    """Elements have been put in or taken out."""
    for known in (ALL_TAGS, HEADINGS):
        soup.__dict__.pop(known, None)


def around(tag: Tag, kind: str | None, attribute: str | None = None) -> Tag | None:
    """The nearest element around it that is of this kind and has the attribute."""
    fits = (parent for parent in tag.parents if kind in (None, parent.name) and (attribute is None or parent.has_attr(attribute)))
    return next(fits, None)


def is_choice(tag: Tag) -> bool:
    return tag.name == "option" or (tag.name == "input" and tag.get("type") in ("radio", "checkbox"))


def is_box(tag: Tag) -> bool:
    return tag.name == "input" and tag.get("type") == "checkbox"


def is_typed(tag: Tag) -> bool:
    return tag.name == "textarea" or (tag.name == "input" and tag.get("type") not in NOT_TYPED)


def is_typed_or_select(tag: Tag) -> bool:
    return tag.name == "select" or is_typed(tag)


def is_button(tag: Tag) -> bool:
    if tag.name == "input":
        return tag.get("type") in ("submit", "image")
    return tag.name == "button" and tag.get("type") not in ("button", "reset")


def is_link(tag: Tag) -> bool:
    return tag.name == "a" and tag.has_attr("href")


def squeeze(text: str) -> str:
    """Without any white space: what stands in two elements or on two lines reads as one."""
    return "".join(text.split())


def words(element: Tag, between: str = "\n") -> str:
    """The text a customer reads: blocks on lines of their own, without what is hidden."""
    lines = "".join(_strings(element)).splitlines()
    return between.join(line for line in (" ".join(line.split()) for line in lines) if line)


def _strings(element: PageElement) -> Iterator[str]:
    if type(element) is NavigableString:
        yield element if around(element, "pre") else " ".join(element.split("\n"))
    elif isinstance(element, Tag) and element.name not in SILENT and not element.has_attr("hidden"):
        edge = "\n" if element.name in BLOCK else ""
        yield edge
        for child in element.children:
            yield from _strings(child)
        yield edge


def names(control: Tag, soup: BeautifulSoup) -> list[str]:
    """What the control is called: its labels, its own text or value, aria-label, aria-labelledby."""
    found = [control["aria-label"]] if control.has_attr("aria-label") else []
    found += [words(label, " ") for id_ in control.get("aria-labelledby", "").split() for label in tags_of(soup) if label.get("id") == id_]
    if control.name in ("button", "option"):
        return [*found, words(control, " ")]
    if control.get("type") in ("submit", "image"):
        return [*found, control.get("value") or control.get("alt", "")]
    return found + [_label_words(label) for label in labels(control, soup)]


def labels(control: Tag, soup: BeautifulSoup) -> list[Tag]:
    own = around(control, "label")
    pointing = [label for label in tags_of(soup, "label") if label.get("for") == control["id"]] if control.has_attr("id") else []
    return pointing + ([own] if own is not None and not own.has_attr("for") else [])


def _label_words(label: Tag) -> str:
    """A label may stand around its select: the options are no part of its words."""
    return " ".join(
        squeezed for child in label.children if getattr(child, "name", None) != "select" and (squeezed := "".join(_strings(child)).strip())
    )


def owner_of(control: Tag, soup: BeautifulSoup) -> Tag | None:
    if not control.has_attr("form"):
        return around(control, "form")
    return next((form for form in tags_of(soup, "form") if form.get("id") == control["form"]), None)


def controls_of(form: Tag, soup: BeautifulSoup) -> list[Tag]:
    return [control for control in tags_of(soup, *FIELD, "button") if owner_of(control, soup) is form and not is_disabled(control)]


def is_disabled(control: Tag) -> bool:
    fieldset = around(control, "fieldset", "disabled")
    in_legend = fieldset is not None and around(control, "legend") in fieldset.find_all("legend", recursive=False)[:1]
    return control.has_attr("disabled") or (fieldset is not None and not in_legend)


def check(element: Tag, soup: BeautifulSoup) -> None:
    """Tick a box, or choose a radio or an option and drop what was chosen in its place."""
    if element.name == "option":
        for other in element.find_parent("select").select("option"):
            other.attrs.pop("selected", None)
        element["selected"] = ""
        return
    if element.get("type") == "radio":
        for other in soup.find_all("input", type="radio", attrs={"name": element.get("name")}):
            if owner_of(other, soup) is owner_of(element, soup):
                other.attrs.pop("checked", None)
    element["checked"] = ""


def values(control: Tag, button: Tag | None = None) -> list[tuple[str, str]]:
    """The name and value that the control sends, if it sends any."""
    name, kind = control.get("name"), control.get("type", "")
    presses = control.name == "button" or kind in ("submit", "image", "button", "reset")
    if not name or (presses and control is not button) or (kind in ("radio", "checkbox") and not control.has_attr("checked")):
        return []
    if control.name == "select":
        return [(name, option.get("value", words(option, " "))) for option in chosen_options(control)]
    if control.name == "textarea":
        return [(name, "\r\n".join(control.get_text().splitlines()))]
    return [(name, control.get("value", "on" if kind in ("radio", "checkbox") else ""))]


def chosen_options(select: Tag) -> list[Tag]:
    options = [option for option in select.select("option") if not option.has_attr("disabled")]
    chosen = [option for option in options if option.has_attr("selected")]
    if select.has_attr("multiple"):
        return chosen
    return chosen[-1:] or options[:1]


def with_changes(pairs: Iterable[tuple[str, str]], changes: Mapping[str, str | list[str] | None]) -> list[tuple[str, str]]:
    """The pairs of a form with some fields replaced, repeated (list) or left out (None): what a forger sends."""
    kept = [(name, value) for name, value in pairs if name not in changes]
    for name, value in changes.items():
        kept += [(name, each) for each in ([value] if isinstance(value, str) else value or [])]
    return kept

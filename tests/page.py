"""One page as it lies before the customer: its words, its controls by their labels, and what was typed into them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

TYPED = "input:not([type=radio], [type=checkbox], [type=hidden], [type=submit], [type=button], [type=reset], [type=image]), textarea"
CHOSEN = "input[type=radio], input[type=checkbox], option"
BUTTON = "button:not([type=button], [type=reset]), input[type=submit], input[type=image]"
HEADING = "legend, caption, summary, h1, h2, h3, h4, dt, th, label"
LINES = "address, article, aside, blockquote, body, br, caption, dd, details, div, dl, dt, fieldset, figcaption, figure, footer, form"
MORE_LINES = "h1, h2, h3, h4, h5, h6, header, hr, legend, li, main, nav, ol, option, p, pre, section, summary, table, td, th, title, tr, ul"
BLOCK = frozenset(f"{LINES}, {MORE_LINES}".split(", "))
SILENT = frozenset(("script", "style", "template"))


class NotOnThePage(AssertionError):
    """The customer looks for something that is not there, or stands there twice."""


class Page:
    def __init__(self, url: str, html: str) -> None:
        self.url = url
        self.html = html
        self.soup = BeautifulSoup(html, "html5lib")

    def text(self, selector: str | None = None) -> str:
        found = self.soup.select(selector) if selector else [self.soup.body or self.soup]
        return "\n".join(words(element) for element in found)

    def choose(self, label: str, under: str | None = None) -> Self:
        check(self._control(CHOSEN, label, under), self.soup)
        return self

    def untick(self, label: str, under: str | None = None) -> Self:
        box = self._control("input[type=checkbox]", label, under)
        box.attrs.pop("checked", None)
        return self

    def fill(self, label: str, typed: str, under: str | None = None) -> Self:
        field = self._control(TYPED, label, under)
        limit = int(field.get("maxlength", len(typed)))
        if len(typed) > limit:
            raise NotOnThePage(f"{self.url}: 「{label}」 takes {limit} characters only; post_raw() sends what nobody can type")
        if field.name == "textarea":
            field.string = typed
        else:
            field["value"] = typed
        return self

    def value(self, label: str, under: str | None = None) -> str:
        """What stands in a text field, or the value chosen in a select."""
        field = self._control(f"{TYPED}, select", label, under)
        return next((value for _, value in values(field)), "")

    def is_chosen(self, label: str, under: str | None = None) -> bool:
        element = self._control(CHOSEN, label, under)
        return element in chosen_options(element.find_parent("select")) if element.name == "option" else element.has_attr("checked")

    def button(self, label: str, under: str | None = None) -> Tag:
        return self._control(BUTTON, label, under)

    def link(self, label: str, under: str | None = None) -> Tag:
        links = self._within("a[href]", under)
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

    def _control(self, kinds: str, label: str, under: str | None) -> Tag:
        """The one control that the customer would mean."""
        found = self._the_one(label, ((name, tag) for tag in self._within(kinds, under) for name in names(tag, self.soup)), under)
        if is_disabled(found):
            raise NotOnThePage(f"{self.url}: 「{label}」 is disabled")
        return found

    def _within(self, kinds: str, under: str | None) -> list[Tag]:
        tags = [tag for tag in self.soup.select(kinds) if tag.find_parent(hidden=True) is None and not tag.has_attr("hidden")]
        if under is None:
            return tags
        heads = [head for head in self.soup.select(HEADING) if squeeze(under) in squeeze(words(head))]
        inside = {id(tag) for head in heads for tag in head.parent.select(kinds)}
        return [tag for tag in tags if id(tag) in inside]

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


def squeeze(text: str) -> str:
    """Without any white space: what stands in two elements or on two lines reads as one."""
    return "".join(text.split())


def words(element: Tag, between: str = "\n") -> str:
    """The text a customer reads: blocks on lines of their own, without what is hidden."""
    lines = "".join(_strings(element)).splitlines()
    return between.join(line for line in (" ".join(line.split()) for line in lines) if line)


def _strings(element: PageElement) -> Iterator[str]:
    if type(element) is NavigableString:
        yield element if element.find_parent("pre") else " ".join(element.split("\n"))
    elif isinstance(element, Tag) and element.name not in SILENT and not element.has_attr("hidden"):
        edge = "\n" if element.name in BLOCK else ""
        yield edge
        for child in element.children:
            yield from _strings(child)
        yield edge


def names(control: Tag, soup: BeautifulSoup) -> list[str]:
    """What the control is called: its labels, its own text or value, aria-label, aria-labelledby."""
    found = [control["aria-label"]] if control.has_attr("aria-label") else []
    found += [words(label, " ") for id_ in control.get("aria-labelledby", "").split() for label in soup.find_all(id=id_)]
    if control.name in ("button", "option"):
        return [*found, words(control, " ")]
    if control.get("type") in ("submit", "image"):
        return [*found, control.get("value") or control.get("alt", "")]
    return found + [_label_words(label) for label in labels(control, soup)]


def labels(control: Tag, soup: BeautifulSoup) -> list[Tag]:
    around = control.find_parent("label")
    pointing = soup.find_all("label", attrs={"for": control["id"]}) if control.has_attr("id") else []
    return pointing + ([around] if around is not None and not around.has_attr("for") else [])


def _label_words(label: Tag) -> str:
    """A label may stand around its select: the options are no part of its words."""
    return " ".join(
        squeezed for child in label.children if getattr(child, "name", None) != "select" and (squeezed := "".join(_strings(child)).strip())
    )


def owner_of(control: Tag, soup: BeautifulSoup) -> Tag | None:
    return soup.find("form", id=control["form"]) if control.has_attr("form") else control.find_parent("form")


def controls_of(form: Tag, soup: BeautifulSoup) -> list[Tag]:
    found = soup.select("input, select, textarea, button")
    return [control for control in found if owner_of(control, soup) is form and not is_disabled(control)]


def is_disabled(control: Tag) -> bool:
    fieldset = control.find_parent("fieldset", disabled=True)
    in_legend = fieldset is not None and control.find_parent("legend") in fieldset.find_all("legend", recursive=False)[:1]
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
    is_button = control.name == "button" or kind in ("submit", "image", "button", "reset")
    if not name or (is_button and control is not button) or (kind in ("radio", "checkbox") and not control.has_attr("checked")):
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

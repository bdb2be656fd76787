"""Reads a page as far as a visitor needs: its links, and its forms with what they send if nothing is changed."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

NO_TEXT = ("hidden", "text", "password", "email", "tel")


@dataclass
class Button:
    text: str
    pair: tuple[str, str] | None


@dataclass
class Form:
    action: str
    method: str
    sent: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


class Page(HTMLParser):
    """`links`: text and address, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._text: list[str] | None = None
        self._of: dict[str, str] = {}
        self.feed(html)

    def form_with(self, label: str) -> tuple[Form, Button] | None:
        """The first form with a button whose text begins with the label."""
        pressed = ((form, button) for form in self.forms for button in form.buttons if button.text.startswith(label))
        return next(pressed, None)

    def link(self, label: str) -> str | None:
        return next((address for text, address in self.links if text.startswith(label)), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = Form(found.get("action", ""), found.get("method", "get").lower())
                self.forms.append(self._form)
            case "a" | "button":
                self._text, self._of = [], found
            case "select":
                self._select = found.get("name", "")
            case "option" if self._form and ("selected" in found or self._select not in self._form.sent):
                self._form.sent[self._select] = found.get("value", "")
            case "input" if self._form:
                self._take(self._form, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in ("a", "button") and self._text is not None:
            text = re.sub(r"\s+", " ", "".join(self._text)).strip()
            self._keep(tag, text)
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _keep(self, tag: str, text: str) -> None:
        if tag == "a" and "href" in self._of:
            self.links.append((text, self._of["href"]))
        elif tag == "button" and self._form:
            name = self._of.get("name")
            self._form.buttons.append(Button(text, (name, self._of.get("value", "")) if name else None))

    def _take(self, form: Form, found: dict[str, str]) -> None:
        kind, name = found.get("type", "text"), found.get("name")
        if name and (kind in NO_TEXT or "checked" in found):
            form.sent[name] = found.get("value", "on" if kind == "checkbox" else "")

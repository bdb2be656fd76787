"""Somebody who presses the portal's real buttons and follows its links, and keeps what is then on the screen."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Self
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.wrappers import Response

from portal.demo.states.page import Button, Form, Page
from portal.demo.visitor import MOST_REDIRECTS, Lost

Keep = Callable[[str, "Guest"], None]
OF_MAILS = {
    "Content-Security-Policy": "default-src 'none';style-src 'unsafe-inline';form-action 'none';base-uri 'none';frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
REDIRECTS = (301, 302, 303)
_PARTS = (re.compile(r"<title>.*?</title>"), re.compile(r"<main\b.*</main>", re.DOTALL))


class Guest:
    """One browser without a script. `network`: the address that limits count by."""

    def __init__(self, app: Flask, base_url: str, keep: Keep, network: str) -> None:
        self._app, self._base_url, self._keep = app, base_url, keep
        self._client = app.test_client()
        self._network = {"REMOTE_ADDR": network}
        self.address = self.html = ""
        self.response: Response

    @property
    def site(self) -> str:
        return self._base_url

    def keep(self, state: str) -> Self:
        """The state of the table is what is on the screen now."""
        self._keep(state, self)
        return self

    def visit(self, address: str) -> Self:
        return self._take(self._client.get(urljoin(self.address or "/", address), **self._browser))

    def follow(self, label: str) -> Self:
        address = Page(self.html).link(label)
        if address is None:
            raise Lost(f"no link 「{label}」 at {self.address}")
        return self.visit(address)

    def press(self, label: str, **typed: str | tuple[BytesIO, str] | None) -> Self:
        """Send the form of that button. `typed`: fields by name; None leaves one out, as a box that is not ticked."""
        form, button = self._form(label)
        sent = form.sent | dict([button.pair] if button.pair else []) | typed
        return self.send(form.action or self.address, form.method, {name: value for name, value in sent.items() if value is not None})

    def send(self, address: str, method: str, sent: dict[str, str | tuple[BytesIO, str]]) -> Self:
        """`sent`: a file with its name goes as browsers send one."""
        address = urljoin(self.address or "/", address)
        content = {"query_string" if method == "get" else "data": sent}
        return self._take(self._client.open(address, method=method.upper(), **content, **self._browser))

    def ask_as_script(self, address: str) -> Self:
        """As the open page does by itself: the answer takes the place of its title and of its main part."""
        headers = {"HX-Request": "true", "Referer": f"{self._base_url}{self.address}"}
        answer = self._client.get(address, **self._browser | {"headers": headers}).get_data(as_text=True)
        for part in _PARTS:
            self.html = part.sub(lambda _, part=part: part.search(answer)[0], self.html)
        return self

    def open_letter(self, html: str) -> Self:
        """The HTML part of a mail, as mail programs show it: with the styles of its tags, and nothing loaded."""
        self.address, self.html, self.response = "", html, Response(headers=OF_MAILS)
        return self

    def visit_as(self, host: str, address: str) -> Self:
        """Under another name of the server."""
        return self._take(self._client.get(address, **self._browser | {"base_url": f"http://{host}"}))

    def press_from(self, site: str, label: str) -> Self:
        """As a page of another site would send the form."""
        form, _ = self._form(label)
        return self._take(self._client.post(form.action, data=form.sent, **self._browser | {"headers": {"Referer": site}}))

    def follow_first(self, prefix: str) -> Self:
        """The first link whose address begins so."""
        return self.visit(next(address for _, address in Page(self.html).links if address.startswith(prefix) and address != prefix))

    def forget(self) -> Self:
        """The cookies are gone, as when the session has ended."""
        self._client = self._app.test_client()
        return self

    def sign_in(self, login: str, password: str) -> Self:
        return self.visit("/login").press("ログイン", login=login, password=password)

    def _form(self, label: str) -> tuple[Form, Button]:
        found = Page(self.html).form_with(label)
        if found is None:
            raise Lost(f"no button 「{label}」 at {self.address}")
        return found

    def _take(self, response: Response) -> Self:
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in REDIRECTS:
                break
            address = urlsplit(response.location)
            response = self._client.get(address.path, query_string=address.query, **self._browser)
        self.response, self.html = response, response.get_data(as_text=True)
        self.address = response.request.path
        return self

    @property
    def _browser(self) -> dict[str, object]:
        return {"base_url": self._base_url, "environ_base": self._network, "headers": {"Referer": f"{self._base_url}{self.address or '/'}"}}

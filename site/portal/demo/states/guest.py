"""Somebody who presses the portal's real buttons and follows its links, and keeps what is then on the screen."""

from collections.abc import Callable
from typing import Self
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from portal.demo.states.page import Page
from portal.demo.visitor import MOST_REDIRECTS, Lost

Keep = Callable[[str, "Guest"], None]
REDIRECTS = (301, 302, 303)


class Guest:
    """One browser without a script. `network`: the address that limits count by."""

    def __init__(self, app: Flask, base_url: str, keep: Keep, network: str) -> None:
        self._app, self._base_url, self._keep = app, base_url, keep
        self._client = app.test_client()
        self._network = {"REMOTE_ADDR": network}
        self.address = self.html = ""
        self.response: TestResponse

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

    def press(self, label: str, **typed: str | None) -> Self:
        """Send the form of that button. `typed`: fields by name; None leaves one out, as a box that is not ticked."""
        found = Page(self.html).form_with(label)
        if found is None:
            raise Lost(f"no button 「{label}」 at {self.address}")
        form, button = found
        sent = form.sent | dict([button.pair] if button.pair else []) | typed
        return self.send(form.action or self.address, form.method, {name: value for name, value in sent.items() if value is not None})

    def send(self, address: str, method: str, sent: dict[str, str]) -> Self:
        address = urljoin(self.address or "/", address)
        if method == "get":
            return self._take(self._client.get(address, query_string=sent, **self._browser))
        return self._take(self._client.post(address, data=sent, **self._browser))

    def forget(self) -> Self:
        """The cookies are gone, as when the session has ended."""
        self._client = self._app.test_client()
        return self

    def sign_in(self, login: str, password: str) -> Self:
        return self.visit("/login").press("ログイン", login=login, password=password)

    def _take(self, response: TestResponse) -> Self:
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

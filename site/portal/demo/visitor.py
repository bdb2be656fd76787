"""A customer who presses the portal's real buttons, so that personas are never created by writing rows."""

import re
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"')

MOST_REDIRECTS = 10


class Lost(RuntimeError):
    """The portal led to another page than the story expects."""


class Visitor:
    def __init__(self, app: Flask, base_url: str) -> None:
        self._client = app.test_client()
        self._base_url = base_url
        self.address = self.page = ""

    def visit(self, address: str) -> None:
        self._take(self._client.get(address, base_url=self._base_url))

    def send(self, address: str | None = None, **fields: str) -> None:
        """Post a form of this page with the hidden fields of its main part, and follow the redirect."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(self.page.partition("<main")[2])}
        target = address or self.address
        self._take(self._client.post(target, data=hidden | fields, base_url=self._base_url))

    def _take(self, response: TestResponse) -> None:
        for _ in range(MOST_REDIRECTS):
            if response.status_code != 303:
                break
            address = urlsplit(response.location)
            response = self._client.get(address.path, query_string=address.query, base_url=self._base_url)
        self.address, self.page = response.request.path, response.get_data(as_text=True)
        if response.status_code != 200:
            raise Lost(f"{response.status_code} at {self.address}")

"""One server of this machine, and browsers at addresses of their own: 127.0.0.2 to 127.0.0.254 are networks of one client each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

from tests.browser import Browser
from tests.real.server import Server

OWNER = 2  # 127.0.0.2
SECONDS = 60


@dataclass(frozen=True)
class Row:
    """`passed` of `tried` were acted on, at most `allowed`. `owner`: what the owner did meanwhile; empty if that was refused."""

    what: str
    tried: int
    passed: int
    allowed: int
    owner: str

    @property
    def is_bad(self) -> bool:
        return self.passed > self.allowed or not self.owner

    def __str__(self) -> str:
        cells = (self.what, self.tried, self.passed, self.allowed, self.owner or "stopped", "bad" if self.is_bad else "")
        return f"| {' | '.join(map(str, cells))} |"


class Stage:
    def __init__(self, server: Server) -> None:
        self.server = server

    def at(self, place: int, headers: Mapping[str, str] | None = None) -> Browser:
        """A browser at 127.0.0.`place`. `headers`: what it adds to each request, as a forger does."""
        return Browser(over_http(place, self.server.port, headers or {}), self.server.url)

    def customer(self, login: str) -> Browser:
        """A new customer's browser."""
        self.server.add_account(login)
        return self.at(OWNER)

    def count(self, table: type, **wanted: object) -> int:
        with self.server.models():
            return table.select().filter(**wanted).count()


def over_http(place: int, port: int, headers: Mapping[str, str]) -> Callable[..., Iterable[bytes]]:
    """The server as an application for tests/browser.py."""

    def ask(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        sent = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            sent["Content-Type"] = environ["CONTENT_TYPE"]
        query = environ.get("QUERY_STRING")
        address = quote(environ["PATH_INFO"].encode("latin-1")) + (f"?{query}" if query else "")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        connection = HTTPConnection("127.0.0.1", port, SECONDS, source_address=(f"127.0.0.{place}", 0))
        try:
            connection.request(environ["REQUEST_METHOD"], address, body, sent | dict(headers))
            answer = connection.getresponse()
            start_response(f"{answer.status} {answer.reason}", answer.getheaders())
            return [answer.read()]
        finally:
            connection.close()

    return ask

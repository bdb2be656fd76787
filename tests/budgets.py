"""What an answer costs: its bytes as a browser gets them, and the statements that it sends to the database."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import brotli
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import run_wsgi_app

from portal.runtime.compression import zstd
from portal.store import database as store
from tests.browser import Browser
from tests.fragment import Fragment

# The budgets: bytes of bodies, compressed with brotli.
PAGE, FORM, FRAGMENT = 5_200, 6_000, 1_000
FIRST_VISIT, FIRST_REQUESTS = 20_000, 4
PURCHASE, PURCHASE_WITH_DICTIONARY = 60_000, 28_000
QUERIES = 8
HEADERS = 450  # status line and headers of one answer over HTTP/1.1
APART = ("Set-Cookie", "Retry-After", "Allow")  # of a sign-in, and of errors

LOADED = "link[rel=icon], link[rel=stylesheet], script[src], img[src]"


@dataclass(frozen=True)
class Cost:
    """One answer on the wire."""

    what: str
    body: int
    headers: int
    statements: tuple[str, ...]
    encoding: str


class Meter:
    """A program around the portal that writes down what each answer costs."""

    def __init__(self, application: Flask) -> None:
        self.application, self.jinja_env = application, application.jinja_env
        self.costs: list[Cost] = []
        self.takes_dictionaries, self.dictionary = False, b""  # what such a browser has kept
        self._statements: list[str] = []
        self._count(store.database.obj)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._statements.clear()
        environ.setdefault("HTTP_SEC_FETCH_SITE", "same-origin")  # every browser of today says it
        environ |= self._dictionary_headers()
        parts, status, headers = run_wsgi_app(self.application, environ, buffered=True)
        body = b"".join(parts)
        head = sum(len(f"{name}: {value}\r\n") for name, value in headers if name not in APART) + len("HTTP/1.1 200 \r\n\r\n")
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {status[:3]}"
        self.costs.append(Cost(what, len(body), head, tuple(self._statements), headers.get("Content-Encoding", "")))
        if headers.get("Content-Encoding") == "dcz":
            body = unpack(body, self.dictionary)
            headers.remove("Content-Encoding")
            headers["Content-Length"] = str(len(body))
        start_response(status, list(headers))
        return [body]

    def _dictionary_headers(self) -> dict[str, str]:
        """Chromium says that it takes `dcz` once it has a dictionary."""
        if not self.takes_dictionaries:
            return {}
        has = {"HTTP_ACCEPT_ENCODING": "gzip, br, zstd, dcb, dcz", "HTTP_AVAILABLE_DICTIONARY": name_of(self.dictionary)}
        return has if self.dictionary else {"HTTP_ACCEPT_ENCODING": "gzip, br, zstd"}

    def _count(self, database: Any) -> None:
        execute = database.execute_sql

        def counted(sql: str, *rest: Any, **more: Any) -> Any:
            self._statements.append(sql)
            return execute(sql, *rest, **more)

        database.execute_sql = counted


def name_of(dictionary: bytes) -> str:
    """As `Available-Dictionary` says it (RFC 9842)."""
    return f":{base64.b64encode(hashlib.sha256(dictionary).digest()).decode()}:"


def unpack(body: bytes, dictionary: bytes) -> bytes:
    """`dcz`: a head with the hash of the dictionary, then a zstd frame."""
    assert body[:40] == bytes.fromhex("5e2a4d1820000000") + hashlib.sha256(dictionary).digest()
    return zstd.decompress(body[40:], zstd_dict=zstd.ZstdDict(dictionary, is_raw=True))


@dataclass(frozen=True)
class Row:
    """One line of the table. `cold` and `requests`: the page with all that a browser without a cache loads for it."""

    name: str
    bytes: int
    most: int
    queries: int | None = None
    cold: int | None = None
    requests: int | None = None
    most_queries: int = QUERIES

    @property
    def is_over(self) -> bool:
        loads_too_much = self.cold is not None and (self.cold > FIRST_VISIT or (self.requests or 0) > FIRST_REQUESTS)
        return self.bytes > self.most or (self.queries or 0) > self.most_queries or loads_too_much


@dataclass
class Ledger:
    """A browser whose answers are counted, and the rows that came of it."""

    meter: Meter
    browser: Browser
    rows: list[Row] = field(default_factory=list)
    _files: dict[str, int] = field(default_factory=dict)

    @property
    def over(self) -> list[str]:
        """Pages over their budget, and answers with too many headers: empty when every budget holds."""
        rows = [_line(row, None, 0) for row in self.rows if row.is_over]
        return rows + [f"{cost.what}: headers of {cost.headers}" for cost in self.meter.costs if cost.headers > HEADERS]

    @property
    def last(self) -> Cost:
        return self.meter.costs[-1]

    def page(self, name: str, most: int = PAGE, *, browser: Browser | None = None, most_queries: int = QUERIES) -> None:
        """The page that came last."""
        body, queries = self.last.body, len(self.last.statements)
        files = [self._size(address) for address in loaded((browser or self.browser).html)]
        self.rows.append(Row(name, body, most, queries, body + sum(files), 1 + len(files), most_queries))

    def fragment(self, name: str, fragment: Fragment | None = None) -> None:
        assert fragment is None or fragment.size == self.last.body, "the answer that came last is another one"
        self.rows.append(Row(name, self.last.body, FRAGMENT, len(self.last.statements)))

    def first_visit(self, name: str) -> None:
        """Every answer until now."""
        total = sum(cost.body for cost in self.meter.costs)
        self.rows.append(Row(name, total, FIRST_VISIT, None, total, len(self.meter.costs)))

    def journey(self, name: str, most: int) -> None:
        """Every answer until now."""
        self.rows.append(Row(name, sum(cost.body for cost in self.meter.costs), most, requests=len(self.meter.costs)))

    def load_files(self, seen: set[str]) -> None:
        """Ask for what the page of the browser loads and `seen` has not, as a browser with a cache would."""
        for address in loaded(self.browser.html):
            if address not in seen:
                seen.add(address)
                self._ask(address)

    def load_dictionary(self) -> None:
        """What a browser that takes dictionaries does when it is idle."""
        link = BeautifulSoup(self.browser.html, "html.parser").select_one("link[rel=compression-dictionary]")
        self.meter.dictionary = brotli.decompress(self._ask(link["href"]))

    def _size(self, address: str) -> int:
        if address not in self._files:
            self._ask(address)
            self._files[address] = self.meter.costs.pop().body
        return self._files[address]

    def _ask(self, address: str) -> bytes:
        url = urljoin(self.browser.now.url, address)
        answer = self.browser.client.get(url, headers={"Accept-Encoding": "gzip, br"})
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        return answer.data


def loaded(html: str) -> list[str]:
    """The addresses that a browser asks for by itself."""
    found = [tag.get("href") or tag["src"] for tag in BeautifulSoup(html, "html.parser").select(LOADED)]
    return [address for address in dict.fromkeys(found) if not address.startswith("data:")]


def table(rows: list[Row], many: dict[str, int]) -> str:
    """The rows as text. `many`: queries of the same pages where the tables hold many rows."""
    width = max((len(row.name) for row in rows), default=0)
    fixed = f"{'':{width}}  at most: {FIRST_VISIT:,} bytes and {FIRST_REQUESTS} requests for a page without a cache, {QUERIES} queries"
    head = f"{'':{width}}  {'bytes':>6} {'most':>6}  {'cold':>6} {'requests':>8}  {'queries':>7} {'many rows':>9}"
    return "\n".join([fixed, head, *(_line(row, many.get(row.name), width) for row in rows)])


def _line(row: Row, many: int | None, width: int) -> str:
    cold, requests, queries, asked = ("" if value is None else f"{value:,}" for value in (row.cold, row.requests, row.queries, many))
    line = f"{row.name:{width}}  {row.bytes:6,} {row.most:6,}  {cold:>6} {requests:>8}  {queries:>7} {asked:>9}"
    return f"{line}  OVER" if row.is_over else line.rstrip()

"""A customer's browser without JavaScript: opens pages, reads them, chooses, types and presses by what stands there.

Every answer is proved sound on arrival (tests/page_checks.py), so no test repeats that.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import brotli
from bs4 import Tag
from werkzeug.test import Client
from werkzeug.wrappers import Response

from tests import page_checks
from tests.fragment import Fragment, htmx_values, swap
from tests.page import NotOnThePage, Page, squeeze, with_changes, words
from tests.read_once import NOTES, alike, name_of

REDIRECTS = (301, 302, 303, 307, 308)
FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=utf-8"
JUDGED_WITH_THE_PAGE = ("Content-Type", "Cache-Control", "Content-Security-Policy")


class NotSound(AssertionError):
    """A page with a fault that no page may have."""


@dataclass
class Visit:
    """One entry of the browser's history: how it was asked for, and what came."""

    method: str
    url: str
    body: bytes
    content_type: str
    status: int = 0
    headers: Any = None
    page: Page | None = None
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """One line of the traffic, redirects included; `size` is the body as it came over the wire."""

    method: str
    path: str
    status: int
    size: int


@dataclass
class Browser:
    """`csrf_free` are the paths of companies whose forms need not carry our token; `may_break` lets a page of status 500 pass."""

    application: Callable[..., Any]
    base_url: str = "http://127.0.0.1:8000"
    csrf_free: tuple[str, ...] = ("/sandbox/",)
    may_break: bool = False
    client: Client = field(init=False, repr=False)
    history: list[Visit] = field(default_factory=list, repr=False)
    traffic: list[Answer] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.client = Client(self.application, response_wrapper=Response)

    # -- what the customer sees --------------------------------------------------------------------------------------

    @property
    def now(self) -> Visit:
        return self.history[-1]

    @property
    def page(self) -> Page:
        if self.now.page is None:
            raise NotOnThePage(f"{self.url} is no page but {self.now.headers.get('Content-Type')}")
        return self.now.page

    @property
    def status(self) -> int:
        return self.now.status

    @property
    def url(self) -> str:
        """Path and query of the page."""
        return _path(self.now.url)

    @property
    def headers(self) -> Mapping[str, str]:
        return self.now.headers

    @property
    def html(self) -> str:
        return self.now.text

    @property
    def title(self) -> str:
        return words(self.page.soup.title)

    @property
    def h1(self) -> str:
        return words(self.page.soup.h1)

    @property
    def size(self) -> int:
        """Bytes of the last answer as it came, compressed."""
        return self.traffic[-1].size

    def text(self, selector: str | None = None) -> str:
        """What stands in the elements of `selector` ("" if there are none), or on the page."""
        return self.page.text(selector) if self.now.page else self.now.text

    def says(self, sentence: str, selector: str | None = None) -> bool:
        """Whether it can be read on the page, wherever the lines break."""
        return squeeze(sentence) in squeeze(self.text(selector))

    def offers(self, label: str, under: str | None = None) -> bool:
        """Whether there is a button or a link of that name."""
        for find in (self.page.button, self.page.link):
            try:
                find(label, under)
            except NotOnThePage as problem:
                if "times" in str(problem):
                    return True
            else:
                return True
        return False

    def value(self, label: str, under: str | None = None) -> str:
        return self.page.value(label, under)

    def is_chosen(self, label: str, under: str | None = None) -> bool:
        return self.page.is_chosen(label, under)

    # -- what the customer does --------------------------------------------------------------------------------------

    def visit(self, address: str) -> Self:
        return self._go("GET", urljoin(self._base, address))

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        return self.visit("/login").fill("ログインID", login).fill("パスワード", password).press("ログイン")

    def choose(self, label: str, under: str | None = None) -> Self:
        """A radio, an option of a select, or a box. `under`: the legend, heading or label that it stands under."""
        self.page.choose(label, under)
        return self

    tick = choose

    def untick(self, label: str, under: str | None = None) -> Self:
        self.page.untick(label, under)
        return self

    def fill(self, label: str, typed: str, under: str | None = None) -> Self:
        self.page.fill(label, typed, under)
        return self

    def press(self, label: str, under: str | None = None, *, forged: Mapping[str, str | list[str] | None] | None = None) -> Self:
        """Press a button. `forged`: field names whose values a forger replaces, repeats (list) or leaves out (None)."""
        button = self.page.button(label, under)
        form = self.page.form_of(button)
        pairs = with_changes(self.page.submission(form, button), forged or {})
        address = urljoin(self.now.url, form.get("action") or self.now.url)
        if form.get("method", "get").lower() == "get":
            return self._go("GET", address.partition("?")[0] + "?" + urlencode(pairs))
        return self._go("POST", address, *self.page.sent(form, pairs))

    def attach(self, label: str, name: str, content: bytes) -> Self:
        """Choose a file."""
        self.page.attach(label, name, content)
        return self

    def follow(self, label: str, under: str | None = None) -> Self:
        return self._go("GET", urljoin(self.now.url, self.page.link(label, under)["href"]))

    def back(self) -> Self:
        """The page before, as the customer left it; asked for again only where the server forbade keeping it."""
        self.history.pop()
        if "no-store" in self.headers.get("Cache-Control", ""):
            return self.reload()
        return self

    def reload(self) -> Self:
        """Ask again for the same; a page that answered a POST is posted again."""
        left = self.history.pop()
        return self._go(left.method, left.url, left.body, left.content_type)

    def new_tab(self) -> "Browser":
        """A second tab: the same cookies, a history of its own, beginning with what this one shows."""
        tab = Browser(self.application, self.base_url, self.csrf_free, self.may_break)
        tab.client = self.client
        tab.history = [Visit(**{**vars(visit), "page": visit.page and Page(visit.url, visit.text)}) for visit in self.history]
        return tab

    def post_raw(
        self, address: str, data: Any = (), *, csrf: bool = True, content_type: str = FORM, headers: Mapping[str, str] | None = None
    ) -> Self:
        """What no form would send: a mapping (lists repeat a field), pairs, or bytes. `csrf`: with this page's token."""
        if isinstance(data, bytes):
            return self._go("POST", urljoin(self._base, address), data, content_type, headers)
        pairs = with_changes([], data) if isinstance(data, Mapping) else list(data)
        if csrf and self.token and "csrf_token" not in dict(pairs):
            pairs.insert(0, ("csrf_token", self.token))
        return self._go("POST", urljoin(self._base, address), urlencode(pairs).encode(), content_type, headers)

    @property
    def token(self) -> str:
        """The CSRF token of the page, or ""."""
        found = self.now.page.soup.select_one("input[name=csrf_token]") if self.history and self.now.page else None
        return found["value"] if found else ""

    # -- what htmx does ----------------------------------------------------------------------------------------------

    def fragment(self, method: str, address: str, data: Any = (), *, source: str = "button") -> Fragment:
        """Ask as htmx 4 does; the answer is proved to be one root element with the name of a fragment file."""
        pairs = with_changes([], data) if isinstance(data, Mapping) else list(data)
        if method == "POST" and "csrf_token" not in dict(pairs) and self.token:
            pairs.insert(0, ("csrf_token", self.token))
        here = self.now.url if self.history else self._base
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Source": source, "HX-Current-URL": here, "Accept": "text/html"}
        url = urljoin(here, address)
        if method == "GET" and pairs:
            url = url.partition("?")[0] + "?" + urlencode(pairs)
        body = urlencode(pairs).encode() if method == "POST" else b""
        visit, response = self._ask(Visit(method, url, body, FORM if body else ""), headers)
        if not visit.headers.get("Content-Type", "").startswith("text/html"):
            raise NotSound(f"{method} {url} answers htmx with {visit.status} {visit.headers.get('Content-Type')}")
        found = Fragment(_path(visit.url), visit.status, visit.headers, visit.text, len(response.data))
        self._prove(f"fragment {method} {address} ({visit.status})", found.faults(self._fragment_names()))
        return found

    def htmx(self, selector: str) -> Fragment:
        """Let the element ask as its data-hx-* attributes say, and put the answer into the page, which must stay sound."""
        element = self.page.soup.select_one(selector)
        if element is None:
            raise NotOnThePage(f"{self.url}: nothing is {selector}")
        method = "POST" if element.has_attr("data-hx-post") else "GET"
        address = element[f"data-hx-{method.lower()}"]
        found = self.fragment(method, address, htmx_values(element, self.page, method), source=_source(element))
        swap(element, found, self.page)
        self._prove(
            f"{self.url} after the fragment {address}", page_checks.part_faults(self.page.soup, url=self.now.url, csrf=self._has_csrf)
        )
        return found

    # -- how it works ------------------------------------------------------------------------------------------------

    @property
    def _base(self) -> str:
        return self.base_url + "/"

    @property
    def _has_csrf(self) -> bool:
        return not self.url.startswith(self.csrf_free)

    def _go(self, method: str, url: str, body: bytes = b"", content_type: str = FORM, headers: Mapping[str, str] | None = None) -> Self:
        visit, _ = self._ask(Visit(method, url, body, content_type if method == "POST" else ""), headers or {})
        if visit.headers.get("Content-Type", "").startswith("text/html"):
            visit.page = Page(visit.url, visit.text)
        self.history.append(visit)
        if visit.page:
            self._prove_page()
        return self

    def _ask(self, visit: Visit, headers: Mapping[str, str]) -> tuple[Visit, Response]:
        """Ask, and follow redirects as browsers do: after 303 (and 301, 302 to a POST) with GET."""
        for _ in range(10):
            response = self._send(visit, headers)
            if response.status_code not in REDIRECTS:
                return visit, response
            if visit.method == "POST" and response.status_code != 303:
                raise NotSound(f"POST {visit.url} answers {response.status_code}; a redirect after a POST is 303")
            visit = Visit("GET", urljoin(visit.url, response.headers["Location"]), b"", "")
        raise NotSound(f"{visit.url}: redirected without end")

    def _send(self, visit: Visit, headers: Mapping[str, str]) -> Response:
        parts = urlsplit(visit.url)
        if parts.netloc != urlsplit(self.base_url).netloc:
            raise NotSound(f"{visit.url} leads away from {self.base_url}")
        sent = {"Accept-Encoding": "gzip, br", "Accept-Language": "ja"} | self._referer() | dict(headers)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        content = {"data": visit.body, "content_type": visit.content_type} if visit.method == "POST" else {}
        response = self.client.open(path, base_url=self.base_url, method=visit.method, headers=sent, buffered=True, **content)
        self.traffic.append(Answer(visit.method, path, response.status_code, len(response.data)))
        cookies = page_checks.cookie_faults(response.headers.getlist("Set-Cookie"), is_https=parts.scheme == "https")
        self._prove(f"{visit.method} {path} ({response.status_code})", [*page_checks.header_faults(response.headers), *cookies])
        if response.status_code == 500 and not self.may_break:
            raise NotSound(f"{visit.method} {path}: the program broke; the log says how")
        visit.status, visit.headers = response.status_code, response.headers
        visit.text = _unpacked(response).decode(response.mimetype_params.get("charset", "utf-8"), "replace")
        return response

    def _referer(self) -> dict[str, str]:
        return {"Referer": self.now.url.partition("#")[0]} if self.history else {}

    def _prove_page(self) -> None:
        """Unless this very page was found sound before: most tests pass the same ones on their way, with another token."""
        visit = self.now
        same = (
            alike(visit.text)[0],
            urlsplit(visit.url).netloc,
            self._has_csrf,
            *(visit.headers.get(name) for name in JUDGED_WITH_THE_PAGE),
        )
        name = name_of("sound", *same)
        if NOTES.find(name) is None:
            self._prove(f"{visit.method} {self.url} ({visit.status}) 「{self.page.text('title')}」", self._page_faults())
            NOTES.keep(name)

    def _page_faults(self) -> list[str]:
        visit, page = self.now, self.page
        faults = page_checks.page_faults(page, url=visit.url, csrf=self._has_csrf)
        faults += page_checks.style_faults(page.soup, visit.headers)
        if visit.headers["Content-Type"] != HTML:
            faults.append(f"Content-Type is {visit.headers['Content-Type']}")
        if page.soup.select("[data-hx-get], [data-hx-post]") and "no-store" in visit.headers.get("Cache-Control", ""):
            faults.append("no-store on a page with htmx: after Back its fields and its summary disagree")
        return faults

    def _prove(self, what: str, faults: Any) -> None:
        found = list(dict.fromkeys(faults))
        if found:
            raise NotSound("\n  - ".join([f"{what} has {len(found)} faults:", *found]))

    def _fragment_names(self) -> set[str] | None:
        """The ids that fragments may have: the names of the files _*.html, if the application tells its templates."""
        environment = getattr(self.application, "jinja_env", None)
        files = environment.list_templates() if environment else []
        return {match[1] for name in files if (match := re.search(r"(?:^|/)_([^/]+)\.html$", name))} if environment else None


def _unpacked(response: Response) -> bytes:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(response.headers.get("Content-Encoding", ""), bytes)
    return unpack(response.data)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _source(element: Tag) -> str:
    return element.name + (f"#{element['id']}" if element.has_attr("id") else "")

"""While the personas act out their stories: the page of signing in is shown already, everything else waits until they are done.

The page promises who can sign in and shows the demo's first day; whoever presses its buttons waits for what it promises. Who waits for
longer than a moment sees a page that says so and asks again by itself, without a script too; a press is kept until then. No number of
seconds is promised anywhere.
"""

import io
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask

from portal import clock
from portal.demo.companies import follow_demo_clock
from portal.demo.turn_lock import Busy, TurnLock
from portal.runtime.serving.limits import LARGEST_BODY
from portal.sandbox.books import Books, turns
from portal.web.headers import NOTHING

AT_ONCE = ("/", "/login", "/healthz")
FILES = "/static/"
A_MOMENT = 1.0  # seconds that pass without a word
LOCK_SECONDS = 50.0
KEPT = "/kept/"  # and the key of a press that waits
MOST_KEPT = 100
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", NOTHING),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Retry-After", "1"),
)


class UntilFilled:
    """start.py holds the lock while it fills the tables, with the clock on the days of the stories."""

    def __init__(self, app: Flask, books: Books, lock: TurnLock, a_moment: float = A_MOMENT) -> None:
        self._portal, self._template = app.wsgi_app, app.jinja_env.get_template("demo/until_filled.html")
        self.is_filled, self._a_moment = threading.Event(), a_moment
        self._kept: dict[str, dict[str, Any]] = {}
        if turns.is_half_made(books):
            first = turns.first_day(books)
            clock.turn_by(lambda: (first - clock.day_of(clock.real_now())).days)
        threading.Thread(target=self._wait, args=(books, lock), daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not (self.is_filled.is_set() or _is_shown_at_once(environ) or self.is_filled.wait(self._a_moment)):
            start_response("503 Service Unavailable", [*HEADERS])
            return [self._page(environ).encode()]
        if environ["PATH_INFO"].startswith(KEPT):
            environ = self._kept.pop(environ["PATH_INFO"], None) or environ | {"PATH_INFO": "/", "REQUEST_METHOD": "GET"}
        return self._portal(environ, start_response)

    def _page(self, environ: dict[str, Any]) -> str:
        """Asks for its own address again; where something was sent, for what comes of it."""
        return self._template.render(address=self._keep(environ) if environ["REQUEST_METHOD"] == "POST" else _address(environ))

    def _keep(self, environ: dict[str, Any]) -> str:
        """Where the answer to this press will be; the first page, if it cannot be kept."""
        size = int(environ.get("CONTENT_LENGTH") or 0)
        if size > LARGEST_BODY or len(self._kept) >= MOST_KEPT:
            return "/"
        address = KEPT + secrets.token_urlsafe()
        self._kept[address] = environ | {"wsgi.input": io.BytesIO(environ["wsgi.input"].read(size))}
        return address

    def _wait(self, books: Books, lock: TurnLock) -> None:
        while not self.is_filled.is_set():
            try:
                with lock.standing_still(LOCK_SECONDS):
                    follow_demo_clock(books)
                    self.is_filled.set()
            except Busy:
                continue


def _address(environ: dict[str, Any]) -> str:
    """With one slash, so that it never is another host's."""
    query = environ.get("QUERY_STRING")
    return "/" + quote(environ["PATH_INFO"].encode("latin-1")).lstrip("/") + (f"?{query}" if query else "")


def _is_shown_at_once(environ: dict[str, Any]) -> bool:
    address = environ["PATH_INFO"]
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and (address in AT_ONCE or address.startswith(FILES))

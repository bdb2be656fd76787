"""While the personas act out their stories: the page of signing in is shown already, everything else waits until they are done.

The page promises who can sign in and shows the demo's first day; whoever presses its buttons waits for what it promises. No number of
seconds is promised anywhere.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from portal import clock
from portal.demo.companies import follow_demo_clock
from portal.demo.turn_lock import Busy, TurnLock
from portal.sandbox.books import Books, turns

AT_ONCE = ("/", "/login", "/healthz")
FILES = "/static/"
WAITS_AT_MOST = 50.0  # seconds


class UntilFilled:
    """start.py holds the lock while it fills the tables, with the clock on the days of the stories."""

    def __init__(self, portal: Callable[..., Iterable[bytes]], books: Books, lock: TurnLock) -> None:
        self._portal, self._is_filled = portal, threading.Event()
        if turns.is_half_made(books):
            first = turns.first_day(books)
            clock.turn_by(lambda: (first - clock.day_of(clock.real_now())).days)
        threading.Thread(target=self._wait, args=(books, lock), daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not self._is_filled.is_set() and not _is_shown_at_once(environ) and not self._is_filled.wait(WAITS_AT_MOST):
            start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")])
            return ["デモを準備しています。少し待ってから、もう一度開いてください。".encode()]
        return self._portal(environ, start_response)

    def _wait(self, books: Books, lock: TurnLock) -> None:
        while not self._is_filled.is_set():
            try:
                with lock.turning(WAITS_AT_MOST):
                    follow_demo_clock(books)
                    self._is_filled.set()
            except Busy:
                continue


def _is_shown_at_once(environ: dict[str, Any]) -> bool:
    address = environ["PATH_INFO"]
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and (address in AT_ONCE or address.startswith(FILES))

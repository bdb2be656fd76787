"""The demo's bar on every page of the portal: the clock, what it has just done, and the way back to the tour."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from flask import current_app, request

from portal import clock
from portal.demo.telling import Told, told
from portal.demo.tour import STOPS
from portal.sandbox.books import Books, turns
from portal.sandbox.books import tour as book
from portal.web.area import is_staff_area
from portal.web.current import catalog
from portal.web.sessions import WITHOUT_SESSION

ADDRESS = "/demo/clock"
STAFF_ADDRESS = "/staff/demo/clock"
JUST_TURNED = "demo_turned"  # a cookie: the page that comes next tells what happened, once
MOST = 3


@dataclass(frozen=True)
class Bar:
    """`address`: where its buttons post to; None on pages without a session, which have no CSRF token. `told`: of the turn just made, if
    this page is the first after it; `others`: how many more customers were concerned. `tour`: how far it has come, if one is under way.
    """

    day: date
    address: str | None
    told: list[Told] | None
    others: int
    tour: str | None


def bar() -> Bar | None:
    """None if the clock cannot be read, so that an error page can still be shown."""
    try:
        books: Books = current_app.extensions["books"]
        happened = _happened(books) if JUST_TURNED in request.cookies else None
        steps = [] if request.path == "/demo/tour" else book.made(books)
        return Bar(
            clock.today(),
            None if request.path.startswith(WITHOUT_SESSION) else address(),
            happened and happened[:MOST],
            len(happened[MOST:]) if happened else 0,
            f"{steps[-1].step} / {len(STOPS)}　{STOPS[steps[-1].step - 1].name}" if steps else None,
        )
    except sqlite3.Error:
        return None


def address() -> str:
    """Staff pages use the CSRF token of the staff session, so they post to an address below /staff."""
    return STAFF_ADDRESS if is_staff_area(request.path) else ADDRESS


def _happened(books: Books) -> list[Told]:
    turn = turns.last_turn(books)
    return told(turn.after_event, turn.until_event, catalog()) if turn else []

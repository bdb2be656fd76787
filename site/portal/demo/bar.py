"""The bar of the demo's clock, on every page of the portal."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from flask import request

from portal import clock
from portal.web.area import is_staff_area
from portal.web.sessions import WITHOUT_SESSION

ADDRESS = "/demo/clock"
STAFF_ADDRESS = "/staff/demo/clock"


@dataclass(frozen=True)
class Bar:
    """`address`: where its buttons post to; None on a page that has no session, and so no token."""

    day: date
    address: str | None


def bar() -> Bar | None:
    """None while the clock cannot be read: an error page has more to say than the date."""
    try:
        return Bar(clock.today(), None if request.path.startswith(WITHOUT_SESSION) else address())
    except sqlite3.Error:
        return None


def address() -> str:
    """Staff's pages carry the token of staff's own session, which counts below /staff alone."""
    return STAFF_ADDRESS if is_staff_area(request.path) else ADDRESS

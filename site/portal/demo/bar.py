"""The demo clock's bar on every page of the portal."""

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
    """`address`: where its buttons post to. None on pages without a session, which have no CSRF token."""

    day: date
    address: str | None


def bar() -> Bar | None:
    """None if the clock cannot be read, so that an error page can still be shown."""
    try:
        return Bar(clock.today(), None if request.path.startswith(WITHOUT_SESSION) else address())
    except sqlite3.Error:
        return None


def address() -> str:
    """Staff pages use the CSRF token of the staff session, so they post to an address below /staff."""
    return STAFF_ADDRESS if is_staff_area(request.path) else ADDRESS

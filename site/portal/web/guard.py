"""Every view needs a sign-in, except views marked `@public`."""

import re
from typing import Any

from flask import Flask, abort, current_app, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException

from portal.web.area import current_area, customers_area, is_staff_area, staff_area
from portal.web.fragments import stand_in, wants_fragment
from portal.web.view_marks import mark_of, mark_of_this_view

_ADDRESS = re.compile(r"/(?:[A-Za-z0-9_-]{1,80}/){0,8}[A-Za-z0-9_-]{0,80}")  # unambiguous, so the match never backtracks far
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def add_guard(app: Flask) -> None:
    app.before_request(_only_our_name)
    app.before_request(_only_text)
    app.before_request(_only_signed_in)


def safe_next(address: str | None) -> str:
    """Where to go after sign-in: `address` if it is a plain path of the portal, else the customers' home."""
    return address if address and _ADDRESS.fullmatch(address) else url_for(customers_area().home)


def safe_staff_next(address: str | None) -> str:
    """The same for staff: `address` if it is in the staff area, else the staff home."""
    return address if address and _ADDRESS.fullmatch(address) and is_staff_area(address) else url_for(staff_area().home)


def _only_our_name() -> Any:
    """A demo answers only to loopback host names. This stops DNS rebinding by other web sites."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if current_app.extensions["settings"].demo and name not in LOOPBACK_NAMES:
        return render_template("errors/host.html"), 421
    return None


def _only_text() -> None:
    """Refuse null bytes. People do not type them, and PostgreSQL cannot store them."""
    if "\0" in request.path or any("\0" in value for _, values in request.values.lists() for value in values):
        abort(400)


def _only_signed_in() -> Any:
    if request.endpoint is None or mark_of_this_view("is_public"):
        return None
    is_staff = is_staff_area(request.path)
    if session.staff if is_staff else session.account:
        return None
    if wants_fragment() and not is_staff:
        return stand_in("errors/_signed_out.html", next=_readable_address())
    return redirect(url_for(current_area().sign_in, next=_readable_address()), code=303)


def _readable_address() -> str:
    """The page to return to after sign-in: this address if it has a GET view, else the nearest parent that has one."""
    parts = request.path.rstrip("/").split("/")
    while len(parts) > 1 and not can_be_read("/".join(parts)):
        parts.pop()
    return "/".join(parts) or "/"


def can_be_read(address: str) -> bool:
    """True if the address is a whole page that can be opened with GET."""
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(address, method="GET")
    except HTTPException:
        return False
    return not mark_of(endpoint, "is_no_page")

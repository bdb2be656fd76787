"""What somebody typed and sent after the session had ended. Whoever signs in next sees it again in its form, if it is the same person.

Kept for 30 minutes, only from our own pages, only forms of views marked `@keeps_input` (never passwords, never a final OK), three a minute
from a network, 16 kB. Nothing is done with it: its page shows it, however often it is opened, until its button is pressed again or somebody
else signs in. Every form of that page takes it by itself (forms/base.py).
"""

import hashlib
import json
import secrets
from contextlib import suppress

from flask import Flask, Response, current_app, g, request, session, url_for
from werkzeug.datastructures import MultiDict

from models import KeptInput, Order, Session
from portal import clock
from portal.rules.accounts.limits import LIMITS, Limited
from portal.rules.accounts.networks import network_of
from portal.store import database as store
from portal.web.area import Area, current_area, is_staff_area
from portal.web.own_pages import is_surely_ours
from portal.web.view_marks import kept_pages, mark_of_this_view

MOST_BYTES = 16 * 1024
SECRET = {"password", "current", "new"}  # the fields of passwords, which are typed again
NOT_TYPED = {"csrf_token", "code", "next"} | SECRET
REFUSED = (400, 403, 429)  # before the form was read


def add_kept_input(app: Flask) -> None:
    """After web/guard.py: only for who is signed in."""
    app.before_request(_show)
    app.after_request(_forget_once_posted)


def is_typed() -> bool:
    """True if somebody typed what is sent here, so that it is kept, or lost."""
    return request.method == "POST" and bool(mark_of_this_view("is_typed"))


def keep(response: Response, page: str, ended: Session | None) -> bool:
    """Keep this post for the page that it came from, and give the browser the key to it. False if it cannot be kept."""
    typed = json.dumps([(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED])
    people = _owner(ended)
    if not (mark_of_this_view("keeps_input") and people and is_surely_ours() and len(typed.encode()) <= MOST_BYTES):
        return False
    token = secrets.token_urlsafe(32)
    if not _store(token_hash=_hash(token), page=page, typed=typed, **people):
        return False
    name, options = _cookie(current_area())
    response.set_cookie(name, token, max_age=int(KeptInput.LASTS.total_seconds()), **options)
    return True


def to_send_again() -> list[tuple[str, str]]:
    """The fields of this post, for a button on the page that says that nothing was done just now. Empty if they must not be shown again."""
    is_shown_again = request.method == "POST" and mark_of_this_view("keeps_input") and "csrf_token" in request.form
    if not is_shown_again or SECRET & request.form.keys():
        return []
    fields = list(request.form.items(multi=True))
    return fields if sum(len(name) + len(value) for name, value in fields) <= MOST_BYTES else []


def waits() -> bool:
    """True if the browser has something that was kept."""
    return _row() is not None


def forget_of_others() -> None:
    """After signing in: what somebody else typed is deleted unseen."""
    row = _row()
    if row and not _is_mine(row):
        row.delete_instance()


def is_shown() -> bool:
    """True if a form of this page shows what was kept."""
    return "input_is_shown" in g


def _show() -> None:
    """For the forms of the page on which it was typed."""
    if request.method != "GET" or not _token() or request.endpoint not in kept_pages(current_app):
        return
    row = _row()
    if row and row.page == request.path and _is_mine(row):
        g.typed_before = MultiDict(json.loads(row.typed))


def _forget_once_posted(response: Response) -> Response:
    """The form came again and was read. What is typed now stands in the answer, or is done."""
    page = mark_of_this_view("keeps_input") if request.method == "POST" else None
    if page and response.status_code < 500 and response.status_code not in REFUSED:
        with suppress(*store.AWAY):  # what was done stays done
            row = _row()
            if row and _is_mine(row) and row.page == url_for(page, **(request.view_args or {})):
                row.delete_instance()
    return response


def _store(**values: object) -> bool:
    """False if this network has sent too many: each row is a try, so no table beside it counts them."""
    now, network = clock.real_now(), network_of(request.remote_addr or "")
    (limit,) = LIMITS[Limited.KEPT_INPUT]
    with store.database.atomic():
        store.hold([f"{Limited.KEPT_INPUT} {network}"])
        if KeptInput.select().where(KeptInput.network == network, KeptInput.created_at > now - limit.span).count() >= limit.most:
            return False
        KeptInput.create(network=network, created_at=now, **values)
        return True


def _is_mine(row: KeptInput) -> bool:
    return (row.account_id, row.staff_id) == _signed_in()


def _owner(ended: Session | None) -> dict[str, int] | None:
    """Whose input it is: that of the session that ended, else the customer whose order the address names."""
    if ended and ended.is_signed_in:
        return {"account_id": ended.account_id, "staff_id": ended.staff_id}
    number = (request.view_args or {}).get("number")
    order = None if is_staff_area(request.path) or number is None else Order.get_or_none(Order.number == str(number))
    return order and {"account_id": order.account_id, "staff_id": None}


def _signed_in() -> tuple[int | None, int | None]:
    return session.account and session.account.id, session.staff and session.staff.id


def _row() -> KeptInput | None:
    token = _token()
    found = KeptInput.get_or_none(KeptInput.token_hash == _hash(token)) if token else None
    return found if found and found.created_at >= clock.real_now() - KeptInput.LASTS else None


def _token() -> str | None:
    return request.cookies.get(_cookie(current_area())[0])


def _cookie(area: Area) -> tuple[str, dict[str, object]]:
    is_staff, secure = is_staff_area(request.path), current_app.config["SESSION_COOKIE_SECURE"]
    name, prefix = ("kept-staff", "__Secure-") if is_staff else ("kept", "__Host-")
    return (prefix if secure else "") + name, {"path": "/staff" if is_staff else "/", "httponly": True, "samesite": "Lax", "secure": secure}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

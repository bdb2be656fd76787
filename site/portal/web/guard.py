"""Every view needs a sign-in, except views marked `@public`.

Every post of staff needs the role 担当 besides, and so does every page whose form posts to its own address: nobody fills in a form in vain.
"""

import re
from typing import Any

from flask import Flask, Response, abort, current_app, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import MethodNotAllowed

from portal.security_log import SecurityEvent, note
from portal.web import outdated
from portal.web.area import customers_area, is_staff_area, staff_area
from portal.web.errors import error_page
from portal.web.own_pages import is_embedded_elsewhere
from portal.web.return_code import CODE
from portal.web.view_marks import mark_of_this_view

_ADDRESS = re.compile(rf"/(?:[A-Za-z0-9_-]{{1,80}}/){{0,8}}[A-Za-z0-9_-]{{0,80}}(?:\?code={CODE})?")  # never backtracks far
READING = ("GET", "HEAD", "OPTIONS")
MAY_NOT_ACT = (
    "この操作はできません",
    "お使いのアカウントの権限は「閲覧」です。何も変更されていません。変更が必要なときは、「担当」の権限がある人に依頼してください。",
)
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def add_guard(app: Flask) -> None:
    app.before_request(_only_with_session)
    app.before_request(_only_our_name)
    app.before_request(_only_our_pages)
    app.before_request(_only_text)
    app.before_request(outdated.refuse_other_sites)
    app.before_request(_only_signed_in)
    app.register_error_handler(CSRFError, outdated.refused)
    app.register_error_handler(MethodNotAllowed, outdated.not_readable)


def safe_next(address: str | None) -> str:
    """Where to go after sign-in: `address` if it is a page for customers, perhaps with a return code, else their home."""
    return address if address and _is_page(address) and not is_staff_area(address) else url_for(customers_area().home)


def safe_staff_next(address: str | None) -> str:
    """The same for staff: `address` if it is a page of the staff area, else the staff home."""
    return address if address and _is_page(address) and is_staff_area(address) else url_for(staff_area().home)


def _is_page(address: str) -> bool:
    return _ADDRESS.fullmatch(address) is not None and outdated.can_be_read(address.partition("?")[0])


def _only_with_session() -> None:
    """Raise why the session could not be read. It is a 503 with a number, as anywhere else."""
    if session.problem:
        raise session.problem


def _only_our_name() -> Any:
    """A demo answers only to loopback host names. This stops DNS rebinding by other web sites."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if current_app.extensions["settings"].demo and name not in LOOPBACK_NAMES:
        return render_template("errors/host.html"), 421
    return None


def _only_our_pages() -> Any:
    """No other site makes an answer a part of its pages. It gets an empty one: an error page would name who is signed in."""
    if not is_embedded_elsewhere():
        return None
    note(SecurityEvent.OTHER_SITE)
    return Response(status=403, mimetype="text/plain")


def _only_text() -> None:
    """Refuse null bytes. People do not type them, and PostgreSQL cannot store them."""
    if "\0" in request.path or any("\0" in value for _, values in request.values.lists() for value in values):
        abort(400)


def _only_signed_in() -> Any:
    if request.endpoint is None or mark_of_this_view("is_public"):
        return None
    is_staff = is_staff_area(request.path)
    if not (session.staff if is_staff else session.account):
        return _to_second_press() or outdated.signed_out()
    return error_page(403, *MAY_NOT_ACT) if is_staff and not session.staff.may_act and _is_an_action() else None


def _to_second_press() -> Any:
    answer = mark_of_this_view("answers_again") if request.method == "POST" and session.has_just_ended else None
    return answer and answer()


def _is_an_action() -> bool:
    """Whatever staff post changes something. A page with its form has the same address."""
    return request.method not in READING or "POST" in current_app.create_url_adapter(request).allowed_methods()

"""Sessions in a table. The cookie is a random token, the table has only its hash, and sign-out deletes the row.

A session ends 30 minutes after the last page, and 12 hours after sign-in. Polling does not count as a page.
Staff have their own cookie with path /staff. A browser can be signed in to both areas; neither cookie works in the other area.
"""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee
from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SessionInterface

from models import Account, Session, Staff
from portal import clock
from portal.store import database as store
from portal.store.prepared import Prepared, planned_once
from portal.web.area import is_staff_area
from portal.web.current import client_address, client_browser
from portal.web.server_session import PROOF, ServerSession, proof_of
from portal.web.session_end import TOUCH_AFTER, end_of, is_stored

log = logging.getLogger(__name__)
WITHOUT_SESSION = ("/static/", "/documents", "/guide", "/legal/", "/prices", "/healthz", "/readyz", "/metrics", "/notices/")


@dataclass(frozen=True)
class Cookie:
    """The session cookie of one area."""

    name: str
    path: str
    samesite: str
    secure: bool

    def options(self) -> dict[str, Any]:
        return {"path": self.path, "secure": self.secure, "httponly": True, "samesite": self.samesite}


class TableSessions(SessionInterface):
    """`staff_columns`: what else the query of a staff session reads; `session.row` carries it."""

    def __init__(self, staff_columns: Callable[[], list[Any]] = list) -> None:
        self._staff_columns = staff_columns

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        if request.path.startswith(WITHOUT_SESSION):
            return ServerSession(None, {})
        try:
            return self._read(app, request)
        except Exception as problem:
            session = ServerSession(None, {})
            session.problem = problem  # web/guard.py raises it, where error pages are made
            return session

    def _read(self, app: Flask, request: Request) -> ServerSession:
        store.ensure_connection()
        token = request.cookies.get(_cookie(app, request).name, "")
        is_staff = is_staff_area(request.path)
        row = _row_of(token, self._staff_columns() if is_staff else []) if token else None
        data = json.loads(row.data) if row else {}
        if row is None or row.has_ended(clock.real_now()) or not _belongs(row, is_staff) or not _is_of_the_password_of_now(row, data):
            session = ServerSession(None, {})
            session.ended, session.has_cookie = row if row and _belongs(row, is_staff) else None, bool(token)
            return session
        return ServerSession(row, data, row.account if row.account_id else None, row.staff if row.staff_id else None)

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:
        """What was done stays done: if a known session cannot be stored just now, only what it wanted to say is lost."""
        try:
            self._save(app, session, response)
        except store.AWAY:
            if session.row is None:
                raise
            log.warning("a session was not stored", exc_info=True)  # one line of the trouble of the database (runtime/said_once.py)

    def _save(self, app: Flask, session: ServerSession, response: Response) -> None:
        if session.is_over:
            cookie = _cookie(app, request)
            response.delete_cookie(cookie.name, **cookie.options())
            response.delete_cookie(mark_cookie(cookie), **cookie.options() | {"httponly": False})
        elif session.modified:
            self._write(app, session, response)
        elif session.row and not getattr(session, "is_polling", False):
            _touch(session.row, clock.real_now())
        _mark_again(app, session, response)

    def _write(self, app: Flask, session: ServerSession, response: Response) -> None:
        now, data = clock.real_now(), json.dumps(dict(session))
        if session.row:
            Session.update(data=data, seen_at=now).where(Session.token_hash == session.row.token_hash).execute()
            return
        token = _next_token(app, session)
        who = {"account": session.account, "staff": session.staff} | (_seen_by_its_owner() if session.account else {})
        Session.insert(token_hash=_hash(token), data=data, created_at=now, seen_at=now, **who).on_conflict_ignore().execute()
        cookie = _cookie(app, request)
        response.set_cookie(cookie.name, token, **cookie.options())
        if session.account or session.staff:
            _set_mark(response, cookie, _hash(token))


def _seen_by_its_owner() -> dict[str, str]:
    """What the customer's list of sign-ins says of this one."""
    return {"browser": client_browser(), "address": client_address()}


def _mark_again(app: Flask, session: ServerSession, response: Response) -> None:
    """The mark of this sign-in is lost or another's: without it each page would be asked for again and again."""
    if session.row and (session.account or session.staff) and not session.is_over:
        cookie = _cookie(app, request)
        if request.cookies.get(mark_cookie(cookie)) != mark_of_sign_in(session.row.token_hash):
            _set_mark(response, cookie, session.row.token_hash)


def _set_mark(response: Response, cookie: Cookie, token_hash: str) -> None:
    response.set_cookie(mark_cookie(cookie), mark_of_sign_in(token_hash), **cookie.options() | {"httponly": False})


def polling() -> None:
    """Mark this request as polling: it does not extend the session."""
    session.is_polling = True


def words_for_script() -> str:
    """For static/portal.js: the cookie with the mark of this sign-in, and the seconds until its end, if they are fewer than usual."""
    if session.row is None or not (session.account or session.staff):
        return ""
    left, name = end_of(session.row).seconds_left, mark_cookie(_cookie(current_app, request))
    usual = int((Session.IDLE - TOUCH_AFTER).total_seconds())  # at least; what varies with each request would be sent anew each time
    return f"{name}={mark_of_sign_in(session.row.token_hash)}" + ("" if left >= usual else f" {left}")


def mark_of_sign_in(token_hash: str) -> str:
    """Tells two sign-ins apart, and opens nothing."""
    return _hash(token_hash)[:4]


def mark_cookie(cookie: Cookie) -> str:
    """Readable by our script. Behind https no other host of the domain can set a cookie with this prefix."""
    name = "me" if cookie.path == "/" else "staff-me"
    return f"{cookie.name.partition('-')[0]}-{name}" if cookie.secure else name


def _cookie(app: Flask, asked: Request) -> Cookie:
    secure = app.config["SESSION_COOKIE_SECURE"]
    if is_staff_area(asked.path):
        return Cookie("__Secure-staff" if secure else "staff", "/staff", "Strict", secure)
    return Cookie(app.config["SESSION_COOKIE_NAME"], "/", "Lax", secure)


def _row_of(token: str, columns: list[Any]) -> Session | None:
    if not columns:
        return _with_people.first(_hash(token))
    with planned_once():  # else PostgreSQL plans the counts of the menu for 10 ms of the 26 of a page of staff
        return _with_people.make(_hash(token)).select_extend(*columns).first()


@Prepared
def _with_people(token_hash: Any) -> peewee.Query:
    people = Session.select(Session, Account, Staff).join(Account, peewee.JOIN.LEFT_OUTER).switch(Session)
    return people.join(Staff, peewee.JOIN.LEFT_OUTER).where(Session.token_hash == token_hash)


def _belongs(row: Session, in_staff_area: bool) -> bool:
    """True if the session may be used in this area. Sessions of disabled staff and of closed accounts may not."""
    if not in_staff_area:
        return row.staff_id is None and not (row.account_id and row.account.is_closed)
    return row.account_id is None and (row.staff_id is None or row.staff.is_active)


def _is_of_the_password_of_now(row: Session, data: dict[str, Any]) -> bool:
    """A row that an earlier version of the program made says nothing of it."""
    person = row.account if row.account_id else row.staff if row.staff_id else None
    return person is None or PROOF not in data or data[PROOF] == proof_of(person)


def _next_token(app: Flask, session: ServerSession) -> str:
    """A random token. After an earlier session always the same one for the same person: a second press opens the session of the first."""
    if session.before is None:
        return secrets.token_urlsafe(32)
    who = f"{session.before.token_hash} account {session.account and session.account.id} staff {session.staff and session.staff.id}"
    return hmac.new(app.config["SECRET_KEY"].encode(), who.encode(), hashlib.sha256).hexdigest()


def _touch(row: Session, now: datetime) -> None:
    if is_stored(row, now):
        Session.update(seen_at=now).where(Session.token_hash == row.token_hash).execute()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

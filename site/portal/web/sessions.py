"""Sessions in a table: the cookie is a random id, only its hash is stored, and signing out ends it at once.

A session ends after 30 minutes without a page and after 12 hours in any case. A panel that asks again by itself is no page.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import peewee
from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

import models
from models import Account, Session
from portal import clock

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)
WITHOUT_SESSION = ("/static/", "/documents/", "/legal/", "/healthz", "/readyz", "/notices/")


class ServerSession(CallbackDict, SessionMixin):
    """The data of one browser, and the account that has signed in there."""

    modified = False

    def __init__(self, row: Session | None, data: dict[str, Any], account: Account | None) -> None:
        super().__init__(data, _mark_modified)
        self.row, self.account = row, account
        self.token: str | None = None
        self.is_over = False

    def begin(self, account: Account) -> None:
        """Sign `account` in under a new id, so that an id known before is worth nothing."""
        self.end()
        self.account, self.is_over, self.modified = account, False, True

    def end(self) -> None:
        """Sign out: the row goes, and with it every copy of the cookie."""
        if self.row:
            self.row.delete_instance()
        self.clear()
        self.row, self.account, self.is_over, self.modified = None, None, True, False


def _mark_modified(data: ServerSession) -> None:
    data.modified = True


class TableSessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> ServerSession:
        if request.path.startswith(WITHOUT_SESSION):
            return ServerSession(None, {}, None)
        models.ensure_connection()
        token = request.cookies.get(self.get_cookie_name(app), "")
        row = _row_of(token) if token else None
        if row is None or _has_ended(row, clock.real_now()):
            return ServerSession(None, {}, None)
        return ServerSession(row, json.loads(row.data), row.account if row.account_id else None)

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:
        if session.is_over:
            response.delete_cookie(self.get_cookie_name(app), path="/", secure=self.get_cookie_secure(app), httponly=True, samesite="Lax")
        elif session.modified:
            self._write(app, session, response)
        elif session.row and not getattr(session, "is_polling", False):
            _touch(session.row, clock.real_now())

    def _write(self, app: Flask, session: ServerSession, response: Response) -> None:
        now, data = clock.real_now(), json.dumps(dict(session))
        if session.row:
            Session.update(data=data, seen_at=now).where(Session.token_hash == session.row.token_hash).execute()
            return
        token = secrets.token_urlsafe(32)
        Session.insert(token_hash=_hash(token), account=session.account, data=data, created_at=now, seen_at=now).execute()
        secure = self.get_cookie_secure(app)
        response.set_cookie(self.get_cookie_name(app), token, path="/", secure=secure, httponly=True, samesite="Lax")


def polling() -> None:
    """This request is a panel's own question: it keeps no session alive."""
    session.is_polling = True


def sweep(now: datetime) -> int:
    """Forget sessions that have ended; how many."""
    return Session.delete().where((Session.seen_at < now - IDLE) | (Session.created_at < now - ABSOLUTE)).execute()


def _row_of(token: str) -> Session | None:
    query = Session.select(Session, Account).join(Account, peewee.JOIN.LEFT_OUTER).where(Session.token_hash == _hash(token))
    return query.first()


def _has_ended(row: Session, now: datetime) -> bool:
    return now - row.seen_at > IDLE or now - row.created_at > ABSOLUTE


def _touch(row: Session, now: datetime) -> None:
    if now - row.seen_at > TOUCH_AFTER:
        Session.update(seen_at=now).where(Session.token_hash == row.token_hash).execute()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

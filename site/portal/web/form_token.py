"""The token in every form, against forged posts. One for each session, so an unchanged page has unchanged bytes.

Random, stored with the session, gone with it: a sign-in begins a session with another one. Flask-WTF's own is signed with the second of
each page, which adds nothing where sessions are rows, and would make every page a new one.
"""

import hmac
import secrets

from flask import Flask, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

FIELD = "csrf_token"
BYTES = 16


def form_token() -> str:
    known = session.get(FIELD)
    if known is None:
        known = session[FIELD] = secrets.token_urlsafe(BYTES)
    return known


class FormTokens(CSRFProtect):
    """Which posts need a token is the library's decision; the comparison is ours."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals[FIELD] = form_token  # macros see no context
        app.context_processor(lambda: {FIELD: form_token})  # over the library's own

    def protect(self, apply_exemptions: bool = False) -> None:
        is_exempt = apply_exemptions and (not request.endpoint or self._is_exempt())
        if is_exempt or request.method not in ("POST", "PUT", "PATCH", "DELETE"):
            return
        expected, sent = session.get(FIELD, ""), request.form.get(FIELD, "")
        if not expected or not hmac.compare_digest(expected.encode(), sent.encode("utf-8", "replace")):
            raise CSRFError("the form's token is missing, or another session's")

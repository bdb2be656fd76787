"""Numbers every request, leaves one log line of each refused one, and has the last word if even the error page fails."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request, session

from portal import security_log
from portal.rules.accounts.networks import network_of
from portal.security_log import UNKNOWN_ADDRESS, Answered, SecurityEvent, current_request, named, note
from portal.web.headers import HSTS, NOTHING

log = logging.getLogger(__name__)
BY_STATUS = {
    400: SecurityEvent.BAD_REQUEST,
    403: SecurityEvent.FORBIDDEN,
    404: SecurityEvent.NOT_FOUND,
    405: SecurityEvent.BAD_METHOD,
    413: SecurityEvent.TOO_LARGE,
    421: SecurityEvent.WRONG_HOST,
    422: SecurityEvent.INVALID_INPUT,
    429: SecurityEvent.TOO_MANY,
    500: SecurityEvent.TROUBLE_OF_OURS,
    503: SecurityEvent.COMPANY_AWAY,
}
LAST_WORD = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>ただいま処理できませんでした</title>
<h1>ただいま処理できませんでした</h1><p>時間をおいて、もう一度お試しください。</p><p>受付番号：<b>{}</b></p></html>
"""
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", NOTHING),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Retry-After", "30"),
]


Watcher = Callable[[security_log.Request, Answered], None]


def number_requests(app: Flask, watchers: Iterable[Watcher] = ()) -> None:
    """Register before everything else that may refuse a request. `watchers` are told of every answer."""
    app.wsgi_app = NumberedRequests(app, app.wsgi_app, tuple(watchers))
    app.before_request(_remember_who_and_where)
    app.after_request(_note_refusal)


class NumberedRequests:
    def __init__(self, app: Flask, wsgi_app: Callable[..., Iterable[bytes]], watchers: tuple[Watcher, ...]) -> None:
        self._app, self._wsgi_app, self._watchers = app, wsgi_app, watchers

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answered, began = Answered(), time.perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answered.status = int(status[:3])
            answered.size = next((value for name, value in headers if name == "Content-Length"), "-")
            return start_response(status, headers, *more)

        with security_log.request_begins(environ.get("REQUEST_METHOD", ""), network_of(environ.get("REMOTE_ADDR", ""))) as begun:
            body = self._answer(environ, begin, begun)
            answered.seconds = time.perf_counter() - began
            for watcher in self._watchers:
                watcher(begun, answered)
            return body

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any], begun: security_log.Request) -> Iterable[bytes]:
        try:
            return self._wsgi_app(environ, start_response)
        except Exception:
            if self._app.testing:
                raise
            log.exception("the error page failed, number %s", begun.id)
            page = LAST_WORD.format(begun.id).encode()
            hsts = [("Strict-Transport-Security", HSTS)] if self._is_https() else []
            headers = [*HEADERS, *hsts, ("X-Request-Id", begun.id), ("Content-Length", str(len(page)))]
            start_response("503 Service Unavailable", headers)
            return [page]

    def _is_https(self) -> bool:
        return self._app.extensions["settings"].is_https


def path_pattern() -> str:
    """The pattern of this address, as `/orders/<number>`. Addresses that do not exist may hold anything, so they have none."""
    return request.url_rule.rule if request.url_rule else UNKNOWN_ADDRESS


def _remember_who_and_where() -> None:
    facts = current_request()
    facts.path = path_pattern()
    facts.person = named(getattr(session, "account", None) or getattr(session, "staff", None))


def _note_refusal(response: Response) -> Response:
    """Exactly one line for each answer that refuses something; its number goes out with it. What has noted a reason has its line."""
    status = response.status_code
    if status >= 400:
        response.headers["X-Request-Id"] = current_request().id
    if status >= 400 and not current_request().events:
        note(BY_STATUS.get(status, SecurityEvent.REFUSED if status < 500 else SecurityEvent.TROUBLE_OF_OURS))
    return response

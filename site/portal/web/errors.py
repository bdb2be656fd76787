"""Error pages: they say what happened and what to do, and show no internals."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, render_template, request, session
from werkzeug.exceptions import HTTPException

from portal.gateways.card import CompanyUnreachable
from portal.rules.accounts.limit_words import refusal_ja
from portal.rules.accounts.limits import TooMany
from portal.security_log import SecurityEvent, current_request
from portal.store import database as store
from portal.web import kept_input
from portal.web.area import current_area, is_staff_area
from portal.web.fragments import stand_in, wants_fragment

log = logging.getLogger(__name__)
RETRY_SECONDS = 30

_PAGES = {
    400: ("送られた内容を読み取れませんでした", "お手数ですが、前の画面に戻って、もう一度お試しください。"),
    404: ("ページが見つかりません", "アドレスが正しいかをご確認ください。お客様のものではない申し込みも、ここには表示されません。"),
    405: ("この操作はできません", "お手数ですが、コントロールパネルからもう一度お試しください。"),
    413: ("入力された内容が長すぎます", "入力を短くして、もう一度お試しください。何も変更されていません。"),
}
_UNREACHABLE = ("お支払いの画面に接続できません", "お支払いは行われていません。時間をおいて、もう一度お試しください。")
_BROKEN = ("ただいま処理できませんでした", "時間をおいて、もう一度お試しください。お支払いの結果は「サーバー契約・更新」で確認できます。")
# For staff, who have no orders and no コントロールパネル.
_STAFF_READ = {
    _PAGES[404]: "アドレスが正しいかをご確認ください。",
    _PAGES[405]: "お手数ですが、前の画面に戻って、もう一度お試しください。",
    _BROKEN: "時間をおいて、もう一度お試しください。記録されたかどうかは、操作した画面を開き直して確認できます。",
}


def add_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, known_error)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(CompanyUnreachable, lambda error: error_page(503, *_UNREACHABLE, back=request.path))
    app.register_error_handler(Exception, _unknown)
    app.after_request(_right_spelling)


def known_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    cause = getattr(error, "original_exception", None)
    if cause:  # raised after the view, where Flask looks for no other handler
        return _unknown(cause)
    title, text = _PAGES.get(code, _PAGES[400] if code < 500 else _BROKEN)
    response = error_page(code, title, text)
    response.headers.extend(header for header in error.get_headers() if header[0] in ("Allow", "Retry-After"))
    return response


def too_many(refusal: TooMany, possible: str = "", instead: tuple[str, str] | None = None) -> Response:
    """A limit is reached: how long to wait, and what else is `possible`. `instead`: the address and label of a button that does it."""
    response = error_page(429, "しばらくお待ちください", refusal_ja(refusal, possible), instead=instead)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _unknown(error: Exception) -> Response:
    """An unexpected exception: the customer gets a number to quote, only the log gets the cause. Made without the session."""
    request = current_request()
    request.events.append(SecurityEvent.TROUBLE_OF_OURS)
    log.exception("request failed, number %s: %s %s", request.id, request.method, request.path)
    session.set_aside()
    return error_page(503 if store.is_away(error) else 500, *_BROKEN)


def _right_spelling(response: Response) -> Response:
    """A slash too few or too many, which the library answers itself, with the host that the client named and a page in English."""
    if response.status_code == 308:
        parts = urlsplit(response.location or "")
        response.location, response.data = parts.path + (f"?{parts.query}" if parts.query else ""), b""
        response.headers.pop("Content-Type", None)
    return response


def error_page(status: int, title: str, text: str, *, back: str | None = None, instead: tuple[str, str] | None = None) -> Response:
    session.drop_changes()
    mark = current_request().id if status >= 500 else None
    text = _STAFF_READ.get((title, text), text) if is_staff_area(request.path) else text
    context = {"title": title, "text": text, "back": back, "mark": mark, "instead": instead}
    context["again"] = kept_input.to_send_again() if status == 503 else []
    if wants_fragment():
        response = stand_in("errors/_error.html", status=status, say=f"{title}。{text}", area=current_area(), **context)
    else:
        response = make_response(render_template("errors/error.html", area=current_area(), **context), status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response

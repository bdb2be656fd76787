"""Shared by the pages of both sandbox companies: the books, the browser's secret and CSRF protection."""

import hmac
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, request

from portal.sandbox.books import Books
from portal.sandbox.books.visit import BoundVisit

BROWSER_COOKIE = "sandbox_browser"
BROWSER_LENGTH = 32


def books() -> Books:
    return current_app.extensions["books"]


def browser() -> str:
    """This browser's secret from its cookie, or a new one, which the answer then sets. A visit belongs to one browser."""
    if "browser" not in g:
        known = request.cookies.get(BROWSER_COOKIE, "")
        g.browser = known if len(known) == BROWSER_LENGTH else secrets.token_urlsafe(24)
    return g.browser


def remember_browser(response: Response) -> None:
    if g.get("browser", request.cookies.get(BROWSER_COOKIE)) != request.cookies.get(BROWSER_COOKIE):
        path, secure = request.script_root or "/", request.is_secure
        response.set_cookie(BROWSER_COOKIE, g.browser, path=path, secure=secure, httponly=True, samesite="Lax")


def visit_in_this_browser(visit: BoundVisit | None) -> None:
    """404 if there is no such visit, 409 if something was typed in another browser. Its return address may follow a form."""
    if visit is None:
        abort(404)
    if not visit.may_go_on_in(browser()):
        abort(409)
    may_lead_to(visit.return_url)


def form_token(page: str) -> str:
    """CSRF token without a session: only someone with the page's unguessable address can have it."""
    return hmac.new(str(current_app.secret_key).encode(), page.encode(), "sha256").hexdigest()


def check_form_token(page: str) -> None:
    if not hmac.compare_digest(form_token(page).encode(), request.form.get("form_token", "").encode("utf-8", "surrogatepass")):
        abort(403)


def may_lead_to(url: str) -> None:
    """Allow this address in the CSP `form-action`, because browsers check redirects after a form too."""
    g.return_url = url


def return_origin() -> str:
    """The origin that a form may redirect to. Empty if it is our own."""
    address = urlsplit(g.get("return_url", ""))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def points(number: int) -> str:
    return f"{number:,}ポイント"


def yen(number: int) -> str:
    return f"{number:,}円"


def moment(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at.hour}時{at.minute:02}分"

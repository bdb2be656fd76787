"""Shared by the pages of both sandbox companies: the books and CSRF protection."""

import hmac
from datetime import datetime
from urllib.parse import urlsplit

from flask import abort, current_app, g, request

from portal.sandbox.books import Books


def books() -> Books:
    return current_app.extensions["books"]


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


def moment(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at.hour}時{at.minute:02}分"

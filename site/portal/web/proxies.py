"""How many reverse proxies are believed about the client's address, and what is asked past them, on this machine."""

import hmac
import logging

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.rules.accounts.networks import is_loopback

log = logging.getLogger(__name__)
UNREAD = "X-Forwarded-For comes, but TRUSTED_PROXIES=0: all customers behind that proxy count as one network for limits and in this log"
SIGNS_OF_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")


def trust_proxies(app: Flask, number: int) -> None:
    """Register last: whatever reads the client's address must come after it."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number)
    else:
        app.before_request(_warn_of_unread_addresses)


def is_asked_on_this_machine() -> bool:
    """True for a request from this machine itself that came through no proxy, whatever the proxies are said to be.

    The address that a proxy names proves nothing here: with one more proxy in the settings than there are, the client writes it.
    """
    return is_loopback(request.remote_addr or "") and not any(name in request.headers for name in SIGNS_OF_A_PROXY)


def has_token(token: str) -> bool:
    """True if the request carries this token as `Authorization: Bearer …`. No token is never right."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _warn_of_unread_addresses() -> None:
    """runtime/said_once.py says it once, then less and less often."""
    if "X-Forwarded-For" in request.headers:
        log.warning(UNREAD)

"""How many reverse proxies are believed about the client's address. With none, everybody behind one would be counted as one network."""

import logging

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

log = logging.getLogger(__name__)
UNREAD = "X-Forwarded-For comes, but TRUSTED_PROXIES=0: all customers behind that proxy count as one network for limits and in this log"


def trust_proxies(app: Flask, number: int) -> None:
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number)
    else:
        app.before_request(_warn_of_unread_addresses)


def _warn_of_unread_addresses() -> None:
    """runtime/said_once.py says it once, then less and less often."""
    if "X-Forwarded-For" in request.headers:
        log.warning(UNREAD)

"""The hosting side, which starts, extends and stops what was paid: told by a signed webhook (docs/provisioning.md)."""

import hashlib
import hmac
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from portal.gateways.connections import at_most

CONNECT_SECONDS = 3
READ_SECONDS = 30
CONVERSATION_SECONDS = 60
LONGEST_REASON = 300
NOT_NOW = (408, 425, 429)


class Refused(Exception):
    """It does not want this event; says why. Another one may have a better chance."""


class Unavailable(Exception):
    """Not now, and no other event has a better chance. It may have been taken all the same."""


class Hosting(Protocol):
    def tell(self, key: str, body: str) -> None:
        """Returns when the hosting side has taken the event `key` over. Raises Refused or Unavailable."""


@cache
def hosting_for(url: str | None, secret: str) -> Hosting | None:
    """None where no hosting side is set: the events wait, for staff to see."""
    return WebhookHosting(url, secret) if url else None


class WebhookHosting:
    """POSTs to one address, and follows nobody to another: what is signed is for this one alone."""

    def __init__(self, url: str, secret: str, *, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._is_tls else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret = secret
        self._context = context or (ssl.create_default_context() if self._is_tls else None)

    def tell(self, key: str, body: str) -> None:
        content = body.encode()
        with _troubles_of_the_connection(), closing(self._new_connection()) as connection, at_most(CONVERSATION_SECONDS, connection):
            connection.connect()
            connection.sock.settimeout(READ_SECONDS)
            connection.request("POST", self._target, content, _headers(key, self._secret, content))
            with closing(connection.getresponse()) as answer:
                _expect_taken(answer)

    def _new_connection(self) -> HTTPConnection:
        if self._is_tls:
            return HTTPSConnection(self._host, self._port, timeout=CONNECT_SECONDS, context=self._context)
        return HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the Unix seconds, a full stop and the body as it is sent, in hexadecimal."""
    return hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def _headers(key: str, secret: str, content: bytes) -> dict[str, str]:
    now = int(time.time())
    signed = f"t={now},v1={signature(secret, now, content)}"
    return {"Content-Type": "application/json", "Keiyaku-Id": key, "Keiyaku-Signature": signed, "Connection": "close"}


def _expect_taken(answer: HTTPResponse) -> None:
    """2xx is taken, whatever else it says."""
    if 200 <= answer.status < 300:
        return
    reason = f"ホスティング側の返事：{answer.status} {answer.reason} {_said(answer)}".strip()[:LONGEST_REASON]
    if 400 <= answer.status < 500 and answer.status not in NOT_NOW:
        raise Refused(reason)
    raise Unavailable(reason)


def _said(answer: HTTPResponse) -> str:
    """A few words that help staff; the status counts without them."""
    with suppress(OSError, HTTPException, ValueError, AttributeError):
        return " ".join(answer.read1(LONGEST_REASON).decode("utf-8", "replace").split())
    return ""


@contextmanager
def _troubles_of_the_connection() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        raise Unavailable(f"ホスティング側と通信できません（{type(error).__name__}: {error}）。"[:LONGEST_REASON]) from error

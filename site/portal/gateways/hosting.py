"""The hosting side, which starts, extends and stops what was paid: told by a signed webhook (docs/provisioning.md)."""

import hashlib
import hmac
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Protocol

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

CONNECT_SECONDS = 3
READ_SECONDS = 30  # for each part of the answer
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
        self._url, self._secret = url, secret
        self._http = PoolManager(ssl_context=context or ssl.create_default_context(), retries=False)

    def tell(self, key: str, body: str) -> None:
        content = body.encode()
        headers, limits = _headers(key, self._secret, content), Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        with _troubles_of_the_connection():
            answer = self._http.request(
                "POST", self._url, body=content, headers=headers, timeout=limits, redirect=False, preload_content=False
            )
            with closing(answer):
                _expect_taken(answer)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the Unix seconds, a full stop and the body as it is sent, in hexadecimal."""
    return hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def _headers(key: str, secret: str, content: bytes) -> dict[str, str]:
    now = int(time.time())
    signed = f"t={now},v1={signature(secret, now, content)}"
    names = {"Content-Type": "application/json", "Keiyaku-Id": key, "Keiyaku-Signature": signed}
    return names | {"Connection": "close", "User-Agent": SKIP_HEADER}


def _expect_taken(answer: BaseHTTPResponse) -> None:
    """2xx is taken, whatever else it says."""
    if 200 <= answer.status < 300:
        return
    reason = f"ホスティング側の返事：{answer.status} {answer.reason} {_said(answer)}".strip()[:LONGEST_REASON]
    if 400 <= answer.status < 500 and answer.status not in NOT_NOW:
        raise Refused(reason)
    raise Unavailable(reason)


def _said(answer: BaseHTTPResponse) -> str:
    """A few words that help staff; the status counts without them. One read: nobody waits for the rest."""
    with suppress(OSError, HTTPError):
        return " ".join(answer.read1(LONGEST_REASON, decode_content=False).decode("utf-8", "replace").split())
    return ""


@contextmanager
def _troubles_of_the_connection() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError) as error:
        cause = error.__cause__ or error.__context__ or error
        raise Unavailable(f"ホスティング側と通信できません（{type(cause).__name__}: {cause}）。"[:LONGEST_REASON]) from error

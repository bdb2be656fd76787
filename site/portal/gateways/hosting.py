"""The hosting side, which starts, extends and stops servers. It is informed by signed webhooks (docs/provisioning.md)."""

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
READ_SECONDS = 30  # for each read of the response
LONGEST_REASON = 300
NOT_NOW = (408, 425, 429)


class Refused(Exception):
    """The hosting side rejects this event; the text says why. Other events may be accepted."""


class Unavailable(Exception):
    """Not now, and no other event would be accepted either. This event may have been accepted all the same."""


class Hosting(Protocol):
    def send(self, key: str, body: str) -> None:
        """Returns when the hosting side has accepted the event `key`. Raises Refused or Unavailable."""


@cache
def hosting_for(url: str | None, secret: str) -> Hosting | None:
    """None if no hosting side is configured: events then wait, and staff see them."""
    return WebhookHosting(url, secret) if url else None


class WebhookHosting:
    """POSTs to one address and follows no redirect: the signature is meant for this address alone."""

    def __init__(self, url: str, secret: str, *, context: ssl.SSLContext | None = None) -> None:
        self._url, self._secret = url, secret
        self._http = PoolManager(ssl_context=context or ssl.create_default_context(), retries=False)

    def send(self, key: str, body: str) -> None:
        content = body.encode()
        headers, limits = _headers(key, self._secret, content), Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        with _troubles_of_the_connection():
            answer = self._http.request(
                "POST", self._url, body=content, headers=headers, timeout=limits, redirect=False, preload_content=False
            )
            with closing(answer):
                _expect_taken(answer)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Hex HMAC-SHA256 over "<Unix seconds>.<body>"."""
    return hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def _headers(key: str, secret: str, content: bytes) -> dict[str, str]:
    now = int(time.time())
    signed = f"t={now},v1={signature(secret, now, content)}"
    names = {"Content-Type": "application/json", "Keiyaku-Id": key, "Keiyaku-Signature": signed}
    return names | {"Connection": "close", "User-Agent": SKIP_HEADER}


def _expect_taken(answer: BaseHTTPResponse) -> None:
    """Any 2xx means accepted, whatever the body says."""
    if 200 <= answer.status < 300:
        return
    reason = f"ホスティング側の返事：{answer.status} {answer.reason} {_excerpt(answer)}".strip()[:LONGEST_REASON]
    if 400 <= answer.status < 500 and answer.status not in NOT_NOW:
        raise Refused(reason)
    raise Unavailable(reason)


def _excerpt(answer: BaseHTTPResponse) -> str:
    """The start of the response body, to help staff. A single read, so a slow body cannot block."""
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

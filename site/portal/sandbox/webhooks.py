"""The pretend companies' post: signs their notices and hands them to whoever carries them."""

import hashlib
import hmac
from collections.abc import Callable, Mapping

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from portal.sandbox.books import Books, real_now
from portal.sandbox.books.notices import QueuedNotice, due_notices, mark_done, put_off, secret_of

PATH = "/notices"
Post = Callable[[str, Mapping[str, str], bytes], int]


def deliver(books: Books, secret: str, post: Post) -> int:
    """Sends every notice that is due to /notices/<company>; answers how many were taken (any 2xx). The others come again later."""
    return sum(_send(books, secret, post, notice) for notice in due_notices(books))


def post_to(host: str, port: int) -> Post:
    """Carries a notice to the portal on this machine."""

    def post(path: str, headers: Mapping[str, str], body: bytes) -> int:
        with PoolManager(retries=False, timeout=5) as http:
            return http.request("POST", f"http://{host}:{port}{path}", headers=headers, body=body, redirect=False).status

    return post


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body as it is sent, in hexadecimal."""
    return hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, company: str = "card") -> dict[str, str]:
    timestamp = int(real_now().timestamp())
    signed = signature(secret_of(company, secret), timestamp, body)
    return {"Content-Type": "application/json", "Sandbox-Signature": f"t={timestamp},v1={signed}"}


def _send(books: Books, secret: str, post: Post, notice: QueuedNotice) -> bool:
    body, company = notice.body.encode(), notice.company
    try:
        is_taken = 200 <= post(f"{PATH}/{company}", signed_headers(secret, body, company), body) < 300
    except (OSError, HTTPError):
        is_taken = False
    (mark_done if is_taken else put_off)(books, notice)
    return is_taken

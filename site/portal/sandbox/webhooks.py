"""Sends the sandbox companies' webhooks, signed."""

import hashlib
import hmac
from collections.abc import Callable, Mapping

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from portal.sandbox.books import Books, real_now
from portal.sandbox.books.webhook_queue import QueuedWebhook, due_webhooks, mark_done, retry_later, secret_of

PATH = "/notices"
Post = Callable[[str, Mapping[str, str], bytes], int]


def deliver(books: Books, secret: str, post: Post) -> int:
    """Send every due webhook to /notices/<company>. Returns how many were accepted (any 2xx); the others are retried later."""
    return sum(_send(books, secret, post, webhook) for webhook in due_webhooks(books))


def post_to(host: str, port: int) -> Post:
    """POST to the portal on this machine."""

    def post(path: str, headers: Mapping[str, str], body: bytes) -> int:
        with PoolManager(retries=False, timeout=5) as http:
            return http.request("POST", f"http://{host}:{port}{path}", headers=headers, body=body, redirect=False).status

    return post


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Hex HMAC-SHA256 over "<timestamp>.<body>"."""
    return hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, company: str = "card") -> dict[str, str]:
    timestamp = int(real_now().timestamp())
    signed = signature(secret_of(company, secret), timestamp, body)
    return {"Content-Type": "application/json", "Sandbox-Signature": f"t={timestamp},v1={signed}"}


def _send(books: Books, secret: str, post: Post, webhook: QueuedWebhook) -> bool:
    body, company = webhook.body.encode(), webhook.company
    try:
        is_taken = 200 <= post(f"{PATH}/{company}", signed_headers(secret, body, company), body) < 300
    except (OSError, HTTPError):
        is_taken = False
    (mark_done if is_taken else retry_later)(books, webhook)
    return is_taken

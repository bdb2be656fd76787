"""The queue of webhooks to the portal. Retry pauses use the real clock."""

import hashlib
import hmac
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from portal.sandbox.books import Books, real_now, stored
from portal.sandbox.books.charge import Charge

COPIES = 2
COMPANY_OF = {"charge": "card", "refund": "card", "dispute": "card", "debit": "wallet"}
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))


@dataclass(frozen=True)
class QueuedWebhook:
    id: str
    copy: int
    body: str
    attempts: int

    @property
    def company(self) -> str:
        """The company that sends it, by the event type."""
        return COMPANY_OF[json.loads(self.body)["type"].partition(".")[0]]


def secret_of(company: str, secret: str) -> str:
    """The signing secret of one company, so that a webhook of one is not valid for the other."""
    return hmac.new(secret.encode(), f"notices of the {company} company".encode(), hashlib.sha256).hexdigest()


def queue(connection: sqlite3.Connection, word: str, charge: Charge) -> None:
    """Queue the webhook of a charge (or debit, see `word`)."""
    about = {"key": charge.key, "reference": charge.reference, "yen": charge.yen, "at": stored(charge.at)}
    tell(connection, f"{word}.{charge.state}", about | {"code": charge.code, "retryable": charge.is_retryable})


def tell(connection: sqlite3.Connection, kind: str, about: dict[str, str | int | bool]) -> None:
    """Queue a webhook, twice: real companies send duplicates too."""
    event_id = f"event_{secrets.token_hex(10)}"
    body = json.dumps({"id": event_id, "type": kind} | about)
    rows = [(event_id, copy, body, stored(real_now())) for copy in range(1, COPIES + 1)]
    connection.executemany("INSERT INTO webhook (id, copy, body, due_at) VALUES (?, ?, ?, ?)", rows)


def due_webhooks(books: Books, limit: int = 50) -> list[QueuedWebhook]:
    query = "SELECT id, copy, body, attempts FROM webhook WHERE is_done = 0 AND due_at <= ? ORDER BY due_at, rowid LIMIT ?"
    return [QueuedWebhook(**row) for row in books.reader().execute(query, (stored(real_now()), limit))]


def mark_done(books: Books, webhook: QueuedWebhook) -> None:
    with books.write() as connection:
        connection.execute("UPDATE webhook SET is_done = 1, attempts = attempts + 1 WHERE id = ? AND copy = ?", (webhook.id, webhook.copy))


def retry_later(books: Books, webhook: QueuedWebhook) -> None:
    """Not accepted: retry after a pause that grows up to an hour."""
    pause = PAUSES[min(webhook.attempts, len(PAUSES) - 1)]
    with books.write() as connection:
        values = (stored(real_now() + pause), webhook.id, webhook.copy)
        connection.execute("UPDATE webhook SET attempts = attempts + 1, due_at = ? WHERE id = ? AND copy = ?", values)

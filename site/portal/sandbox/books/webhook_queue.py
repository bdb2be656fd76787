"""What the pretend companies still have to tell the portal. Pauses run on the real clock."""

import hashlib
import hmac
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from portal.sandbox.books import Books, real_now, stored
from portal.sandbox.books.entries import Charge

COPIES = 2
COMPANY_OF = {"charge": "card", "debit": "wallet"}
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))


@dataclass(frozen=True)
class QueuedNotice:
    id: str
    copy: int
    body: str
    tries: int

    @property
    def company(self) -> str:
        """Whose notice it is, by the word in its type."""
        return COMPANY_OF[json.loads(self.body)["type"].partition(".")[0]]


def secret_of(company: str, secret: str) -> str:
    """What a company signs with: no notice of one passes for a notice of the other."""
    return hmac.new(secret.encode(), f"notices of the {company} company".encode(), hashlib.sha256).hexdigest()


def queue(connection: sqlite3.Connection, word: str, charge: Charge) -> None:
    """Writes the notice of a charge (or debit, as `word` says) into the queue, twice: companies do send twice."""
    event_id = f"notice_{secrets.token_hex(10)}"
    body = json.dumps(
        {
            "id": event_id,
            "type": f"{word}.{charge.state}",
            "key": charge.key,
            "reference": charge.reference,
            "yen": charge.yen,
            "at": stored(charge.at),
            "code": charge.code,
            "retryable": charge.is_retryable,
        }
    )
    rows = [(event_id, copy, body, stored(real_now())) for copy in range(1, COPIES + 1)]
    connection.executemany("INSERT INTO notice (id, copy, body, due_at) VALUES (?, ?, ?, ?)", rows)


def due_notices(books: Books, limit: int = 50) -> list[QueuedNotice]:
    query = "SELECT id, copy, body, tries FROM notice WHERE is_done = 0 AND due_at <= ? ORDER BY due_at, rowid LIMIT ?"
    return [QueuedNotice(**row) for row in books.reader().execute(query, (stored(real_now()), limit))]


def mark_done(books: Books, notice: QueuedNotice) -> None:
    with books.write() as connection:
        connection.execute("UPDATE notice SET is_done = 1, tries = tries + 1 WHERE id = ? AND copy = ?", (notice.id, notice.copy))


def put_off(books: Books, notice: QueuedNotice) -> None:
    """Not taken: it is tried again after a pause that grows up to an hour."""
    pause = PAUSES[min(notice.tries, len(PAUSES) - 1)]
    with books.write() as connection:
        values = (stored(real_now() + pause), notice.id, notice.copy)
        connection.execute("UPDATE notice SET tries = tries + 1, due_at = ? WHERE id = ? AND copy = ?", values)

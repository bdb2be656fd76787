"""Money taken from cards. A charge and the notices that tell of it are one transaction."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from portal.sandbox.books import Books, stored
from portal.sandbox.books.notices import queue
from portal.sandbox.books.outcomes import Outcome

REFUSALS = {Outcome.REFUSED: ("card_declined", True), Outcome.EXPIRED: ("expired_card", False)}
ACCEPTED = ("", False)


@dataclass(frozen=True)
class Charge:
    """`yen` asked for; 0 for a key that was closed before it was used."""

    key: str
    yen: int
    state: str
    at: datetime
    reference: str
    token: str | None
    code: str
    is_retryable: bool
    is_silent: bool

    def is_for(self, token: str, yen: int) -> bool:
        return self.code == "closed" or (self.token, self.yen) == (token, yen)


def take(books: Books, token: str, yen: int, key: str) -> Charge:
    """Takes the money, unless the key is known: then answers what happened under it."""
    with books.write() as connection:
        known = _find(connection, key)
        if known:
            return known
        card = connection.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()
        code, is_retryable = _refusal(books, connection, card)
        is_silent = bool(card) and Outcome(card["outcome"]).is_silent and not code
        charge = Charge(key, yen, "refused" if code else "paid", books.now(), _reference(), token, code, is_retryable, is_silent)
        _insert(connection, charge)
        if not is_silent:
            queue(connection, charge)
        return charge


def close(books: Books, key: str) -> Charge:
    """Refuses a key for ever, unless it was used."""
    with books.write() as connection:
        known = _find(connection, key)
        if known:
            return known
        charge = Charge(key, 0, "refused", books.now(), _reference(), None, "closed", True, False)
        _insert(connection, charge)
        return charge


def find(books: Books, key: str) -> Charge | None:
    return _find(books.reader(), key)


def give_back(books: Books, reference: str, yen: int, key: str) -> sqlite3.Row | None:
    """The refund under this key, made now if it is new; None if there is no such charge of that amount left to refund."""
    with books.write() as connection:
        known = connection.execute("SELECT * FROM refund WHERE key = ?", (key,)).fetchone()
        if known:
            return known
        change = "UPDATE charge SET state = 'refunded' WHERE reference = ? AND yen = ? AND state = 'paid'"
        if not connection.execute(change, (reference, yen)).rowcount:
            return None
        connection.execute("INSERT INTO refund VALUES (?, ?, ?, ?)", (key, reference, yen, stored(books.now())))
        return connection.execute("SELECT * FROM refund WHERE key = ?", (key,)).fetchone()


def _refusal(books: Books, connection: sqlite3.Connection, card: sqlite3.Row | None) -> tuple[str, bool]:
    if card is None or card["is_forgotten"]:
        return "card_removed", False
    if card["expires"] < books.today().isoformat():
        return "expired_card", False
    outcome = Outcome(card["outcome"])
    if outcome is Outcome.PAYS_ONCE and connection.execute("SELECT 1 FROM charge WHERE token = ?", (card["token"],)).fetchone():
        return "card_declined", True
    return REFUSALS.get(outcome, ACCEPTED)


def _reference() -> str:
    return f"sand_{secrets.token_hex(10)}"


def _find(connection: sqlite3.Connection, key: str) -> Charge | None:
    row = connection.execute("SELECT * FROM charge WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    values = dict(row)
    flags = {name: bool(values[name]) for name in ("is_retryable", "is_silent")}
    return Charge(**values | flags | {"at": datetime.fromisoformat(values["at"])})


def _insert(connection: sqlite3.Connection, charge: Charge) -> None:
    values = vars(charge) | {"at": stored(charge.at)}
    connection.execute(
        "INSERT INTO charge (key, yen, state, at, reference, token, code, is_retryable, is_silent)"
        " VALUES (:key, :yen, :state, :at, :reference, :token, :code, :is_retryable, :is_silent)",
        values,
    )

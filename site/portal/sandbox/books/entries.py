"""Typing a card, from the link that the portal gets to the stored card. No function here is ever given a card number."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.sandbox.books import Books, real_now, stored
from portal.sandbox.books.outcomes import Outcome

OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class StoredCard:
    outcome: Outcome
    brand: str
    last4: str
    expires: date


@dataclass(frozen=True)
class Entry:
    token: str
    return_url: str
    state: str
    code: str
    card: StoredCard | None
    card_token: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def open_entry(books: Books, reference: str, return_url: str) -> Entry:
    """A new entry, or the one still open under this reference (two tabs): then the newest return address counts."""
    with books.write() as connection:
        _end_forgotten(connection, reference)
        change = "UPDATE card_entry SET return_url = ? WHERE reference = ? AND state IN ('open', 'asked')"
        if not connection.execute(change, (return_url, reference)).rowcount:
            new = (secrets.token_urlsafe(24), reference, return_url, stored(real_now()))
            connection.execute("INSERT INTO card_entry (token, reference, return_url, state, opened_at) VALUES (?, ?, ?, 'open', ?)", new)
        return _entry(_newest(connection, reference))


def newest_entry(books: Books, reference: str) -> Entry | None:
    row = _newest(books.reader(), reference)
    return _entry(row) if row else None


def find_entry(books: Books, token: str) -> Entry | None:
    row = books.reader().execute("SELECT * FROM card_entry WHERE token = ?", (token,)).fetchone()
    return _entry(row) if row else None


def accept(books: Books, token: str, card: StoredCard) -> Entry | None:
    """A good card was typed: it is stored, or the customer is asked for authentication first. An entry not open any more stays as it is."""
    with books.write() as connection:
        entry = _find_live(connection, token, "open")
        if entry:
            values = (card.outcome.value, card.brand, card.last4, card.expires.isoformat(), token)
            change = "UPDATE card_entry SET state = 'asked', outcome = ?, brand = ?, last4 = ?, expires = ? WHERE token = ?"
            connection.execute(change, values)
        if entry and not card.outcome.asks_for_authentication:
            _store(connection, token, card)
    return find_entry(books, token)


def authenticate(books: Books, token: str) -> Entry | None:
    """The customer pressed [認証する]."""
    with books.write() as connection:
        entry = _find_live(connection, token, "asked")
        if entry and entry.card and entry.card.outcome is Outcome.FAILS_WHEN_ASKED:
            _fail(connection, token, "three_d_secure")
        elif entry and entry.card:
            _store(connection, token, entry.card)
    return find_entry(books, token)


def give_up(books: Books, token: str, code: str) -> Entry | None:
    """The customer went back ("cancelled") or refused to be authenticated ("three_d_secure")."""
    with books.write() as connection:
        _fail(connection, token, code)
    return find_entry(books, token)


def forget_card(books: Books, token: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE card SET is_forgotten = 1 WHERE token = ?", (token,))


def _newest(connection: sqlite3.Connection, reference: str) -> sqlite3.Row:
    return connection.execute("SELECT * FROM card_entry WHERE reference = ? ORDER BY id DESC LIMIT 1", (reference,)).fetchone()


def _find_live(connection: sqlite3.Connection, token: str, state: str) -> Entry | None:
    row = connection.execute("SELECT * FROM card_entry WHERE token = ?", (token,)).fetchone()
    entry = _entry(row) if row else None
    return entry if entry and entry.state == state else None


def _store(connection: sqlite3.Connection, token: str, card: StoredCard) -> None:
    card_token = f"card_{secrets.token_urlsafe(18)}"
    values = (card_token, card.outcome.value, card.brand, card.last4, card.expires.isoformat())
    connection.execute("INSERT INTO card (token, outcome, brand, last4, expires) VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE card_entry SET state = 'done', card_token = ? WHERE token = ?", (card_token, token))


def _fail(connection: sqlite3.Connection, token: str, code: str) -> None:
    connection.execute("UPDATE card_entry SET state = 'failed', code = ? WHERE token = ? AND state IN ('open', 'asked')", (code, token))


def _end_forgotten(connection: sqlite3.Connection, reference: str) -> None:
    change = "UPDATE card_entry SET state = 'failed', code = 'expired' WHERE reference = ? AND state IN ('open', 'asked') AND opened_at < ?"
    connection.execute(change, (reference, stored(real_now() - OPEN_FOR)))


def _entry(row: sqlite3.Row) -> Entry:
    is_late = row["state"] in ("open", "asked") and datetime.fromisoformat(row["opened_at"]) < real_now() - OPEN_FOR
    state, code = ("failed", "expired") if is_late else (row["state"], row["code"])
    return Entry(row["token"], row["return_url"], state, code, _card(row), row["card_token"])


def _card(row: sqlite3.Row) -> StoredCard | None:
    if row["outcome"] is None:
        return None
    return StoredCard(Outcome(row["outcome"]), row["brand"], row["last4"], date.fromisoformat(row["expires"]))

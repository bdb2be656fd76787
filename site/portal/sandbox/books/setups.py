"""Typing a card, from the link that the portal gets to the stored card. No function here is ever given a card number."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date

from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visits import Visits

VISITS = Visits("card_entry", live=("open", "asked"))


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
    return _entry(VISITS.open(books, reference, return_url))


def newest_entry(books: Books, reference: str) -> Entry | None:
    row = VISITS.newest(books.reader(), reference)
    return _entry(row) if row else None


def find_entry(books: Books, token: str) -> Entry | None:
    row = VISITS.find(books.reader(), token)
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
            VISITS.fail(connection, token, "three_d_secure")
        elif entry and entry.card:
            _store(connection, token, entry.card)
    return find_entry(books, token)


def give_up(books: Books, token: str, code: str) -> Entry | None:
    """The customer went back ("cancelled") or refused to be authenticated ("three_d_secure")."""
    with books.write() as connection:
        VISITS.fail(connection, token, code)
    return find_entry(books, token)


def forget_card(books: Books, token: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE card SET is_forgotten = 1 WHERE token = ?", (token,))


def _find_live(connection: sqlite3.Connection, token: str, state: str) -> Entry | None:
    row = VISITS.find(connection, token)
    entry = _entry(row) if row else None
    return entry if entry and entry.state == state else None


def _store(connection: sqlite3.Connection, token: str, card: StoredCard) -> None:
    card_token = f"card_{secrets.token_urlsafe(18)}"
    values = (card_token, card.outcome.value, card.brand, card.last4, card.expires.isoformat())
    connection.execute("INSERT INTO card (token, outcome, brand, last4, expires) VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE card_entry SET state = 'done', card_token = ? WHERE token = ?", (card_token, token))


def _entry(row: sqlite3.Row) -> Entry:
    state, code = VISITS.state_of(row)
    return Entry(row["token"], row["return_url"], state, code, _card(row), row["card_token"])


def _card(row: sqlite3.Row) -> StoredCard | None:
    if row["outcome"] is None:
        return None
    return StoredCard(Outcome(row["outcome"]), row["brand"], row["last4"], date.fromisoformat(row["expires"]))

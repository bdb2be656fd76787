"""Card setups, from the address that the portal gets to the stored card. No function here receives a card number."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date

from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visits import Visits

VISITS = Visits("card_setup", live=("open", "asked"))


@dataclass(frozen=True)
class StoredCard:
    outcome: Outcome
    brand: str
    last4: str
    expires: date


@dataclass(frozen=True)
class CardSetup:
    token: str
    return_url: str
    state: str
    code: str
    card: StoredCard | None
    card_token: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def open_setup(books: Books, reference: str, return_url: str) -> CardSetup:
    return _setup(VISITS.open(books, reference, return_url))


def newest_setup(books: Books, reference: str) -> CardSetup | None:
    row = VISITS.newest(books.reader(), reference)
    return _setup(row) if row else None


def find_setup(books: Books, token: str) -> CardSetup | None:
    row = VISITS.find(books.reader(), token)
    return _setup(row) if row else None


def accept(books: Books, token: str, card: StoredCard) -> CardSetup | None:
    """A valid card was typed: store it, or ask for 3-D Secure first. A setup that is not open stays as it is."""
    with books.write() as connection:
        setup = _find_live(connection, token, "open")
        if setup:
            values = (card.outcome.value, card.brand, card.last4, card.expires.isoformat(), token)
            change = "UPDATE card_setup SET state = 'asked', outcome = ?, brand = ?, last4 = ?, expires = ? WHERE token = ?"
            connection.execute(change, values)
        if setup and not card.outcome.asks_for_authentication:
            _store(connection, token, card)
    return find_setup(books, token)


def authenticate(books: Books, token: str) -> CardSetup | None:
    """The customer pressed [認証する]."""
    with books.write() as connection:
        setup = _find_live(connection, token, "asked")
        if setup and setup.card and setup.card.outcome is Outcome.FAILS_WHEN_ASKED:
            VISITS.fail(connection, token, "three_d_secure")
        elif setup and setup.card:
            _store(connection, token, setup.card)
    return find_setup(books, token)


def give_up(books: Books, token: str, code: str) -> CardSetup | None:
    """The customer went back ("cancelled") or refused 3-D Secure ("three_d_secure")."""
    with books.write() as connection:
        VISITS.fail(connection, token, code)
    return find_setup(books, token)


def remove_card(books: Books, token: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE card SET is_removed = 1 WHERE token = ?", (token,))


def _find_live(connection: sqlite3.Connection, token: str, state: str) -> CardSetup | None:
    row = VISITS.find(connection, token)
    setup = _setup(row) if row else None
    return setup if setup and setup.state == state else None


def _store(connection: sqlite3.Connection, token: str, card: StoredCard) -> None:
    card_token = f"card_{secrets.token_urlsafe(18)}"
    values = (card_token, card.outcome.value, card.brand, card.last4, card.expires.isoformat())
    connection.execute("INSERT INTO card (token, outcome, brand, last4, expires) VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE card_setup SET state = 'done', card_token = ? WHERE token = ?", (card_token, token))


def _setup(row: sqlite3.Row) -> CardSetup:
    state, code = VISITS.state_of(row)
    return CardSetup(row["token"], row["return_url"], state, code, _card(row), row["card_token"])


def _card(row: sqlite3.Row) -> StoredCard | None:
    if row["outcome"] is None:
        return None
    return StoredCard(Outcome(row["outcome"]), row["brand"], row["last4"], date.fromisoformat(row["expires"]))

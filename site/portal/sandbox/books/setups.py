"""Card setups, from the address that the portal gets to the stored card. No function here receives a card number."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date

from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visit import BoundVisit, bound
from portal.sandbox.books.visits import Visits

VISITS = Visits("card_setup", live=("open", "asked"))


@dataclass(frozen=True)
class StoredCard:
    outcome: Outcome
    brand: str
    last4: str
    expires: date


@dataclass(frozen=True)
class CardSetup(BoundVisit):
    card: StoredCard | None
    card_token: str | None


def open_setup(books: Books, reference: str, return_url: str, shop: str = "", customer: str = "") -> CardSetup:
    return _setup(VISITS.open(books, reference, return_url, shop, customer))


def newest_setup(books: Books, reference: str) -> CardSetup | None:
    row = VISITS.newest(books.reader(), reference)
    return _setup(row) if row else None


def find_setup(books: Books, token: str) -> CardSetup | None:
    row = VISITS.find(books.reader(), token)
    return _setup(row) if row else None


def accept(books: Books, token: str, card: StoredCard, browser: str) -> CardSetup | None:
    """A valid card was typed in this browser: store it, or ask for 3-D Secure first. A setup that is not open stays as it is."""
    with books.write() as connection:
        setup = _find_live(connection, token, "open", browser)
        if setup:
            values = (card.outcome.value, card.brand, card.last4, card.expires.isoformat(), token)
            change = "UPDATE card_setup SET state = 'asked', outcome = ?, brand = ?, last4 = ?, expires = ? WHERE token = ?"
            connection.execute(change, values)
        if setup and not card.outcome.asks_for_authentication:
            _store(connection, token, card, browser)
    return find_setup(books, token)


def authenticate(books: Books, token: str, browser: str) -> CardSetup | None:
    """The customer pressed [認証する]."""
    with books.write() as connection:
        setup = _find_live(connection, token, "asked", browser)
        if setup and setup.card and setup.card.outcome is Outcome.FAILS_WHEN_ASKED:
            VISITS.fail(connection, token, "three_d_secure")
        elif setup and setup.card:
            _store(connection, token, setup.card, browser)
    return find_setup(books, token)


def give_up(books: Books, token: str, code: str) -> CardSetup | None:
    """The customer went back ("cancelled") or refused 3-D Secure ("three_d_secure")."""
    with books.write() as connection:
        VISITS.fail(connection, token, code)
    return find_setup(books, token)


def remove_card(books: Books, token: str) -> None:
    with books.write() as connection:
        connection.execute("UPDATE card SET is_removed = 1 WHERE token = ?", (token,))


def end(books: Books, reference: str) -> None:
    """Nothing more comes of the setups of this reference, and the card that one of them stored is deleted."""
    with books.write() as connection:
        stored_cards = "SELECT card_token FROM card_setup WHERE reference = ? AND state = 'done'"
        connection.execute(f"UPDATE card SET is_removed = 1 WHERE token IN ({stored_cards})", (reference,))  # noqa: S608
        VISITS.end_all(connection, reference)


def _find_live(connection: sqlite3.Connection, token: str, state: str, browser: str) -> CardSetup | None:
    """The setup in this state, which belongs to this browser now. None if there is none, or if it belongs to another."""
    row = VISITS.find(connection, token)
    setup = _setup(row) if row else None
    return setup if setup and setup.state == state and VISITS.keep_to(connection, token, browser) else None


def _store(connection: sqlite3.Connection, token: str, card: StoredCard, browser: str) -> None:
    card_token = f"card_{secrets.token_urlsafe(18)}"
    values = (card_token, card.outcome.value, card.brand, card.last4, card.expires.isoformat())
    connection.execute("INSERT INTO card (token, outcome, brand, last4, expires) VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE card_setup SET state = 'done', card_token = ? WHERE token = ?", (card_token, token))
    VISITS.finish(connection, token, browser)


def _setup(row: sqlite3.Row) -> CardSetup:
    state, code = VISITS.state_of(row)
    return CardSetup(state=state, code=code, card=_card(row), card_token=row["card_token"], **bound(row))


def _card(row: sqlite3.Row) -> StoredCard | None:
    if row["outcome"] is None:
        return None
    return StoredCard(Outcome(row["outcome"]), row["brand"], row["last4"], date.fromisoformat(row["expires"]))

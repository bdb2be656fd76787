"""Money taken from cards."""

import sqlite3

from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.tills import Charge, Till, Verdict

REFUSALS = {Outcome.REFUSED: Verdict("card_declined", is_retryable=True), Outcome.EXPIRED: Verdict("expired_card")}


def till(books: Books) -> Till:
    return Till(books, table="charge", refunds="refund", word="charge")


def take(books: Books, token: str, yen: int, key: str) -> Charge:
    """Takes the money, unless the key is known: then answers what happened under it."""
    return till(books).take(token, yen, key, lambda connection, at: _verdict(books, connection, token))


def find(books: Books, key: str) -> Charge | None:
    return till(books).find(key)


def _verdict(books: Books, connection: sqlite3.Connection, token: str) -> Verdict:
    card = connection.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()
    if card is None or card["is_forgotten"]:
        return Verdict("card_removed")
    if card["expires"] < books.today().isoformat():
        return Verdict("expired_card")
    outcome = Outcome(card["outcome"])
    if outcome is Outcome.PAYS_ONCE and connection.execute("SELECT 1 FROM charge WHERE token = ?", (token,)).fetchone():
        return Verdict("card_declined", is_retryable=True)
    return REFUSALS.get(outcome, Verdict(is_silent=outcome.is_silent))

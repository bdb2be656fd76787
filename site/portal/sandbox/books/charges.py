"""Charges of cards."""

import sqlite3

from portal.sandbox.books import Books
from portal.sandbox.books.ledger import Charge, Ledger, Verdict
from portal.sandbox.books.outcomes import Outcome

REFUSALS = {Outcome.REFUSED: Verdict("card_declined", is_retryable=True), Outcome.EXPIRED: Verdict("expired_card")}


def ledger(books: Books) -> Ledger:
    return Ledger(books, table="charge", refunds="card_refund", word="charge")


def take(books: Books, token: str, yen: int, key: str) -> Charge:
    """Charge the card. A known key returns its first result."""
    return ledger(books).take(token, yen, key, lambda connection, at: _verdict(books, connection, token))


def find(books: Books, key: str) -> Charge | None:
    return ledger(books).find(key)


def _verdict(books: Books, connection: sqlite3.Connection, token: str) -> Verdict:
    card = connection.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()
    if card is None or card["is_removed"]:
        return Verdict("card_removed")
    if card["expires"] < books.today().isoformat():
        return Verdict("expired_card")
    outcome = Outcome(card["outcome"])
    if outcome is Outcome.PAYS_ONCE and connection.execute("SELECT 1 FROM charge WHERE token = ?", (token,)).fetchone():
        return Verdict("card_declined", is_retryable=True)
    return REFUSALS.get(outcome, Verdict(is_silent=outcome.is_silent))

"""Charges of cards."""

import sqlite3

from portal.sandbox.books import Books
from portal.sandbox.books.ledger import Charge, Ledger, Verdict
from portal.sandbox.books.outcomes import Outcome

REFUSALS = {Outcome.REFUSED: Verdict("card_declined", is_retryable=True), Outcome.EXPIRED: Verdict("expired_card")}

WANTS_HOLDER = Verdict("authentication_required")
LATER = {Outcome.PAYS_ONCE: Verdict("card_declined", is_retryable=True), Outcome.ASKS_LATER: WANTS_HOLDER}  # not at the first charge


def ledger(books: Books) -> Ledger:
    return Ledger(books, table="charge", refunds="card_refund", word="charge")


def take(books: Books, token: str, yen: int, key: str, *, is_proved: bool = False) -> Charge:
    """Charge the card. A known key returns its first result. `is_proved`: its holder has just passed 3-D Secure."""
    return ledger(books).take(token, yen, key, lambda connection, at: _verdict(books, connection, token, is_proved=is_proved))


def refuse(books: Books, token: str, yen: int, key: str) -> Charge:
    """The holder did not pass 3-D Secure. A known key returns its first result."""
    return ledger(books).take(token, yen, key, lambda connection, at: WANTS_HOLDER)


def wants_holder(books: Books, token: str) -> bool:
    row = books.reader().execute("SELECT outcome FROM card WHERE token = ?", (token,)).fetchone()
    return row is not None and Outcome(row["outcome"]) is Outcome.ASKS_LATER


def find(books: Books, key: str) -> Charge | None:
    return ledger(books).find(key)


def _verdict(books: Books, connection: sqlite3.Connection, token: str, *, is_proved: bool) -> Verdict:
    card = connection.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()
    if card is None or card["is_removed"]:
        return Verdict("card_removed")
    if card["expires"] < books.today().isoformat():
        return Verdict("expired_card")
    outcome = Outcome(card["outcome"])
    if outcome in LATER and connection.execute("SELECT 1 FROM charge WHERE token = ?", (token,)).fetchone():
        return Verdict() if is_proved else LATER[outcome]
    return REFUSALS.get(outcome, Verdict(is_silent=outcome.is_silent))

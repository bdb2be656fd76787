"""What happens at the card company without the portal: refunds made on its own pages, and disputes. Each tells the portal by a webhook."""

import secrets
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.sandbox.books import Books, charges, stored
from portal.sandbox.books.webhook_queue import tell

RESPOND_WITHIN = timedelta(days=9)
REASON = "fraudulent"


def refund_here(books: Books, reference: str, yen: int) -> bool:
    """Staff of the shop give money back on the company's own pages. False if so much is not left."""
    number = f"re_{secrets.token_hex(10)}"
    made = charges.ledger(books).give_back(reference, yen, number)
    if made:
        with books.write() as connection:
            about = {"number": number, "reference": reference, "yen": yen, "at": stored(made.at)}
            tell(connection, "refund.made", about)
    return made is not None


def dispute(books: Books, reference: str) -> bool:
    """The holder disputes what is left of the charge: the company takes the money into custody. False if nothing is left."""
    left, now = charges.ledger(books).left_yen(reference), books.now()
    if not left or of_charge(books, reference):
        return False
    with books.write() as connection:
        row = (f"dp_{secrets.token_hex(10)}", reference, left, "open", stored(now), stored(now + RESPOND_WITHIN), None)
        connection.execute("INSERT INTO card_dispute VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO NOTHING", row)
        _tell(connection, reference, now)
    return True


def decide(books: Books, reference: str, state: str) -> bool:
    """The bank decides: "won" by the shop, or "lost". False if it is decided, or there is none."""
    now = books.now()
    with books.write() as connection:
        change = "UPDATE card_dispute SET state = ?, closed_at = ? WHERE reference = ? AND state = 'open'"
        is_new = connection.execute(change, (state, stored(now), reference)).rowcount == 1
        if is_new:
            _tell(connection, reference, now)
    return is_new


def of_charge(books: Books, reference: str) -> sqlite3.Row | None:
    return books.reader().execute("SELECT * FROM card_dispute WHERE reference = ?", (reference,)).fetchone()


def movements(books: Books, begin: datetime, end: datetime) -> Iterator[tuple[str, str, str, int, datetime]]:
    """As `Ledger.movements`: taken when the dispute opens, given again when it is won."""
    for row in books.reader().execute("SELECT * FROM card_dispute ORDER BY opened_at"):
        moved = [(-row["yen"], row["opened_at"])] + ([(row["yen"], row["closed_at"])] if row["state"] == "won" else [])
        for yen, at in moved:
            if begin <= datetime.fromisoformat(at) < end:
                yield "dispute", row["number"], row["reference"], yen, datetime.fromisoformat(at)


def _tell(connection: sqlite3.Connection, reference: str, at: datetime) -> None:
    row = connection.execute("SELECT * FROM card_dispute WHERE reference = ?", (reference,)).fetchone()
    about = {name: row[name] for name in ("number", "reference", "yen", "respond_by")}
    tell(connection, f"dispute.{row['state']}", about | {"reason": REASON, "at": stored(at)})

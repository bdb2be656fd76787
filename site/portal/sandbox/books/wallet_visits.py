"""Visits to the wallet company: linking a wallet, or buying points. No function here stores a password."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from portal.sandbox.books import Books, real_now, stored, wallet_mails, wallets
from portal.sandbox.books.visit import BoundVisit, bound
from portal.sandbox.books.visits import Visits

VISITS = Visits("wallet_visit", live=("open", "named", "signed_in"))
OWN = "own:"
OWN_ARE_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Visit(BoundVisit):
    """`wallet_id` as typed; it is known to exist only after the password. `purchases`: made in this visit."""

    wallet_id: str
    link_token: str | None
    purchases: int
    is_own: bool


def open_visit(books: Books, reference: str, return_url: str, shop: str = "", customer: str = "") -> Visit:
    return _visit(VISITS.open(books, reference, return_url, shop, customer))


def open_own(books: Books, wallet_id: str, return_url: str, browser: str) -> Visit:
    """A visit to buy points that no shop started. The ID is typed already."""
    with books.write() as connection:
        too_old = (f"{OWN}%", stored(real_now() - OWN_ARE_KEPT_FOR))
        old = "FROM wallet_visit WHERE reference LIKE ? AND opened_at < ?"
        connection.execute(f"DELETE FROM visit_binding WHERE token IN (SELECT token {old})", too_old)  # noqa: S608
        connection.execute(f"DELETE {old}", too_old)
        token = VISITS.add(connection, f"{OWN}{secrets.token_hex(16)}", return_url)
        _name(connection, token, wallet_id, browser)
        return _found(connection, token)


def newest_visit(books: Books, reference: str) -> Visit | None:
    row = VISITS.newest(books.reader(), reference)
    return _visit(row) if row else None


def find_visit(books: Books, token: str) -> Visit | None:
    row = VISITS.find(books.reader(), token)
    return _visit(row) if row else None


def name(books: Books, token: str, wallet_id: str, browser: str) -> Visit:
    """An ID was typed in this browser. Whether the wallet exists stays hidden until the password."""
    with books.write() as connection:
        if _found(connection, token).state in ("open", "named"):
            _name(connection, token, wallet_id, browser)
        return _found(connection, token)


def sign_in(books: Books, token: str, wallet_id: str) -> Visit:
    """The password for `wallet_id` was right. If the visit has another ID by now (two tabs), nothing changes."""
    with books.write() as connection:
        if _found(connection, token).state == "named":
            change = "UPDATE wallet_visit SET state = 'signed_in' WHERE token = ? AND wallet_id = ?"
            connection.execute(change, (token, wallet_id))
        return _found(connection, token)


def link(books: Books, token: str, browser: str) -> Visit:
    """The customer pressed [OK]: the shop may debit the wallet. Its owner is told by mail."""
    with books.write() as connection:
        visit = _found(connection, token)
        if visit.state == "signed_in" and not visit.is_own and visit.may_go_on_in(browser):
            link_token = f"wallet_{secrets.token_urlsafe(18)}"
            connection.execute("INSERT INTO wallet_link (token, wallet_id) VALUES (?, ?)", (link_token, visit.wallet_id))
            connection.execute("UPDATE wallet_visit SET state = 'done', link_token = ? WHERE token = ?", (link_token, token))
            VISITS.finish(connection, token, browser)
            wallet_mails.say_linked(connection, visit.wallet_id, visit.shop, visit.customer, stored(books.now()))
        return _found(connection, token)


def buy(books: Books, token: str, points: int, number: int) -> Visit:
    """Add bought points. `number`: the purchase number on the customer's page, so that each is made once."""
    with books.write() as connection:
        visit = _found(connection, token)
        if visit.state == "signed_in" and visit.purchases == number:
            wallets.put_in(connection, visit.wallet_id, "purchase", f"{token}:{number}", points, stored(books.now()))
            connection.execute("UPDATE wallet_visit SET purchases = purchases + 1 WHERE token = ?", (token,))
        return _found(connection, token)


def give_up(books: Books, token: str) -> Visit:
    """The customer went back to the shop or signed out."""
    with books.write() as connection:
        VISITS.fail(connection, token, "cancelled")
        return _found(connection, token)


def end(books: Books, reference: str) -> None:
    """Nothing more comes of the visits of this reference, and the link that one of them made is removed."""
    with books.write() as connection:
        links = "SELECT link_token FROM wallet_visit WHERE reference = ? AND state = 'done'"
        connection.execute(f"UPDATE wallet_link SET is_removed = 1 WHERE token IN ({links})", (reference,))  # noqa: S608
        VISITS.end_all(connection, reference)


def _name(connection: sqlite3.Connection, token: str, wallet_id: str, browser: str) -> None:
    if VISITS.keep_to(connection, token, browser):
        connection.execute("UPDATE wallet_visit SET state = 'named', wallet_id = ? WHERE token = ?", (wallet_id, token))


def _found(connection: sqlite3.Connection, token: str) -> Visit:
    row = VISITS.find(connection, token)
    assert row is not None
    return _visit(row)


def _visit(row: sqlite3.Row) -> Visit:
    state, code = VISITS.state_of(row)
    values = {field: row[field] for field in ("wallet_id", "link_token", "purchases")}
    return Visit(state=state, code=code, is_own=row["reference"].startswith(OWN), **values, **bound(row))

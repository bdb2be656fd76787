"""Linked wallets for tests."""

import secrets

from portal.sandbox.books import wallet_visits
from tests.visits import link_wallet


def a_link(books, wallet_id: str = "osaipo-demo") -> str:
    """The token of a link that the wallet's owner has just made."""
    visit = wallet_visits.open_visit(books, secrets.token_hex(8), "/")
    link_wallet(books, visit.token, wallet_id)
    return wallet_visits.find_visit(books, visit.token).link_token


def points(books, wallet_id: str = "osaipo-demo") -> int:
    return books.reader().execute("SELECT COALESCE(SUM(yen), 0) FROM wallet_entry WHERE wallet_id = ?", (wallet_id,)).fetchone()[0]


def debits(books) -> dict[str, int]:
    return {row["key"]: row["yen"] for row in books.reader().execute("SELECT key, yen FROM wallet_entry WHERE yen < 0")}

"""Charges with their holder present: the bank's page asks for the holder, and the charge is made or refused by the answer."""

import secrets
from dataclasses import dataclass

from portal.sandbox.books import Books, charges


@dataclass(frozen=True)
class Proof:
    """`is_over`: the charge under this key has a result, or was closed."""

    token: str
    key: str
    card_token: str
    yen: int
    return_url: str
    brand: str
    last4: str
    is_over: bool


def open_proof(books: Books, card_token: str, yen: int, key: str, return_url: str) -> Proof:
    """The page of this key, made if it is new."""
    with books.write() as connection:
        values = (secrets.token_urlsafe(24), key, card_token, yen, return_url)
        connection.execute("INSERT INTO card_proof VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING", values)
    return _found(books, "key", key)


def find_proof(books: Books, token: str) -> Proof | None:
    return _found(books, "token", token)


def of_key(books: Books, key: str) -> Proof | None:
    return _found(books, "key", key)


def _found(books: Books, column: str, value: str) -> Proof | None:
    query = f"SELECT p.*, brand, last4 FROM card_proof p JOIN card c ON c.token = p.card_token WHERE p.{column} = ?"  # noqa: S608
    row = books.reader().execute(query, (value,)).fetchone()
    return Proof(**row, is_over=charges.find(books, row["key"]) is not None) if row else None

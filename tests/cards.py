"""The card company behind a test's books: the sandbox's, or another one that is put in its place (tests/stripe_cards.py)."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from portal.gateways.card import CardCompany
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import Books, setups
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from portal.sandbox.books.visit import return_code

BROWSER = "the customer's browser"
Row = dict[str, Any]


class Outage(StrEnum):
    NONE = "none"
    LOSES_ANSWERS = "loses answers"
    LOSES_EVERYTHING = "loses everything"
    NEVER_REACHED = "never reached"


class Cards(Protocol):
    """What customers and banks do at the card company, and what it took.

    `fails_itself`: an outage happens on the line to it; else wrappers play it (tests/companies.py). `pages`: in every address of its pages.
    """

    fails_itself: bool
    pages: str

    def books(self, path: Path) -> Books:
        """The sandbox's, for everything but cards."""

    def company(self, secret: str = "") -> CardCompany:
        """As the portal knows it."""

    def enter(self, address: str, card: StoredCard, browser: str = BROWSER) -> str:
        """Type the card, and pass 3-D Secure where it is asked for. Returns the code with which the browser is sent back."""

    def tokens(self) -> list[str]:
        """Of all cards that were ever entered."""

    def become(self, token: str, outcome: Outcome) -> None:
        """This card pays otherwise from now on."""

    def remove(self, token: str) -> None:
        """The company drops the card without the portal's knowledge."""

    def suffer(self, outage: Outage) -> None:
        """This goes wrong on the line from now on."""

    def apart(self) -> AbstractContextManager[None]:
        """What happens at the company meanwhile has not happened afterwards."""

    def rows(self, connection: sqlite3.Connection) -> tuple[list[Row], list[Row]]:
        """Its charges and its refunds. `connection`: to the sandbox's books."""


class SandboxCards:
    fails_itself = False
    pages = "/sandbox/"

    def __init__(self, books: Books) -> None:
        self._books = books

    def books(self, path: Path) -> Books:
        return Books(path)

    def company(self, secret: str = "") -> CardCompany:
        return SandboxCardCompany(self._books, secret)

    def enter(self, address: str, card: StoredCard, browser: str = BROWSER) -> str:
        token = address.rpartition("/")[2]
        setups.accept(self._books, token, card, browser)
        setups.authenticate(self._books, token, browser)
        return return_code(token, browser)

    def tokens(self) -> list[str]:
        return [row["token"] for row in self._books.reader().execute("SELECT token FROM card")]

    def become(self, token: str, outcome: Outcome) -> None:
        self._change(token, "outcome", outcome.value)

    def remove(self, token: str) -> None:
        self._change(token, "is_removed", 1)

    def apart(self) -> AbstractContextManager[None]:
        """All that it knows is in the books, of which a test has copies."""
        return nullcontext()

    def rows(self, connection: sqlite3.Connection) -> tuple[list[Row], list[Row]]:
        return tuple([dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in ("charge", "card_refund"))  # noqa: S608

    def _change(self, token: str, column: str, value: object) -> None:
        with self._books.write() as connection:
            connection.execute(f"UPDATE card SET {column} = ? WHERE token = ?", (value, token))  # noqa: S608


def cards_of(books: Books) -> Cards:
    return getattr(books, "cards", None) or SandboxCards(books)

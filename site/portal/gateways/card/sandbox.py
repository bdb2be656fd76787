"""The pretend card company, asked through its books and never over HTTP."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from portal.gateways.card import (
    Card,
    CompanyUnreachable,
    Declined,
    Failed,
    KeyReused,
    NotFound,
    Notice,
    Page,
    Paid,
    Pending,
    Refunded,
    Unknown,
)
from portal.gateways.card.sandbox_notice import parse_notice
from portal.sandbox.books import Books, charges, entries

HIGHEST_YEN = 10**10
LONGEST_KEY = 255


class SandboxCardCompany:
    """`prefix` is where the company's pages are mounted, seen from the portal's origin."""

    def __init__(self, books: Books, secret: str, prefix: str = "/sandbox") -> None:
        self._books = books
        self._secret = secret
        self._prefix = prefix

    def begin_entry(self, reference: str, return_url: str) -> Page:
        if not _is_address(return_url):
            raise ValueError("return_url must be a path of ours or an http(s) address")
        with _reachable():
            entry = entries.open_entry(self._books, reference, return_url)
        return Page(f"{self._prefix}/card/entry/{entry.token}")

    def finish_entry(self, reference: str) -> Card | Pending | Failed:
        with _reachable():
            entry = entries.newest_entry(self._books, reference)
        if entry is None:
            return Failed("not_found")
        if entry.state == "failed":
            return Failed(entry.code)
        if entry.card_token is None or entry.card is None:
            return Pending()
        return Card(entry.card_token, entry.card.brand, entry.card.last4, entry.card.expires)

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        _check(yen, key)
        try:
            charge = charges.take(self._books, token, yen, key)
        except sqlite3.Error:
            return Unknown()
        if not charge.is_for(token, yen):
            raise KeyReused(key)
        return Unknown() if charge.is_silent else _result(charge)

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        try:
            charge = charges.find(self._books, key)
        except sqlite3.Error:
            return Unknown()
        return _result(charge) if charge else NotFound()

    def close(self, key: str) -> Paid | Declined | Unknown:
        _check(1, key)
        try:
            return _result(charges.close(self._books, key))
        except sqlite3.Error:
            return Unknown()

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Whole charges only."""
        _check(yen, key)
        try:
            refund = charges.give_back(self._books, reference, yen, key)
        except sqlite3.Error:
            return Unknown()
        if refund is None:
            return Declined("not_refundable", retryable=False)
        if (refund["reference"], refund["yen"]) != (reference, yen):
            raise KeyReused(key)
        return Refunded(reference, yen, datetime.fromisoformat(refund["at"]))

    def forget(self, token: str) -> None:
        with _reachable():
            entries.forget_card(self._books, token)

    def parse_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        return parse_notice(self._secret, headers, body)


def _result(charge: charges.Charge) -> Paid | Declined:
    if charge.state == "paid":
        return Paid(charge.reference, charge.yen, charge.at)
    if charge.state == "refunded":
        return Declined("refunded", retryable=False)
    return Declined(charge.code, charge.is_retryable)


def _check(yen: int, key: str) -> None:
    if type(yen) is not int or not 0 < yen < HIGHEST_YEN:
        raise ValueError("yen must be a positive whole number")
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("key must have 1 to 255 characters")


def _is_address(url: str) -> bool:
    """Refuses what a browser could read as another origin's address or as a script."""
    if any(character <= " " or character == "\\" for character in url):
        return False
    return url.startswith(("http://", "https://")) or (url.startswith("/") and not url.startswith("//"))


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CompanyUnreachable("card company") from error

"""Shared by both sandbox companies: read and write the sandbox's books, no HTTP, and convert the rows to results."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Protocol

from portal.gateways.answers import (
    CompanyEvent,
    CompanyUnreachable,
    Customer,
    Declined,
    KeyReused,
    Movement,
    MovementKind,
    NotFound,
    Paid,
    Refunded,
    Remittance,
    Unknown,
)
from portal.gateways.checks import check_key, check_yen
from portal.gateways.sandbox_event import parse_event
from portal.gateways.sandbox_remittances import FROM_MONDAY_TO_ARRIVAL, JAPAN, weekly


class Charge(Protocol):
    """A charge as stored in the books."""

    yen: int
    state: str
    at: datetime
    reference: str
    code: str
    is_retryable: bool
    is_silent: bool

    def is_for(self, token: str, yen: int) -> bool: ...


class Refund(Protocol):
    """A refund as stored in the books."""

    reference: str
    yen: int
    at: datetime
    is_silent: bool


class Ledger(Protocol):
    """Charges by idempotency key."""

    word: str

    def close(self, key: str) -> Charge: ...
    def find(self, key: str) -> Charge | None: ...
    def today(self) -> date: ...
    def movements(self, begin: datetime, end: datetime) -> Iterator[tuple[str, str, str, int, datetime]]: ...


class PretendCompany:
    name = "sandbox"
    origin = ""

    def __init__(self, ledger: Ledger, give_back: Callable[[str, int, str], Refund | None], secret: str) -> None:
        self._ledger = ledger
        self._give_back = give_back
        self._secret = secret

    def prepare(self, token: str, yen: int, key: str) -> str:
        return key

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        try:
            charge = self._ledger.find(key)
        except sqlite3.Error:
            return Unknown()
        return _result(charge) if charge else NotFound()

    def close(self, key: str) -> Paid | Declined | Unknown:
        check_key(key)
        try:
            return _result(self._ledger.close(key))
        except sqlite3.Error:
            return Unknown()

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        check_yen(yen)
        check_key(key)
        try:
            refund = self._give_back(reference, yen, key)
        except sqlite3.Error:
            return Unknown()
        if refund is None:
            return Declined("not_refundable", retryable=False)
        if (refund.reference, refund.yen) != (reference, yen):
            raise KeyReused(key)
        return Unknown() if refund.is_silent else Refunded(reference, yen, refund.at)

    def movements(self, begin: datetime, end: datetime) -> list[Movement]:
        with reachable("sandbox"):
            return list(map(moved, self._ledger.movements(begin, end)))

    def remittances(self, first: date, last: date) -> list[Remittance]:
        begin, end = (datetime.combine(day, time(), JAPAN) for day in (first - FROM_MONDAY_TO_ARRIVAL, last))
        found = weekly(self._ledger.word, self.movements(begin, end), self._ledger.today())
        return [remittance for remittance in found if first <= remittance.arrives_on <= last]

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
        return parse_event(self._secret, self._ledger.word, headers, body)

    def _take(self, take: Callable[[str, int, str], Charge], token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        check_yen(yen)
        check_key(key)
        try:
            charge = take(token, yen, key)
        except sqlite3.Error:
            return Unknown()
        if not charge.is_for(token, yen):
            raise KeyReused(key)
        return Unknown() if charge.is_silent else _result(charge)


def moved(row: tuple[str, str, str, int, datetime]) -> Movement:
    kind, *about = row
    return Movement(MovementKind(kind), *about)


def named(customer: Customer) -> str:
    """As the company's pages name them."""
    return f"{customer.name} 様（ログインID：{customer.login}）"


@contextmanager
def reachable(company: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CompanyUnreachable(company) from error


def _result(charge: Charge) -> Paid | Declined:
    if charge.state == "paid":
        return Paid(charge.reference, charge.yen, charge.at)
    if charge.state == "refunded":
        return Declined("refunded", retryable=False)
    return Declined(charge.code, charge.is_retryable)

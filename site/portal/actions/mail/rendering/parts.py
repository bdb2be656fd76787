"""What several kinds of mail are made of."""

from dataclasses import dataclass
from datetime import date

from portal.catalog import BankAccount


@dataclass(frozen=True)
class Item:
    """One line of an order; anything else with these names will do (a quote's line, an order's)."""

    name: str
    quantity: int
    months: int
    yen: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class LeftOut:
    """A product that is not charged with the others and ends on `ends_on`, as the rules name it; `reason` is a Japanese sentence or two."""

    name: str
    ends_on: date
    reason: str


@dataclass(frozen=True)
class Transfer:
    """お支払い情報: where to, `number` before the payer's name, by when; `closed` are the days till then without confirmations.

    `received_yen` has come already; `is_again`: this was written before, and is asked for again.
    """

    accounts: tuple[BankAccount, ...]
    number: str
    due_on: date
    closed: tuple[date, ...] = ()
    received_yen: int = 0
    is_again: bool = False

"""Money that has come, and where each yen of it is counted: for an order, or waiting for one.

Called inside the transaction of the cause, while a deposit is held.
"""

from dataclasses import dataclass
from datetime import date

from models import Allocation, Deposit, Order, Payment, created_with_number
from portal import clock
from portal.enums import Method


@dataclass(frozen=True)
class Money:
    """Yen that a company has taken for us, or a part of a deposit. `reference` is the company's own; `received_on` its date, in Japan.

    `begins_on` is the first day of a new contract: the day it was paid, by bank the day the money is confirmed.
    """

    source: Method
    reference: str
    yen: int
    received_on: date
    begins_on: date
    payment: Payment | None = None
    deposit: Deposit | None = None


def count(order: Order | None, money: Money) -> bool:
    """True the first time that this money is seen. What a company took waits for staff where `order` is None."""
    known = Allocation.select().where(Allocation.source == money.source, Allocation.company_reference == money.reference)
    if money.deposit is not None:
        return order is not None and not known.where(Allocation.order == order).exists() and _split(order, money, money.deposit)
    if known.exists():
        return False
    _create(order, money)
    return True


def wait_for_an_order(deposit: Deposit, yen: int) -> None:
    """So much of the deposit, which is held, waits from now on: one row at most for each deposit."""
    more = Allocation.update(yen=Allocation.yen + yen).where(Allocation.deposit == deposit, Allocation.order.is_null())
    if not more.execute():
        _create(None, Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, deposit.counts_on, deposit=deposit))


def reference_of(deposit: Deposit) -> str:
    return f"D{deposit.number}"


def _split(order: Order, money: Money, deposit: Deposit) -> bool:
    """Take it from what waits of the deposit; the sum of its rows stays the deposit."""
    waiting = (Allocation.deposit == deposit) & Allocation.order.is_null()
    less = Allocation.update(yen=Allocation.yen - money.yen).where(waiting, Allocation.yen > money.yen)
    if not less.execute() and not Allocation.delete().where(waiting, Allocation.yen == money.yen).execute():
        raise RuntimeError(f"deposit {deposit.number} had {money.yen} yen left a moment ago and has not now")
    _create(order, money)
    return True


def _create(order: Order | None, money: Money) -> None:
    about = {"source": money.source, "company_reference": money.reference, "yen": money.yen, "received_on": money.received_on}
    created_with_number(Allocation, 10, order=order, deposit=money.deposit, created_at=clock.now(), **about)

"""Records received money as allocations: to an order, or without one for staff to handle.

Called inside the caller's transaction, with the deposit locked.
"""

from dataclasses import dataclass
from datetime import date

from models import Allocation, Deposit, Order, Payment, created_with_number
from portal import clock
from portal.enums import Method


@dataclass(frozen=True)
class Money:
    """Received money in yen: a charge, or a part of a deposit. `reference` is the company's; `received_on` its date, in Japan.

    `begins_on` is the first day of a new contract: the day of the charge, or the day when staff allocates the transfer.
    """

    source: Method
    reference: str
    yen: int
    received_on: date
    begins_on: date
    payment: Payment | None = None
    deposit: Deposit | None = None


def record_money(order: Order | None, money: Money) -> bool:
    """Record the money for the order. False if it was recorded before. `order` None: a charge that staff must handle."""
    known = Allocation.select().where(Allocation.source == money.source, Allocation.company_reference == money.reference)
    if money.deposit is not None:
        return order is not None and not known.where(Allocation.order == order).exists() and _split(order, money, money.deposit)
    if known.exists():
        return False
    _create(order, money)
    return True


def add_unallocated(deposit: Deposit, yen: int) -> None:
    """Add `yen` to the deposit's one row without an order; create the row if needed. The deposit must be locked."""
    increased = Allocation.update(yen=Allocation.yen + yen).where(Allocation.deposit == deposit, Allocation.order.is_null())
    if not increased.execute():
        _create(None, Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, deposit.counts_on, deposit=deposit))


def reference_of(deposit: Deposit) -> str:
    return f"D{deposit.number}"


def _split(order: Order, money: Money, deposit: Deposit) -> bool:
    """Move yen from the deposit's row without an order to one for this order. The sum of the rows stays equal to the deposit."""
    unallocated = (Allocation.deposit == deposit) & Allocation.order.is_null()
    reduced = Allocation.update(yen=Allocation.yen - money.yen).where(unallocated, Allocation.yen > money.yen)
    if not reduced.execute() and not Allocation.delete().where(unallocated, Allocation.yen == money.yen).execute():
        raise RuntimeError(f"deposit {deposit.number} has less than {money.yen} yen unallocated")
    _create(order, money)
    return True


def _create(order: Order | None, money: Money) -> None:
    about = {"source": money.source, "company_reference": money.reference, "yen": money.yen, "received_on": money.received_on}
    created_with_number(Allocation, 10, order=order, deposit=money.deposit, created_at=clock.now(), **about)

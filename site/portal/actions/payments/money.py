"""Records received money as allocations: to an order, or without one for staff to handle.

Called inside the caller's transaction, with the deposit locked. The only module that changes or deletes allocations and deposits: what
counted for an order is kept as it was (MovedMoney), so that the accountant's entries of a day that is over never change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Query, fn

from models import (
    Account,
    Allocation,
    Deposit,
    MovedMoney,
    Order,
    Payment,
    Payout,
    as_literals,
    created_all,
    created_with_number,
    different_numbers,
)
from portal import clock
from portal.actions.mail import money_mails
from portal.actions.refusals import NotPossible
from portal.enums import AllocationSource, Method
from portal.store.prepared import Prepared

DEPOSIT = "deposit"
BY_COMPANY = (Method.CARD, Method.WALLET)


@dataclass(frozen=True)
class Money:
    """Received money in yen: a charge, or a part of a deposit. `reference` is the company's; `received_on` its date, in Japan.

    `begins_on` is the first day of a new contract: the day of the charge, or the day when staff allocates the transfer. `was_held`: it was
    お預かり until now.
    """

    source: Method
    reference: str
    yen: int
    received_on: date
    begins_on: date
    payment: Payment | None = None
    deposit: Deposit | None = None
    was_held: bool = False


MoneyFor = tuple[Order | None, Money, Account]


def record_money(order: Order | None, money: Money, account: Account) -> bool:
    """Record the money for the order. False if it was recorded before. `order` None: a charge of the account that staff must handle."""
    return record_all([(order, money, account)])[0]


def record_all(received: Sequence[MoneyFor]) -> list[bool]:
    """The same for several orders, charges by one statement. The database says whether a company's reference is there already."""
    charges = [each for each in received if each[1].deposit is None]
    numbers = different_numbers(len(charges), 10)
    rows = [{"number": number, **_values(*each)} for number, each in zip(numbers, charges, strict=True)]
    written = iter(created_all(Allocation, Allocation.number, rows, unless_there=()))
    return [_record_part(*each) if each[1].deposit else next(written) is not None or _create_unless_known(*each) for each in received]


def _record_part(order: Order | None, money: Money, account: Account) -> bool:
    known = Allocation.select().where(Allocation.source == money.source, Allocation.company_reference == money.reference)
    return order is not None and not known.where(Allocation.order == order).exists() and _split(order, money, money.deposit, account)


@Prepared
def _known(source: Any, reference: Any) -> Query:
    """Of a card or wallet. The literals are those of the index `one_company_reference`: without them SQLite reads every allocation."""
    indexed = Allocation.source.in_(as_literals(BY_COMPANY))
    same = (Allocation.source == source) & (Allocation.company_reference == reference)
    return Allocation.select(Allocation.id).where(same, indexed).limit(1)


def add_unallocated(deposit: Deposit, yen: int, account: Account | None = None) -> None:
    """Add `yen` to the deposit's one row without an order; create the row if needed. The deposit must be locked.

    `account`: whose money it is. The customer reads it as お預かり.
    """
    assign_rest(deposit, account)
    if not Allocation.update(yen=Allocation.yen + yen).where(_rest(deposit)).execute():
        _create(None, Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, deposit.counts_on, deposit=deposit), account)


def assign_rest(deposit: Deposit, account: Account | None) -> None:
    """The rest, and what was given back of it, is this customer's money from now on. Another who had it as お預かり is mailed.

    Raises NotPossible while a part of it is kept to go back to another customer.
    """
    _tell_whose_it_was(deposit, account)
    mine = (Allocation.deposit == deposit) & Allocation.order.is_null()
    anothers = Payout.select(Payout.id).where(Payout.deposit == deposit.id, Payout.is_live(), Payout.account != account)
    if not account:
        Allocation.update(account=None).where(mine).execute()
    elif not Allocation.update(account=account).where(mine, ~fn.EXISTS(anothers)).execute() and anothers.exists():
        raise NotPossible("この入金の一部は、ほかのお客様に返金する予定です。先にその返金を終わらせるか、取りやめてください。")


def held_of_others(deposit: Deposit, account: Account | None) -> list[tuple[Account, int]]:
    """Other customers who have money of this deposit as お預かり, and how many yen."""
    held = Allocation.select(Allocation.account, fn.SUM(Allocation.yen)).where(Allocation.deposit == deposit, Allocation.order.is_null())
    query = held.where(Allocation.account != account) if account else held.where(Allocation.account.is_null(False))
    return [(Account.get_by_id(owner), int(yen)) for owner, yen in query.group_by(Allocation.account).tuples() if yen]


def take_off(allocation: Allocation) -> bool:
    """The part of a deposit does not count for its order any more; the caller adds it to the rest. False if that was done before."""
    if not Allocation.delete().where(Allocation.id == allocation.id, Allocation.order == allocation.order_id).execute():
        return False
    _keep(allocation)
    return True


def take_all_off(allocations: list[Allocation], account: Account) -> None:
    """This money of an order has no order any more, and is the customer's."""
    for allocation in allocations:
        _keep(allocation)
    Allocation.update(order=None, account=account).where(Allocation.id.in_([row.id for row in allocations])).execute()


def forget_deposit(deposit: Deposit) -> None:
    """It was no customer's money, and nothing of it was ever used."""
    Allocation.delete().where(Allocation.deposit == deposit).execute()
    about = {"number": deposit.number, "source": DEPOSIT, "company_reference": reference_of(deposit), "yen": deposit.yen}
    MovedMoney.create(received_on=deposit.booked_on, created_at=deposit.created_at, moved_at=clock.now(), **about)
    deposit.delete_instance()


def waive(order: Order, yen: int) -> None:
    """Count `yen` for the order that never came, because staff accepted the difference. Once per order."""
    about = {"source": AllocationSource.WAIVED, "company_reference": order.number, "received_on": clock.today()}
    created_with_number(Allocation, 10, order=order, yen=yen, created_at=clock.now(), **about)


def withdraw_difference(order: Order) -> int:
    """The accepted difference no longer counts, because the order is unpaid again. Returns its yen, or 0."""
    accepted = Allocation.get_or_none(Allocation.order == order, Allocation.source == AllocationSource.WAIVED)
    return accepted.yen if accepted and accepted.delete_instance() else 0


def record_returned(allocation: Allocation, yen: int, returned_on: date) -> None:
    """Count `yen` of this money as given back on that day: the same reference, order or deposit, and a negative amount.

    `yen` below 0: it came again.
    """
    about = {"source": AllocationSource.RETURNED, "company_reference": f"{allocation.source}:{allocation.company_reference}"}
    about |= {"order": allocation.order_id, "account": allocation.account_id, "deposit": allocation.deposit_id}
    created_with_number(Allocation, 10, yen=-yen, received_on=returned_on, created_at=clock.now(), **about)


def reference_of(deposit: Deposit) -> str:
    return f"D{deposit.number}"


def _tell_whose_it_was(deposit: Deposit, account: Account | None) -> None:
    """Every customer who reads お預かり was promised that it is used for nothing else without a word."""
    for owner, yen in held_of_others(deposit, account):
        money_mails.held_moved(owner, deposit, yen)


def _keep(allocation: Allocation) -> None:
    copied = ("number", "source", "company_reference", "yen", "received_on", "created_at")
    about = {name: getattr(allocation, name) for name in copied}
    MovedMoney.create(order=allocation.order_id, moved_at=clock.now(), **about)


def _rest(deposit: Deposit) -> Any:
    return (Allocation.deposit == deposit) & Allocation.order.is_null() & (Allocation.source == AllocationSource.BANK)


def _split(order: Order, money: Money, deposit: Deposit, account: Account) -> bool:
    """Move yen from the deposit's row without an order to one for this order. The sum of the rows stays equal to the deposit."""
    if deposit.rest_yen < money.yen:
        raise RuntimeError(f"deposit {deposit.number} has less than {money.yen} yen unallocated")
    assign_rest(deposit, account)
    reduced = Allocation.update(yen=Allocation.yen - money.yen).where(_rest(deposit), Allocation.yen > money.yen)
    if not reduced.execute():
        Allocation.delete().where(_rest(deposit), Allocation.yen == money.yen).execute()
    _create(order, money)
    return True


def _create(order: Order | None, money: Money, account: Account | None = None) -> None:
    created_with_number(Allocation, 10, **_values(order, money, account))


def _create_unless_known(order: Order | None, money: Money, account: Account) -> bool:
    """A charge that was not written: it is known, or its number was taken meanwhile, and another is drawn."""
    return not _known(money.source, money.reference) and record_money(order, money, account)


def _values(order: Order | None, money: Money, account: Account | None) -> dict[str, Any]:
    """`account`: named only where there is no order."""
    about = {"source": money.source, "company_reference": money.reference, "yen": money.yen, "received_on": money.received_on}
    whose = {"order": order, "deposit": money.deposit, "account": None if order else account}
    return about | whose | {"was_held": money.was_held, "created_at": clock.now()}

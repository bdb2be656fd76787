"""The parts of a transfer order that is over: they become rests of their deposits (お預かり), and come along if the order reopens.

Call these inside the transaction that changes the order, with its account locked.
"""

from models import Account, Allocation, Deposit, Order, ReleasedPart
from portal import clock
from portal.actions import history
from portal.actions.mail import money_mails
from portal.actions.payments.money import Money, add_unallocated, record_money, reference_of, take_off
from portal.enums import AllocationSource, Method


def release_parts(order: Order, account: Account, actor: str, reason: str) -> int:
    """Take every part of a deposit off the order. Returns their yen: the customer's money, for staff to allocate or return."""
    money_mails.withdraw(order, account)
    parts = list(order.allocations.where(Allocation.source == AllocationSource.BANK).order_by(Allocation.deposit))
    for part in parts:
        deposit = Deposit.locked(part.deposit_id)
        take_off(part)
        add_unallocated(deposit, part.yen, account)
        ReleasedPart.create(order=order, deposit=deposit, yen=part.yen)
        why = f"申し込み {order.number} から {part.yen}円：{reason}"
        history.record("deposit", deposit.number, "allocated", "entered", actor, why, account=account)
    return sum(part.yen for part in parts)


def parts_to_return(order: Order, *, unless: Deposit) -> list[ReleasedPart]:
    """The released parts whose money is still there and the customer's. `unless`: the deposit in staff's hand."""
    query = ReleasedPart.select(ReleasedPart, Deposit).join(Deposit).where(ReleasedPart.order == order, Deposit.id != unless.id)
    return [part for part in query.order_by(Deposit.id) if _is_still_there(part, order)]


def _is_still_there(part: ReleasedPart, order: Order) -> bool:
    """Neither allocated elsewhere nor given back, nor kept for another customer since."""
    rest_yen, owner = part.deposit.rest
    return rest_yen >= part.yen and owner == order.account_id


def bring_back(order: Order, account: Account, actor: str, *, unless: Deposit) -> None:
    """Allocate the released parts to the order again, each with the date that it had."""
    for part in parts_to_return(order, unless=unless):
        deposit = Deposit.locked(part.deposit_id)
        money = Money(Method.BANK, reference_of(deposit), part.yen, deposit.counts_on, clock.today(), deposit=deposit)
        record_money(order, money, account)
        why = f"申し込み {order.number} に {part.yen}円：申し込みを再開"
        history.record("deposit", deposit.number, "entered", "allocated", actor, why, account=account)
    ReleasedPart.delete().where(ReleasedPart.order == order).execute()

"""Allocating a part of a deposit to an order, and what happens to what does not fit. Whole yen."""

from dataclasses import dataclass

from models import LIVE, Account, Allocation, Deposit, Order, Payment, Staff
from portal import clock
from portal.actions import history
from portal.actions.mail import money_mails
from portal.actions.orders.can_take_money import may_pay_terms
from portal.actions.orders.drafts import lock_account
from portal.actions.payments.money import Money, reference_of
from portal.actions.payments.settle import settle
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.parts import bring_back, parts_to_return
from portal.actions.transfers.reopening import reopen
from portal.catalog import Catalog
from portal.enums import HeldBecause, Method, OrderState
from portal.rules.transfers.acceptance import MoneyAndOrder, refusal
from portal.rules.transfers.due_dates import due_day, expiry_day
from portal.store.database import database


@dataclass(frozen=True)
class Seen:
    """The yen on the screen when staff pressed OK: unallocated in the deposit, and missing in the order."""

    rest_yen: int
    missing_yen: int


def allocate(deposit: Deposit, order: Order, yen: int, staff: Staff, reason: str, seen: Seen | None = None, *, catalog: Catalog) -> None:
    """Allocate `yen` of the deposit to the order; the order becomes paid once it is covered. What is left is the customer's rest.

    A part changes the customer's own card or wallet order to a transfer, and opens an order that is over again. The customer is mailed.
    Raises NotPossible with the reason of `acceptance.refusal`, or if `seen` no longer matches.
    """
    with database.atomic():
        account, actor = lock_account(order.account_id), history.by_staff(staff)
        order, deposit = Order.locked(order.id), Deposit.locked(deposit.id)
        found = facts_of(order, account, deposit)
        if seen and seen != Seen(found.rest_yen, found.missing_yen):
            raise NotPossible("表示したあとで、入金の残りか申し込みの不足額が変わりました。")
        if why_not := refusal(found, yen):
            raise NotPossible(why_not)
        reopens, left = found.reopens(yen), _method_left(order)
        if found.missing_yen < found.total_yen:
            money_mails.withdraw(order, account)
        if found.state == OrderState.EXPIRED:
            order = reopen(order, account, actor, catalog.renewal) if reopens else order
            bring_back(order, account, actor, unless=deposit)
        if not found.is_automatic:
            Order.update(method=Method.BANK, due_on=order.due_on or due_day(clock.today())).where(Order.id == order.id).execute()
        reason = f"申し込み {order.number} に {yen}円：{reason}"
        history.record("deposit", deposit.number, "entered", "allocated", actor, reason, account=account)
        money = Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, clock.today(), deposit=deposit, was_held=found.is_held)
        if not settle(order, money, actor=actor, catalog=catalog):
            raise NotPossible("この入金は、すでにこの申し込みに充当されています。")
        _tell(Order.get_by_id(order.id), account, money, catalog, reopens=reopens, left=left)


def facts_of(order: Order, account: Account, deposit: Deposit) -> MoneyAndOrder:
    """Deposit and order as plain values, for `acceptance.refusal`."""
    total = order.total_yen or 0
    earlier = sum(part.yen for part in parts_to_return(order, unless=deposit)) if order.state == OrderState.EXPIRED else 0
    rest_yen, owner = deposit.rest
    in_progress = Payment.select().join(Order).where(Order.account == account, Payment.state.in_(LIVE))
    return MoneyAndOrder(
        OrderState(order.state),
        deposit.counts_on,
        order.due_on,
        rest_yen,
        total,
        max(0, total - order.received_yen - earlier),
        is_new=order.is_new,
        is_automatic=order.is_automatic,
        is_in_progress=in_progress.exists(),
        is_done=Allocation.select().where(Allocation.deposit == deposit, Allocation.counts_for(order)).exists(),
        fits=may_pay_terms(order, account, order.lines_in_order),
        has_other_order=_has_other_order(order, account),
        was_reopened=order.reopened_on is not None,
        is_held=owner == account.id,
    )


def _has_other_order(order: Order, account: Account) -> bool:
    """Another order is placed where this one would stand. Orders of kind `add` stand beside the contract's, one for each thing."""
    other = account.placed_like(order)
    return other is not None and other != order


def _method_left(order: Order) -> Method | None:
    """The card or wallet that the order was to be paid with."""
    return None if order.method is None or order.is_by_transfer else Method(order.method)


def _tell(order: Order, account: Account, money: Money, catalog: Catalog, *, reopens: bool, left: Method | None) -> None:
    """Mail the customer of a part, and of what is left of the deposit, or that お預かり was used. `settle` has mailed the completion."""
    if order.is_placed:
        expires_on = expiry_day(order.due_on, catalog.closed_days)
        money_mails.part_received(order, account, money.yen, catalog.payable_accounts, expires_on, is_reopened=reopens, left=left)
    rest_yen = money.deposit.rest_yen
    if money.was_held:
        money_mails.held_used(account, money.deposit, order, money.yen, rest_yen)
    elif rest_yen:
        money_mails.money_held(account, money.deposit, order, rest_yen, HeldBecause.OVER)

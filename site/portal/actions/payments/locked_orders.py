"""Locks orders that money came for, and reads what settling needs of them: for several orders in as many queries as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Query

from models import Account, Order, OrderLine, Payment, RenewalSetting, Reservation, Term
from portal.actions.payments.money import Money
from portal.enums import PaymentState
from portal.store.prepared import Prepared


@dataclass(frozen=True)
class Received:
    """Money (yen) for an order, and who says so."""

    order: Order
    money: Money
    actor: str


@dataclass(frozen=True)
class LockedOrder:
    """One order as it is in this transaction, and the money for it. `payment_state`: of the attempt that the money came by.

    `is_renewing`: the account pays automatic charges with a card or wallet.
    """

    account: Account
    order: Order
    lines: list[OrderLine]
    payment_state: PaymentState | None
    is_renewing: bool
    reservation: Reservation | None
    money: Money
    actor: str


@dataclass(frozen=True)
class PaidOrder:
    """An order that has become paid, with what was made of it. `waived_yen`: what staff accepted as missing."""

    account: Account
    order: Order
    terms: list[Term]
    payment: Payment | None
    received_on: date
    waived_yen: int = 0


def lock_orders(received: Sequence[Received], accounts: Mapping[int, Account]) -> list[LockedOrder]:
    """In the same sequence. `accounts`: theirs by id, locked before: in this order, so that no two transactions wait for each other."""
    orders = {order.id: order for order in Order.all_locked([each.order.id for each in received])}
    payments = [each.money.payment.id for each in received if each.money.payment]
    states = {payment.id: payment.state for payment in Payment.all_locked(payments)} if payments else {}
    lines = OrderLine.of_orders(list(orders))
    renewals = {row.id: row for row in _with_renewals(list(accounts))}

    def found(each: Received) -> LockedOrder:
        order, payment = orders[each.order.id], each.money.payment
        owner = renewals[order.account_id]
        about = (lines[order.id], payment and states[payment.id], owner.setting is not None, owner.reserved)
        return LockedOrder(accounts[owner.id], order, *about, each.money, each.actor)

    return [found(each) for each in received]


@Prepared
def _with_renewals(accounts: list[Any]) -> Query:
    """The accounts' ids, each with its `setting` and what is `reserved`, or None."""
    query = Account.select(Account.id, RenewalSetting.id, Reservation).join(RenewalSetting, JOIN.LEFT_OUTER, attr="setting")
    return query.switch(Account).join(Reservation, JOIN.LEFT_OUTER, attr="reserved").where(Account.id.in_(accounts))

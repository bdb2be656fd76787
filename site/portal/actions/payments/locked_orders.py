"""Locks orders that money came for, and reads what settling needs of them: for several orders in as many queries as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models import Account, Order, OrderLine, Payment, RenewalSetting, Reservation, Term
from portal.actions.payments.money import Money
from portal.enums import PaymentState


@dataclass(frozen=True)
class Received:
    """Money (yen) for an order, and who says so."""

    order: Order
    money: Money
    actor: str


@dataclass(frozen=True)
class LockedOrder:
    """One order as it is in this transaction. `payment_state`: of the attempt that the money came by.

    `is_renewing`: the account pays automatic charges with a card or wallet.
    """

    account: Account
    order: Order
    lines: list[OrderLine]
    payment_state: PaymentState | None
    is_renewing: bool
    reservation: Reservation | None


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
    renewing = {row.account_id for row in RenewalSetting.select().where(RenewalSetting.account.in_(list(accounts)))}
    reservations = {row.account_id: row for row in Reservation.select().where(Reservation.account.in_(list(accounts)))}

    def found(each: Received) -> LockedOrder:
        order, payment = orders[each.order.id], each.money.payment
        owner = order.account_id
        about = (lines[order.id], payment and states[payment.id], owner in renewing, reservations.get(owner))
        return LockedOrder(accounts[owner], order, *about)

    return [found(each) for each in received]

"""Undoes an allocation: its yen are unallocated again, and an order that it paid is unpaid again, without its terms."""

from models import Allocation, Deposit, Order, Schedule, Staff, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.orders.drafts import lock_account
from portal.actions.payments.money import add_unallocated, withdraw_difference
from portal.actions.transfers.deposits import NotPossible
from portal.enums import HostingEventKind, OrderState
from portal.store.database import database


def undo_allocation(allocation: Allocation, staff: Staff, reason: str) -> None:
    """Undo an allocation: its yen are unallocated again. If the order was paid, it becomes placed and its terms are deleted.

    Raises NotPossible if it was undone already, the account has another open order, or a later term is paid.
    """
    with database.atomic():
        order = allocation.order
        account = lock_account(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(allocation.deposit_id)
        if not Allocation.delete().where(Allocation.id == allocation.id, Allocation.order == order).execute():
            raise NotPossible("この充当は、すでに取り消されています。")
        add_unallocated(deposit, allocation.yen, account)
        withdraw_difference(order)
        reason = f"申し込み {order.number} から {allocation.yen}円：{reason}"
        history.record("deposit", deposit.number, "allocated", "entered", history.by_staff(staff), reason, account=order.account_id)
        if order.is_paid:
            if account.placed_order:
                raise NotPossible("お客さまの別の申し込みが進行中のため、取り消せません。先にその申し込みを終わらせてください。")
            _withdraw_terms(order, staff, reason)


def _withdraw_terms(order: Order, staff: Staff, reason: str) -> None:
    bought = [term.subscription_id for term in Term.select().where(Term.order == order)]
    later = Term.select().where(Term.previous_term.in_(Term.select(Term.id).where(Term.order == order)))
    if later.exists():
        raise NotPossible("この申し込みのあとの契約期間がすでに支払われているため、取り消せません。")
    Term.delete().where(Term.order == order).execute()
    unpaid = Subscription.id.in_(bought) & Subscription.id.not_in(Term.select(Term.subscription))
    _end_without_terms(list(Subscription.select().where(unpaid)), reason, history.by_staff(staff))
    Schedule.wake(order.account_id, clock.today())
    if not order.move(OrderState.PLACED, came_from=[OrderState.PAID], paid_on=None, closed_on=None):
        raise NotPossible("この申し込みの状態が変わりました。")
    history.record("order", order.number, OrderState.PAID, OrderState.PLACED, history.by_staff(staff), reason, account=order.account_id)


def _end_without_terms(subscriptions: list[Subscription], reason: str, actor: str) -> None:
    """End subscriptions that have no paid term left. The rows stay, because the hosting system knows them."""
    for subscription in subscriptions:
        Subscription.update(ended_on=clock.today(), renews=False).where(Subscription.id == subscription.id).execute()
        history.record("subscription", subscription.id, "active", "ended", actor, reason, account=subscription.account_id)
        key = f"end subscription {subscription.id} withdrawn"
        events.queue(HostingEventKind.END, subscription, key=key)

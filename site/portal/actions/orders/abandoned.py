"""What the worker tidies: orders that nobody pays any more, sessions and counted guesses that are over."""

from datetime import timedelta

from peewee import SQL, fn

from models import LIVE, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.accounts import authentication
from portal.actions.orders import drafts
from portal.enums import Method, OrderKind, OrderState
from portal.store.database import database

UNPAID_FOR = timedelta(hours=24)


def cancel_abandoned_orders() -> int:
    """Cancel card and wallet orders that had no attempt for 24 hours; how many."""
    return sum(cancel_abandoned(order) for order in abandoned_orders())


def abandoned_orders(*, limit: int | None = 100) -> list[Order]:
    """One whose payment is unknown stays; one that the portal made itself waits for its next try, and so does one that was to be paid by
    transfer first, until the day that was named for that.
    """
    cutoff = clock.now() - UNPAID_FOR
    awaited = Payment.select(SQL("1")).where(Payment.order == Order.id, (Payment.updated_at > cutoff) | Payment.state.in_(LIVE))
    by_customers = (Order.state == OrderState.PLACED) & (Order.kind != OrderKind.AUTO)
    placed = Order.select().where(by_customers, Order.method.in_([Method.CARD, Method.WALLET]))
    over = Order.due_on.is_null() | (Order.due_on < clock.today())
    return list(placed.where(Order.placed_at <= cutoff, over, ~fn.EXISTS(awaited)).limit(limit))


def cancel_abandoned(order: Order) -> bool:
    with database.atomic():
        drafts.hold(order.account_id)
        return drafts.cancel(Order.locked(order.id), history.WORKER, "24時間お支払いがないため")


def sweep_guesses() -> int:
    return authentication.sweep(clock.real_now())

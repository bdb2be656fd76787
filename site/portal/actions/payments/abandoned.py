"""Orders by card or wallet that nobody pays any more."""

from collections.abc import Iterator
from datetime import timedelta

from peewee import SQL, Query, fn

from models import LIVE, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.orders import drafts
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import OrderKind, OrderState
from portal.rules.payments.methods import METHODS
from portal.store.database import database
from portal.store.row_locks import take

PAID_AT_ONCE = [method for method, row in METHODS.items() if not row.is_paid_later]
UNPAID_FOR = timedelta(hours=24)
AT_A_TIME = 100  # rows in memory


def cancel_abandoned_orders() -> Iterator[Order | Failed]:
    """Cancel card and wallet orders that had no attempt for 24 hours; each one that was."""
    return one_by_one("order", abandoned_orders(), _cancel)


def abandoned_orders() -> Iterator[Order]:
    """All of them, some at a time, the oldest first."""
    found = list(_abandoned().order_by(Order.placed_at, Order.id).limit(AT_A_TIME))
    while found:
        yield from found
        last = found[-1]
        later = (Order.placed_at > last.placed_at) | ((Order.placed_at == last.placed_at) & (Order.id > last.id))
        found = list(_abandoned().where(later).order_by(Order.placed_at, Order.id).limit(AT_A_TIME))


def _abandoned() -> Query:
    """One whose payment is unknown stays; one that the portal made itself waits for its next retry, and so does one that was to be paid by
    transfer first, until the day that was named for that.
    """
    cutoff = clock.now() - UNPAID_FOR
    awaited = Payment.select(SQL("1")).where(Payment.order == Order.id, (Payment.updated_at > cutoff) | Payment.state.in_(LIVE))
    by_customers = (Order.state == OrderState.PLACED) & (Order.kind != OrderKind.AUTO)
    placed = Order.select().where(by_customers, Order.method.in_(PAID_AT_ONCE))
    over = Order.due_on.is_null() | (Order.due_on < clock.today())
    return placed.where(Order.placed_at <= cutoff, over, ~fn.EXISTS(awaited))


def _cancel(order: Order) -> Order | None:
    """None when the customer has done something about it since it was found."""
    with database.atomic():
        drafts.hold_if_free(order.account_id)
        still = asked_again(order)
        return still if still and drafts.cancel(still, history.WORKER, "24時間お支払いがないため") else None


def asked_again(order: Order) -> Order | None:
    """The order, locked, if it is still abandoned now that its account is held."""
    return take(_abandoned().where(Order.id == order.id))

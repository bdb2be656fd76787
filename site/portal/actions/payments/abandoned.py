"""Cancels card and wallet orders without a payment attempt for 24 hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from peewee import SQL, Query, fn

from models import LIVE, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.orders import drafts
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import OrderKind
from portal.rules.payments.methods import METHODS
from portal.store.database import database
from portal.store.row_locks import take

PAID_AT_ONCE = [method for method, row in METHODS.items() if not row.is_paid_later]
UNPAID_FOR = timedelta(hours=24)
AT_A_TIME = 100  # rows in memory


def cancel_abandoned_orders() -> Iterator[Order | Failed]:
    """Cancel abandoned orders, each in its own transaction. Yields each cancelled order, or its failure."""
    return one_by_one("order", abandoned_orders(), _cancel)


def abandoned_orders() -> Iterator[Order]:
    """All abandoned orders, the oldest first, read in batches."""
    found = list(_abandoned().order_by(Order.placed_at, Order.id).limit(AT_A_TIME))
    while found:
        yield from found
        last = found[-1]
        later = (Order.placed_at > last.placed_at) | ((Order.placed_at == last.placed_at) & (Order.id > last.id))
        found = list(_abandoned().where(later).order_by(Order.placed_at, Order.id).limit(AT_A_TIME))


def payable_until(order: Order, last_attempt: Payment | None) -> datetime:
    """When it is cancelled unless it is paid: 24 hours after [OK], the last attempt or the end of a wait that a limit demands, and not
    before a transfer's due date is over.
    """
    moments = [order.placed_at + UNPAID_FOR]
    moments += [last_attempt.updated_at + UNPAID_FOR] if last_attempt else []
    moments += [order.waits_until + UNPAID_FOR] if order.waits_until else []
    moments += [clock.begin_of(order.due_on + timedelta(days=1))] if order.due_on else []
    return max(moments)


def _abandoned() -> Query:
    """Abandoned orders. Not among them: orders with an attempt in progress, automatic orders (they have retries), and orders that were
    to be paid by transfer before their due date, and orders that a limit on tries lets wait. The literals are those of a partial index.
    """
    cutoff = clock.now() - UNPAID_FOR
    recent_attempt = Payment.select(SQL("1")).where(Payment.order == Order.id, (Payment.updated_at > cutoff) | Payment.state.in_(LIVE))
    by_customers = (Order.state == SQL("'placed'")) & (Order.method != SQL("'bank'")) & (Order.kind != OrderKind.AUTO)
    placed = Order.select().where(by_customers, Order.method.in_(PAID_AT_ONCE))
    overdue = Order.due_on.is_null() | (Order.due_on < clock.today())
    waited = Order.waits_until.is_null() | (Order.waits_until <= cutoff)
    return placed.where(Order.placed_at <= cutoff, overdue, waited, ~fn.EXISTS(recent_attempt))


def _cancel(order: Order) -> Order | None:
    """None if it is no longer abandoned, because the customer acted since the query."""
    with database.atomic():
        drafts.lock_account_if_free(order.account_id)
        still = recheck(order)
        return still if still and drafts.cancel(still, history.WORKER, "24時間お支払いがないため") else None


def recheck(order: Order) -> Order | None:
    """The order, locked, if it is still abandoned: never before the moment that its customer reads. Call it with the account locked."""
    still = take(_abandoned().where(Order.id == order.id))
    return still if still and payable_until(still, still.latest_payment) <= clock.now() else None

"""What was added to a term ends with it: the devices, and an order for them that nobody has paid. Days are inclusive, in Japan."""

from collections.abc import Iterator
from datetime import date

from peewee import SQL, Query, fn

from models import LIVE, Account, Order, OrderLine, Payment, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import cancel, lock_account_if_free
from portal.actions.row_by_row import Failed, one_by_one
from portal.actions.transfers.parts import release_parts
from portal.enums import HostingEventKind
from portal.store.database import database
from portal.store.row_locks import take

TERM_IS_OVER = "追加される契約期間が終わったため"


def cancel_ended_orders() -> Iterator[Order | Failed]:
    """Cancel each open order that adds to a term which is over; yields it, or its failure. While a payment is unanswered it stays."""
    return one_by_one("order", ended_orders(), _cancel)


def ended_orders() -> list[Order]:
    return list(_ended_orders().order_by(Order.id))


def end_parts() -> Iterator[Subscription | Failed]:
    """End the devices whose term is over; they are renewed with the others, so no mail. Yields each, or its failure."""
    return one_by_one("subscription", ended_parts(), _end)


def ended_parts() -> list[Subscription]:
    return list(_ended_parts().order_by(Subscription.id))


def end_parts_of(account: Account, subscription: int) -> None:
    """The subscription is 解約済, and with it what was added to it. Called inside the worker's transaction for the account."""
    for part in list(account.subscriptions.where(Subscription.part_of == subscription, Subscription.ended_on.is_null())):
        _end_now(part, account, "サーバーの解約のため")


def end_with_server(order: Order, account: Account, reason: str) -> bool:
    """Cancel an open order of kind `add`, with a mail. False while a payment of it is unanswered, or a part of its money has come."""
    if not cancel(order, history.WORKER, reason):
        return False
    order_mails.order_cancelled(order, account, reason, 0, by_staff=False)
    return True


def _ended_orders() -> Query:
    over = OrderLine.select(SQL("1")).where(
        OrderLine.order == Order.id, OrderLine.part_of.is_null(False), OrderLine.ends_on < clock.today()
    )
    live = Payment.select(SQL("1")).where(Payment.order == Order.id, Payment.state.in_(LIVE))
    placed = Order.select().where(Order.kind == SQL("'add'"), Order.state == SQL("'placed'"))
    return placed.where(fn.EXISTS(over), ~fn.EXISTS(live))


def _cancel(order: Order) -> Order | None:
    """None if it was paid or cancelled since the query."""
    with database.atomic():
        account, still = lock_account_if_free(order.account_id), take(_ended_orders().where(Order.id == order.id))
        if still is None:
            return None
        held_yen = release_parts(still, account, history.WORKER, "申し込みの取消")
        if not cancel(still, history.WORKER, TERM_IS_OVER):
            return None
        order_mails.order_cancelled(still, account, TERM_IS_OVER, held_yen, by_staff=False)
        return still


def _ended_parts() -> Query:
    paid = Term.select(fn.MAX(Term.ends_on)).where(Term.subscription == Subscription.id)
    running = Subscription.select().where(Subscription.part_of.is_null(False), Subscription.ended_on.is_null())
    return running.where(fn.COALESCE(paid, Subscription.runs_until) < clock.today())


def _end(part: Subscription) -> Subscription | None:
    """None if it has ended since the query, or was paid again."""
    with database.atomic():
        account, still = lock_account_if_free(part.account_id), take(_ended_parts().where(Subscription.id == part.id))
        return _end_now(still, account, "契約期間の終了") if still else None


def _end_now(part: Subscription, account: Account, reason: str) -> Subscription:
    until: date = part.usable_until or clock.today()
    Subscription.update(ended_on=clock.today(), renews=False).where(Subscription.id == part.id).execute()
    history.record("subscription", part.id, "active", "ended", history.WORKER, f"{part.name} 追加分：{reason}", account=account)
    events.queue_end(HostingEventKind.END, part.id, clock.today(), until)
    return part

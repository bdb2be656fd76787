"""An order to be paid by transfer: placed, what a customer can do while the money is awaited, and what happens when it never comes."""

from collections.abc import Iterator
from datetime import date

from peewee import SQL, Query, fn

from models import Account, Allocation, Order, Schedule, TransferReport
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.orders import confirmations, placement
from portal.actions.orders.drafts import OutOfStep, cancel, hold, hold_if_free
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.row_by_row import Failed, one_by_one
from portal.catalog import BankAccount
from portal.enums import MailKind, Method, OrderState
from portal.rules.transfers.due_dates import due_day, expiry_day, still_due
from portal.store.database import database
from portal.store.row_locks import take

MOST_MAILS = 5


def place(
    order: Order, accepted: AcceptedOrder, accounts: tuple[BankAccount, ...], closed: tuple[date, ...], *, due_on: date | None = None
) -> None:
    """Place the draft (or take up the placed order again) to be paid by bank transfer, by that day or within 14 days.

    お支払い情報 goes out by mail with it. Raises OutOfStep when the draft was changed since it was shown, or cannot be paid now.
    """
    with database.atomic():
        order, account = placement.take_up(order, accepted)
        if order.is_placed and order.is_by_transfer:
            raise OutOfStep
        due_on = still_due(order.due_on, clock.today()) or due_on or due_day(clock.today())
        placement.place(order, account, accepted, due_on=due_on)
        confirmations.keep(accepted, account, confirmations.ORDER, order)
        _tell_where_to(Order.get_by_id(order.id), account, accounts, closed)


def report(order: Order, payer: str, paid_on: date) -> None:
    """「振り込みました」: the latest word counts. Raises OutOfStep when no transfer is awaited any more."""
    with database.atomic():
        hold(order.account_id)
        order = Order.locked(order.id)
        if not (order.is_placed and order.is_by_transfer):
            raise OutOfStep
        values = {"payer": payer, "paid_on": paid_on, "reported_at": clock.now()}
        if not TransferReport.update(values).where(TransferReport.order == order).execute():
            TransferReport.create(order=order, **values)
        history.record(
            "order",
            order.number,
            order.state,
            order.state,
            history.by(order.account),
            f"振込の連絡：{paid_on} {payer}",
            account=order.account_id,
        )


def give_up(order: Order) -> bool:
    """The customer cancels while nothing was received. False when money is on the order, or on its way."""
    with database.atomic():
        account = hold(order.account_id)
        return cancel(Order.locked(order.id), history.by(account), "お客さまによる取消")


def expire_unpaid() -> Iterator[Order | Failed]:
    """Orders whose time for the transfer is over become 期限切れ; each one that did."""
    return one_by_one("order", overdue_orders(), _expire)


def overdue_orders() -> list[Order]:
    """Not one with a part of its money, which stays for staff."""
    return [order for order in _unpaid().order_by(Order.due_on, Order.id) if _is_over(order)]


def _unpaid() -> Query:
    waiting = Order.select().where(Order.state == OrderState.PLACED, Order.method == Method.BANK, Order.due_on < clock.today())
    return waiting.where(~fn.EXISTS(Allocation.select(SQL("1")).where(Allocation.order == Order.id)))


def _is_over(order: Order) -> bool:
    return expiry_day(order.due_on) <= clock.today()


def _expire(order: Order) -> Order | None:
    """None when it was paid, cancelled or given another day since it was found."""
    with database.atomic():
        account, still = hold_if_free(order.account_id), asked_again(order)
        if still is None or not still.move(OrderState.EXPIRED, came_from=[OrderState.PLACED], closed_on=clock.today()):
            return None
        Schedule.wake(account, clock.today())
        reason = f"期限 {still.due_on} までに入金がないため"
        history.record("order", still.number, OrderState.PLACED, OrderState.EXPIRED, history.WORKER, reason, account=account)
        order_mails.order_expired(still, account)
        return still


def asked_again(order: Order) -> Order | None:
    """The order, locked, if its time is still over now that its account is held."""
    still = take(_unpaid().where(Order.id == order.id))
    return still if still and _is_over(still) else None


def mail_again(order: Order, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> bool:
    """[お支払い情報をメールで再送する]: one more mail, at most five in all. False when there have been enough."""
    with database.atomic():
        account = hold(order.account_id)
        if order_mails.how_many(MailKind.ORDER_ACCEPTED, order, account) >= MOST_MAILS:
            return False
        _tell_where_to(order, account, accounts, closed)
        return True


def _tell_where_to(order: Order, account: Account, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> None:
    order_mails.order_accepted(order, account, placed_quote(order).lines, accounts, closed)

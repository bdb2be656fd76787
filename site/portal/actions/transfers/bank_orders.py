"""Orders by bank transfer: placing, reports and cancellation by the customer, expiry, and resending お支払い情報."""

from collections.abc import Iterator, Set
from datetime import date
from functools import partial

from peewee import SQL, Query

from models import Account, Order, Schedule, TransferReport
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.documents.papers import void_papers
from portal.actions.mail import order_mails
from portal.actions.orders import confirmations, placement
from portal.actions.orders.drafts import OutOfStep, cancel, lock_account, lock_account_if_free
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.row_by_row import Failed, one_by_one
from portal.actions.transfers import virtual_accounts
from portal.actions.transfers.order_rows import overdue_first
from portal.actions.transfers.parts import release_parts
from portal.catalog import BankAccount
from portal.enums import OrderState
from portal.rules.accounts.limits import Limited, TooMany
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.due_dates import due_day, expiry_day, still_due
from portal.store.database import database
from portal.store.row_locks import take


def place(
    order: Order, accepted: AcceptedOrder, accounts: tuple[BankAccount, ...], closed: tuple[date, ...], *, due_on: date | None = None
) -> None:
    """Place the draft, or switch a placed order to bank transfer, and mail お支払い情報. An old due date that has not passed stays.

    `due_on`: inclusive, in Japan; default 14 days (the company's guide). Raises OutOfStep if the order changed or cannot be paid.
    """
    with database.atomic():
        order, account = placement.lock_payable(order, accepted)
        if order.is_placed and order.is_by_transfer:
            raise OutOfStep
        due_on = still_due(order.due_on, clock.today()) or due_on or due_day(clock.today())
        placement.place(order, account, accepted, due_on=due_on)
        confirmations.keep(accepted, account, confirmations.ORDER, order)
        virtual_accounts.assign(account, accounts)
        _mail_payment_details(Order.get_by_id(order.id), account, accounts, closed)


def report(order: Order, payer: str, paid_on: date) -> None:
    """「振り込みました」: store the customer's report; a newer one replaces it, the same one changes nothing.

    Raises OutOfStep if the order expects no transfer.
    """
    with database.atomic():
        lock_account(order.account_id)
        order = Order.locked(order.id)
        if not (order.is_placed and order.is_by_transfer):
            raise OutOfStep
        if order.transfer_reports.where(TransferReport.payer == payer, TransferReport.paid_on == paid_on).exists():
            return
        values = {"payer": payer, "payer_key": name_key(payer), "paid_on": paid_on, "reported_at": clock.now()}
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
    """Cancel for the customer; True if it is cancelled already. False if the order has money, or a payment is in progress.

    A declined automatic order is not cancelled: it ends by stopping the renewal.
    """
    with database.atomic():
        account, order = lock_account(order.account_id), Order.locked(order.id)
        if order.state == OrderState.CANCELLED:
            return True
        payment, is_awaited = order.latest_payment, order.is_by_transfer
        if not is_awaited and (order.is_automatic or (payment and payment.is_held)):
            return False
        return cancel(order, history.by(account), "お客様による取消")


def expire_unpaid(closed: Set[date]) -> Iterator[Order | Failed]:
    """Set unpaid orders past their expiry day to 期限切れ. Yields each, or its failure. `closed`: the company's closed days."""
    return one_by_one("order", overdue_orders(closed), partial(_expire, closed=closed))


def overdue_orders(closed: Set[date]) -> list[Order]:
    """Orders past their expiry day that are not fully paid."""
    return [order for order in overdue_first(_unpaid()) if _has_expired(order, closed)]


def _unpaid() -> Query:
    """The literals are those of a partial index: only orders whose due date has passed are read."""
    return Order.select().where(Order.state == SQL("'placed'"), Order.method == SQL("'bank'"), Order.due_on < clock.today())


def _has_expired(order: Order, closed: Set[date]) -> bool:
    return expiry_day(order.due_on, closed) <= clock.today()


def _expire(order: Order, closed: Set[date]) -> Order | None:
    """None if it was paid, cancelled or got another due date since the query. Its parts become rests, and hold nothing back any more."""
    with database.atomic():
        account, still = lock_account_if_free(order.account_id), recheck(order, closed)
        if still is None or not still.move(OrderState.EXPIRED, came_from=[OrderState.PLACED], closed_on=clock.today()):
            return None
        Schedule.wake(account, clock.today())
        reason = f"期限 {still.due_on} までに全額の入金がないため"
        held_yen = release_parts(still, account, history.WORKER, "期限切れ")
        void_papers(still, reason)
        history.record("order", still.number, OrderState.PLACED, OrderState.EXPIRED, history.WORKER, reason, account=account)
        order_mails.order_expired(still, account, held_yen)
        return still


def recheck(order: Order, closed: Set[date]) -> Order | None:
    """The order, locked, if it is still unpaid and expired. Call it with the account locked."""
    still = take(_unpaid().where(Order.id == order.id))
    return still if still and _has_expired(still, closed) else None


def mail_again(order: Order, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> TooMany | None:
    """[お支払い情報をメールで再送する]: send it again, or say why not yet.

    Writes none while one with this content is unsent or a few seconds old: that one answers every press. Raises OutOfStep if the order
    expects no transfer.
    """
    with database.atomic():
        account, order = lock_account(order.account_id), Order.locked(order.id)
        if not (order.is_placed and order.is_by_transfer):
            raise OutOfStep
        lines, since = placed_quote(order).lines, clock.now() - clock.ONE_PRESS
        if order_mails.is_under_way(order, account, lines, accounts, closed, since=since):
            return None
        counted = limits.count(Limited.PAYMENT_DETAILS, limits.of_account(account))
        if isinstance(counted, TooMany):
            return counted
        _mail_payment_details(order, account, accounts, closed)
        return None


def _mail_payment_details(order: Order, account: Account, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> None:
    order_mails.order_accepted(order, account, placed_quote(order).lines, accounts, closed)

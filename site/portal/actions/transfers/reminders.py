"""Reminds of partly paid orders whose due date has passed, once per due date."""

from collections.abc import Iterator, Set
from datetime import date
from functools import partial

from peewee import SQL, Query, fn

from models import Allocation, Mail, Order
from portal import clock
from portal.actions.mail import money_mails
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.row_by_row import Failed, one_by_one
from portal.actions.transfers.order_rows import overdue_first
from portal.catalog import BankAccount
from portal.enums import MailKind
from portal.rules.transfers.due_dates import expiry_day
from portal.store.database import database
from portal.store.row_locks import take


def remind_of_parts(accounts: tuple[BankAccount, ...], closed: Set[date]) -> Iterator[Order | Failed]:
    """Yields each order that a mail was written about, or its failure. Runs after the orders that have expired were closed."""
    return one_by_one("order", to_remind(closed), partial(_remind, accounts=accounts, closed=closed))


def to_remind(closed: Set[date]) -> list[Order]:
    orders = [order for order in overdue_first(_partly_paid()) if expiry_day(order.due_on, closed) > clock.today()]
    entities = {money_mails.overdue_entity(order): order for order in orders}
    told = Mail.select(Mail.entity).where(Mail.kind == MailKind.PART_OVERDUE, Mail.entity.in_(list(entities)))
    return [order for order in orders if money_mails.overdue_entity(order) not in {mail.entity for mail in told}]


def _partly_paid() -> Query:
    """The literals are those of a partial index: only orders whose due date has passed are read."""
    overdue = Order.select().where(Order.state == SQL("'placed'"), Order.method == SQL("'bank'"), Order.due_on < clock.today())
    return overdue.where(fn.EXISTS(Allocation.select(SQL("1")).where(Allocation.order == Order.id)))


def _remind(order: Order, accounts: tuple[BankAccount, ...], closed: Set[date]) -> Order | None:
    """None if it was paid, cancelled or got another due date since the query."""
    with database.atomic():
        account, still = lock_account_if_free(order.account_id), take(_partly_paid().where(Order.id == order.id))
        if still is None or not money_mails.part_overdue(still, account, accounts, expiry_day(still.due_on, closed)):
            return None
        return still

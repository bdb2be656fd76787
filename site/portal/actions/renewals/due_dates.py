"""Moving the due date of an open transfer order, by staff."""

from datetime import date, timedelta

from models import Account, Order, Schedule, Staff
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.orders.terms import run_longer
from portal.actions.renewals import sent_notices
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.reopening import added_until
from portal.catalog import Catalog
from portal.rules.renewals.lifecycle import renewed_terms
from portal.rules.transfers.due_dates import expiry_day
from portal.store.database import database


def move(order: Order, day: date, staff: Staff, reason: str, catalog: Catalog) -> None:
    """Wait for the transfer until `day`, inclusive; mail and history. Raises NotPossible for a day that is not allowed."""
    with database.atomic():
        account, order = lock_account(order.account_id), Order.locked(order.id)
        first, last = allowed_days(order, account, catalog)
        if day == order.due_on:
            raise NotPossible("お支払い期限は、すでにこの日です。")
        if day < first:
            raise NotPossible(f"{first}より前の日にはできません。")
        if last and day > last:
            raise NotPossible(f"{last}より後の日にはできません。停止中にお支払いできる最後の日です。")
        before = order.due_on
        Order.update(due_on=day).where(Order.id == order.id).execute()
        run_longer(order, expiry_day(day, catalog.closed_days) - timedelta(days=1))
        why = f"お支払い期限を{before}から{day}に変更：{reason}"
        history.record("order", order.number, order.state, order.state, history.by_staff(staff), why, account=account)
        sent_notices.withdraw(account)
        Schedule.wake(account, clock.today())
        order_mails.due_date_moved(Order.get_by_id(order.id), account, reason)


def allowed_days(order: Order, account: Account, catalog: Catalog) -> tuple[date, date | None]:
    """The first and the last day allowed: from today on; for a renewal until the last day on which its term can be paid.

    Raises NotPossible if the order waits for no transfer.
    """
    if not (order.is_placed and order.is_by_transfer):
        raise NotPossible("振込を待っている申し込みではないため、お支払い期限は変えられません。")
    renewed = renewed_terms(placed_quote(order).lines, snapshot_of(account).entitlements, catalog.renewal)
    lasts = [*(last for _, last in renewed), *added_until(order)]
    return max(clock.today(), clock.day_of(order.placed_at)), min(lasts, default=None)

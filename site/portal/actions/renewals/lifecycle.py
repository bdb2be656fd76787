"""契約終了, 停止中, 解約済, each with its mail. Called inside the worker's transaction for the account, in the order of their days."""

from dataclasses import replace
from datetime import timedelta

from models import Account, Announcement, Order, RenewalSetting, Reservation, Subscription
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.mail import renewal_mails
from portal.actions.orders.drafts import cancel
from portal.actions.payments import methods
from portal.actions.renewals import sent_notices
from portal.actions.renewals.billing_context import BillingContext
from portal.enums import HostingEventKind, OrderState, ProductKind
from portal.rules.renewals.lifecycle import deletion_day, last_day_to_pay, payable_until, stop_day
from portal.rules.renewals.scheduled_event import ScheduledEvent
from portal.rules.renewals.snapshot import Entitlement, Notice, Snapshot
from portal.rules.renewals.timeline import timeline


def end(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """One mail for all that ended on that day and is not renewed."""
    entitlement, alike = _of(snapshot, found), _due_with(snapshot, found, context)
    if entitlement is not alike[0]:
        return True
    planned = entitlement.stopped_on or stop_day(snapshot, entitlement, context.catalog.closed_days)
    renewal_mails.ended(account, alike, planned and payable_until(entitlement, max(planned, clock.today()), context.catalog.renewal))
    sent_notices.record(account, *_notices_of(found, alike))
    return True


def stop(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """停止中 begins today; for as many days as the catalog says the term can be paid without a gap."""
    entitlement, today = _of(snapshot, found), clock.today()
    until, mine = last_day_to_pay(today, context.catalog.renewal), Subscription.id == entitlement.subscription
    Subscription.update(stopped_on=today, stopped_until=until).where(mine, Subscription.stopped_on.is_null()).execute()
    reason = f"{entitlement.name}：契約期間が{entitlement.ends_on}に終了"
    history.record("subscription", entitlement.subscription, "active", "stopped", history.WORKER, reason, account=account)
    events.tell_of_end(HostingEventKind.STOP, entitlement.subscription, today, entitlement.ends_on)
    if entitlement.kind is ProductKind.SERVER:
        deleted_on = deletion_day(snapshot, entitlement, today, context.catalog) or until + timedelta(days=1)
        renewal_mails.stopped(account, entitlement, today, until, deleted_on)
    return True


def announce_deletion(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """One mail for all that is deleted with it; not when its day has come already."""
    entitlement = _of(snapshot, found)
    if entitlement.stopped_on is None:
        return False
    deleted_on = deletion_day(snapshot, entitlement, entitlement.stopped_on, context.catalog)
    if deleted_on is None or deleted_on <= clock.today():
        return False
    alike = [other for other in _due_with(snapshot, found, context) if other.stopped_on == entitlement.stopped_on]
    if entitlement is alike[0]:
        renewal_mails.deletion_ahead(account, alike, deleted_on)
        sent_notices.record(account, *_notices_of(found, alike))
    return True


def delete(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """解約済: with the server everything that the account has, an option alone."""
    entitlement = _of(snapshot, found)
    mine = account.subscriptions.where(Subscription.id == entitlement.subscription, Subscription.ended_on.is_null())
    if entitlement.stopped_on is None or not mine.exists() or not _cancel_open_order(account, snapshot, entitlement):
        return False
    is_server = entitlement.kind is ProductKind.SERVER
    over = [other for other in snapshot.entitlements if is_server or other is entitlement]
    for other in over:
        _end(account, other)
    if is_server:
        methods.drop_renewing(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        Reservation.delete().where(Reservation.account == account).execute()
        Announcement.delete().where(Announcement.account == account).execute()
    sent_notices.withdraw(account)
    renewal_mails.deleted(account, over, clock.today())
    return True


def _end(account: Account, entitlement: Entitlement) -> None:
    mine = (Subscription.id == entitlement.subscription) & Subscription.ended_on.is_null()
    if Subscription.update(ended_on=clock.today(), renews=False).where(mine).execute():
        before = "stopped" if entitlement.stopped_on else "active"
        reason = f"{entitlement.name}：{_why(entitlement)}"
        history.record("subscription", entitlement.subscription, before, "ended", history.WORKER, reason, account=account)
        events.tell_of_end(HostingEventKind.END, entitlement.subscription, clock.today(), entitlement.ends_on)


def _why(entitlement: Entitlement) -> str:
    return f"{entitlement.stopped_until}までにお支払いがないため" if entitlement.stopped_on else "サーバーの解約のため"


def _cancel_open_order(account: Account, snapshot: Snapshot, entitlement: Entitlement) -> bool:
    """An order that could still be paid for it is over too. False when money for it may be on its way."""
    order = account.placed_order
    concerned = (
        order
        and snapshot.open_order
        and (entitlement.subscription in snapshot.open_order.subscriptions or entitlement.kind is ProductKind.SERVER)
    )
    if not concerned or order.state != OrderState.PLACED:
        return True
    return cancel(Order.locked(order.id), history.WORKER, f"{entitlement.name}の解約のため")


def _notices_of(found: ScheduledEvent, alike: list[Entitlement]) -> list[Notice]:
    """One mail is a notice about each of these."""
    return [replace(found.notice, subscription=entitlement.subscription) for entitlement in alike]


def _of(snapshot: Snapshot, found: ScheduledEvent) -> Entitlement:
    return next(entitlement for entitlement in snapshot.entitlements if entitlement.subscription == found.subscription)


def _due_with(snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> list[Entitlement]:
    """Everything that the same thing is due for, in the order of the timeline: it is told in one mail."""
    today = clock.today()
    due = [other for other in timeline(snapshot, today, context.catalog) if other.on <= today and not other.is_only_if_unpaid]
    return [_of(snapshot, other) for other in due if (other.kind, other.ends_on) == (found.kind, found.ends_on)]

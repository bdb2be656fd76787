"""Handles the events 契約終了, 停止中 and 解約済, each with its mail. Called inside the worker's transaction for the account.

Each handler returns False if nothing was done.
"""

from dataclasses import replace

from models import Account, Announcement, Certificate, Domain, Order, RenewalSetting, Reservation, Subscription
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.mail import renewal_mails
from portal.actions.mail.renewal_mails import WithServer, payable_of
from portal.actions.orders.drafts import cancel, may_be_cancelled
from portal.actions.payments import methods
from portal.actions.renewals import ended_additions, sent_notices
from portal.actions.renewals.billing_context import BillingContext
from portal.enums import DomainState, HostingEventKind, OrderState, ProductKind
from portal.rules.renewals.endings import ended_with_server, endings
from portal.rules.renewals.lifecycle import last_day_to_pay
from portal.rules.renewals.quote import withdrawn
from portal.rules.renewals.scheduled_event import OnlyIf, ScheduledEvent
from portal.rules.renewals.snapshot import Entitlement, Notice, Snapshot
from portal.rules.renewals.timeline import timeline


def end(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """契約終了: one mail for all subscriptions that ended on that day, were not renewed, and can be paid until the same day."""
    entitlement, ends = _entitlement_of(snapshot, found), endings(snapshot, clock.today(), context.catalog)
    ending = ends[entitlement.subscription]
    together = [other for other in _due_together(snapshot, found, context) if ends[other.subscription].pay_until == ending.pay_until]
    if entitlement is not together[0]:
        return True
    about = (_with_server(snapshot, together, context), _gone(snapshot, together, context), payable_of(snapshot, together))
    renewal_mails.ended(account, together, ending.pay_until, *about)
    sent_notices.record(account, *_notices_of(found, together))
    return True


def stop(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """停止中 begins today. It lasts as long as the catalog says; the term can be paid without a gap until then."""
    entitlement, today = _entitlement_of(snapshot, found), clock.today()
    until, is_this = last_day_to_pay(today, context.catalog.renewal), Subscription.id == entitlement.subscription
    Subscription.update(stopped_on=today, stopped_until=until).where(is_this, Subscription.stopped_on.is_null()).execute()
    reason = f"{entitlement.label}：契約期間が{entitlement.ends_on}に終了"
    history.record("subscription", entitlement.subscription, "active", "stopped", history.WORKER, reason, account=account)
    events.queue_end(HostingEventKind.STOP, entitlement.subscription, today, entitlement.usable_until)
    if entitlement.kind is ProductKind.SERVER:
        ending = endings(snapshot, today, context.catalog)[entitlement.subscription]
        with_server, _ = _with_server(snapshot, [entitlement], context)
        about = (with_server, _gone(snapshot, [entitlement], context), payable_of(snapshot, [entitlement]))
        renewal_mails.stopped(account, entitlement, today, ending, *about)
    return True


def announce_deletion(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """Announce 解約済: one mail for all subscriptions that are deleted on the same day. Not sent on that day or later."""
    entitlement, ends = _entitlement_of(snapshot, found), endings(snapshot, clock.today(), context.catalog)
    ending = ends[entitlement.subscription]
    if entitlement.stopped_on is None or ending.deleted_on is None or ending.deleted_on <= clock.today():
        return False
    due = [other for other in _due_together(snapshot, found, context) if other.stopped_on]
    together = [other for other in due if ends[other.subscription].deleted_on == ending.deleted_on]
    if entitlement is together[0]:
        with_server, _ = _with_server(snapshot, together, context)
        about = (with_server, _gone(snapshot, together, context), payable_of(snapshot, together))
        for some in renewal_mails.some_at_a_time(together):
            mail = renewal_mails.deletion_ahead(account, some, ending, *about)
            sent_notices.record(account, *_notices_of(found, some), mail=mail)
    return True


def delete(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """解約済: an option ends alone; with the server, everything of the account ends. False if a payment for it is in progress."""
    if found.is_with_server:
        return False
    entitlement = _entitlement_of(snapshot, found)
    active = account.subscriptions.where(Subscription.id == entitlement.subscription, Subscription.ended_on.is_null())
    if entitlement.stopped_on is None or not active.exists() or not _cancel_open_orders(account, snapshot, entitlement):
        return False
    is_server = entitlement.kind is ProductKind.SERVER
    ended = [other for other in snapshot.entitlements if is_server or other is entitlement]
    for other in ended:
        _end(account, other)
    if is_server:
        methods.drop_renewing(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        Reservation.delete().where(Reservation.account == account).execute()
        Announcement.delete().where(Announcement.account == account).execute()
        _free_domains(account)
    sent_notices.withdraw(account)
    renewal_mails.deleted(account, ended, clock.today())
    return True


def _end(account: Account, entitlement: Entitlement) -> None:
    active = (Subscription.id == entitlement.subscription) & Subscription.ended_on.is_null()
    if Subscription.update(ended_on=clock.today(), renews=False).where(active).execute():
        before = "stopped" if entitlement.stopped_on else "active"
        reason = f"{entitlement.label}：{_end_reason(entitlement)}"
        history.record("subscription", entitlement.subscription, before, "ended", history.WORKER, reason, account=account)
        events.queue_end(HostingEventKind.END, entitlement.subscription, clock.today(), entitlement.usable_until)
        ended_additions.end_parts_of(account, entitlement.subscription)
        Certificate.end(entitlement.subscription)


def _free_domains(account: Account) -> None:
    """Whoever proves one next, has it."""
    for domain in Domain.of(account):
        if domain.move(DomainState.REMOVED, came_from=[domain.state], removed_at=clock.now()):
            reason = f"{domain.shown}（サーバーの解約のため）"
            history.record("domain", domain.id, domain.state, DomainState.REMOVED, history.WORKER, reason, account=account)


def _end_reason(entitlement: Entitlement) -> str:
    return f"{entitlement.stopped_until}までにお支払いがないため" if entitlement.stopped_on else "サーバーの解約のため"


def _cancel_open_orders(account: Account, snapshot: Snapshot, entitlement: Entitlement) -> bool:
    """Cancel the open orders for it; for the server, every open order. False if a payment of one is in progress, or a part of its money is
    there: then none is cancelled.
    """
    is_server, reason = entitlement.kind is ProductKind.SERVER, f"{entitlement.name}の解約のため"
    concerned = [found.number for found in snapshot.open_orders if is_server or entitlement.subscription in found.subscriptions]
    placed = account.orders.where(Order.number.in_(concerned), Order.state == OrderState.PLACED).order_by(Order.id)
    orders = [Order.locked(order.id) for order in placed]
    return all(may_be_cancelled(order) for order in orders) and all(_cancel(order, account, reason) for order in orders)


def _cancel(order: Order, account: Account, reason: str) -> bool:
    if order.is_addition:
        return ended_additions.end_with_server(order, account, reason)
    return cancel(order, history.WORKER, reason)


def _with_server(snapshot: Snapshot, together: list[Entitlement], context: BillingContext) -> WithServer:
    """The options that end with the server, for a mail about the server."""
    if snapshot.server not in together:
        return (), None
    return ended_with_server(snapshot, clock.today(), context.catalog)


def _gone(snapshot: Snapshot, together: list[Entitlement], context: BillingContext) -> tuple[str, ...]:
    return withdrawn(snapshot, together, context.catalog)


def _notices_of(found: ScheduledEvent, together: list[Entitlement]) -> list[Notice]:
    """The notice of each subscription in a shared mail."""
    return [replace(found.notice, subscription=entitlement.subscription) for entitlement in together]


def _entitlement_of(snapshot: Snapshot, found: ScheduledEvent) -> Entitlement:
    return next(entitlement for entitlement in snapshot.entitlements if entitlement.subscription == found.subscription)


def _due_together(snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> list[Entitlement]:
    """All subscriptions with the same event on the same end date, in the order of the timeline. They share one mail."""
    today = clock.today()
    due = [other for other in timeline(snapshot, today, context.catalog) if other.on <= today and other.only_if is not OnlyIf.UNPAID]
    return [_entitlement_of(snapshot, other) for other in due if (other.kind, other.ends_on) == (found.kind, found.ends_on)]

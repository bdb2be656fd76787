"""契約終了, 停止中, 解約済, each with its mail. Called inside the worker's transaction for the account, in the order of their days."""

from datetime import timedelta
from typing import Any

from models import Account, Announcement, Order, RenewalSetting, Reservation, Subscription
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.mail import renewal_mails
from portal.actions.orders.drafts import cancel
from portal.actions.payments import detach
from portal.enums import OrderState, Product, ProvisioningKind
from portal.rules.renewals.lifecycle import DAYS_STOPPED, deletion_day, last_day_to_pay, stop_day
from portal.rules.renewals.snapshot import Facts, Holding
from portal.rules.renewals.timeline import Happening, timeline


def end(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """One mail for all that ended on that day and is not renewed."""
    holding, alike = _of(facts, found), _due_with(facts, found, desk)
    if holding is not alike[0]:
        return True
    planned = holding.stopped_on or stop_day(facts, holding, desk.catalog.closed_days)
    renewal_mails.ended(account, alike, planned and max(planned, clock.today()))
    return True


def stop(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """停止中 begins today; the term can be paid for 14 days without a gap."""
    holding, today = _of(facts, found), clock.today()
    Subscription.update(stopped_on=today).where(Subscription.id == holding.subscription, Subscription.stopped_on.is_null()).execute()
    reason = f"{holding.name}：契約期間が{holding.ends_on}に終了"
    history.record("subscription", holding.subscription, "active", "stopped", history.WORKER, reason)
    events.tell_of_end(ProvisioningKind.STOP, holding.subscription, today, holding.ends_on)
    if holding.product is Product.SERVER:
        deleted_on = deletion_day(facts, holding, today, desk.catalog.closed_days) or today + timedelta(days=DAYS_STOPPED)
        renewal_mails.stopped(account, holding, today, deleted_on)
    return True


def announce_deletion(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """One mail for all that is deleted with it; not when its day has come already."""
    holding = _of(facts, found)
    if holding.stopped_on is None:
        return False
    deleted_on = deletion_day(facts, holding, holding.stopped_on, desk.catalog.closed_days)
    if deleted_on is None or deleted_on <= clock.today():
        return False
    alike = [other for other in _due_with(facts, found, desk) if other.stopped_on == holding.stopped_on]
    if holding is alike[0]:
        renewal_mails.deletion_ahead(account, alike, deleted_on)
    return True


def delete(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """解約済: with the server everything that the account has, an option alone."""
    holding = _of(facts, found)
    mine = account.subscriptions.where(Subscription.id == holding.subscription, Subscription.ended_on.is_null())
    if holding.stopped_on is None or not mine.exists() or not _cancel_open_order(account, facts, holding):
        return False
    is_server = holding.product is Product.SERVER
    over = [other for other in facts.holdings if is_server or other is holding]
    for other in over:
        _end(other)
    if is_server:
        detach.mark_card(account)  # the link to a wallet stays: it is the customer's own, for whatever is contracted next
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        Reservation.delete().where(Reservation.account == account).execute()
        Announcement.delete().where(Announcement.account == account).execute()
    renewal_mails.withdraw(account)
    renewal_mails.deleted(account, over, clock.today())
    return True


def _end(holding: Holding) -> None:
    mine = (Subscription.id == holding.subscription) & Subscription.ended_on.is_null()
    if Subscription.update(ended_on=clock.today(), renews=False).where(mine).execute():
        before = "stopped" if holding.stopped_on else "active"
        history.record("subscription", holding.subscription, before, "ended", history.WORKER, f"{holding.name}：{_why(holding)}")
        events.tell_of_end(ProvisioningKind.END, holding.subscription, clock.today(), holding.ends_on)


def _why(holding: Holding) -> str:
    return f"{last_day_to_pay(holding.stopped_on)}までにお支払いがないため" if holding.stopped_on else "サーバーの解約のため"


def _cancel_open_order(account: Account, facts: Facts, holding: Holding) -> bool:
    """An order that could still be paid for it is over too. False when money for it may be on its way."""
    order = account.placed_order
    concerned = order and facts.open_order and (holding.subscription in facts.open_order.subscriptions or holding.product is Product.SERVER)
    if not concerned or order.state != OrderState.PLACED:
        return True
    return cancel(Order.locked(order.id), history.WORKER, f"{holding.name}の解約のため")


def _of(facts: Facts, found: Happening) -> Holding:
    return next(holding for holding in facts.holdings if holding.subscription == found.subscription)


def _due_with(facts: Facts, found: Happening, desk: Any) -> list[Holding]:
    """Everything that the same thing is due for, in the order of the timeline: it is told in one mail."""
    today = clock.today()
    due = [other for other in timeline(facts, today, desk.catalog) if other.on <= today and not other.is_only_if_unpaid]
    return [_of(facts, other) for other in due if (other.what, other.ends_on) == (found.what, found.ends_on)]

"""The notices that are due, written if what they say is still true. Called inside the worker's transaction for the account."""

import json

from models import Account, Announcement
from portal import clock
from portal.actions.mail import renewal_mails
from portal.actions.renewals.billing_context import BillingContext
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import RenewalGroup, ScheduledEvent, renewal_group


def notice(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """30 and 7 days before a charge. The first one fixes what the charge may be at most; after the last day to change none is true."""
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    charge = group.plan.charge
    if charge is None or charge.last_change_on < clock.today():
        return False
    _announce(account, group)
    return renewal_mails.notice(account, snapshot, group, found)


def moved(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """A charge that waited for another order comes on another day; where none is left the customer is asked to act."""
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if group.is_charged:
        return renewal_mails.notice(account, snapshot, group, found)
    entitlements = tuple(entitlement for entitlement in group.by_hand if entitlement.renews)
    reason = "別のお申し込みの結果を待つ間に、自動更新のお支払い日が過ぎたためです。"
    return bool(entitlements) and renewal_mails.by_hand(account, group, entitlements, found.key, reason, is_second=False)


def card_expires(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if not group.is_charged or group.plan.charge.charged_on <= clock.today():
        return False
    return renewal_mails.card_expires(account, snapshot, group, found.key)


def by_hand(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """30 and 7 days before the end of what nothing renews; once the end has come, 契約終了 is told instead."""
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if found.ends_on < clock.today():
        return False
    is_second = found.key.endswith("second")
    return renewal_mails.by_hand(account, group, group.by_hand, found.key, _why_by_hand(snapshot, group), is_second=is_second)


def _announce(account: Account, group: RenewalGroup) -> None:
    lines = {line.subscription: line.yen for line in group.quote.lines if line.subscription is not None}
    values = {"charge_on": group.plan.charge.charged_on, "yen": group.quote.yen, "content": json.dumps(lines)}
    row = Announcement.insert(account=account, ends_on=group.ends_on, announced_on=clock.today(), **values)
    row.on_conflict_ignore().as_rowcount().execute()


def _why_by_hand(snapshot: Snapshot, group: RenewalGroup) -> str:
    left_out = {found.reason for found in group.quote.left_out}
    if len(left_out) == 1:
        return left_out.pop()
    if snapshot.renewal_method and any(entitlement.renews for entitlement in group.by_hand):
        return "自動更新のお支払い日が残っていないためです。"
    return ""

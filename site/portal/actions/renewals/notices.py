"""Handles the due notices; skips a notice that is no longer true. Called inside the worker's transaction for the account.

Each handler returns False if no mail was written.
"""

from models import Account, Certificate
from portal import clock
from portal.actions.mail import renewal_mails
from portal.actions.renewals import sent_notices
from portal.actions.renewals.billing_context import BillingContext
from portal.enums import ProductKind
from portal.rules.renewals.endings import ended_with_server
from portal.rules.renewals.forecast import HELD
from portal.rules.renewals.quote import withdrawn
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_group
from portal.rules.renewals.scheduled_event import ScheduledEvent
from portal.rules.renewals.snapshot import Entitlement, Notice, Snapshot


def notice(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """The notice 30 and 7 days before a charge (the company's guide). The first one fixes the maximum price.

    Not sent after the last day to change.
    """
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    charge = group.plan.charge
    if charge is None or charge.last_change_on < clock.today():
        return False
    return _notice(account, snapshot, group, found.notice)


def moved(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """After a hold: mail the new charge day, or ask the customer to renew by hand if no day is left."""
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if group.is_charged:
        return _notice(account, snapshot, group, found.notice)
    entitlements = tuple(entitlement for entitlement in group.by_hand if entitlement.renews)
    reason = "別のお申し込みの結果を待つ間に、自動更新のお支払い日が過ぎたためです。"
    return bool(entitlements) and _by_hand(account, snapshot, group, entitlements, found.notice, reason, context)


def card_expires(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if not group.is_charged or group.plan.charge.charged_on <= clock.today():
        return False
    mail = renewal_mails.card_expires(account, snapshot, group, found.notice)
    sent_notices.record(account, found.notice, mail=mail)
    return mail is not None


def by_hand(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> bool:
    """The notice 30 and 7 days before the end of subscriptions without automatic renewal. Not sent after the end."""
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    if found.ends_on < clock.today():
        return False
    return _by_hand(account, snapshot, group, group.ending_by_hand, found.notice, _by_hand_reason(snapshot, group), context)


def _notice(account: Account, snapshot: Snapshot, group: RenewalGroup, notice: Notice) -> bool:
    sent_notices.record_announcement(account, group)
    mail = renewal_mails.notice(account, snapshot, group, notice)
    sent_notices.record(account, notice, mail=mail)
    return mail is not None


def _by_hand(
    account: Account,
    snapshot: Snapshot,
    group: RenewalGroup,
    entitlements: tuple[Entitlement, ...],
    notice: Notice,
    reason: str,
    context: BillingContext,
) -> bool:
    is_server = snapshot.server in entitlements
    with_server = ended_with_server(snapshot, clock.today(), context.catalog) if is_server else ((), None)
    gone = withdrawn(snapshot, entitlements, context.catalog)
    payable = renewal_mails.payable_of(snapshot, entitlements)
    about = (group.ends_on, entitlements, notice, reason, with_server, gone, payable, *_without_certificate(entitlements))
    mail = renewal_mails.by_hand(account, *about)
    sent_notices.record(account, notice, mail=mail)
    return mail is not None


def _without_certificate(entitlements: tuple[Entitlement, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of certificates that have no common name, and of those that could not be issued for theirs."""
    bought = [each for each in entitlements if each.kind is ProductKind.CERTIFICATE]
    if not bought:
        return (), ()
    rows = list(Certificate.select().where(Certificate.subscription.in_([each.subscription for each in bought])))
    known, failed = {row.subscription_id for row in rows}, {row.subscription_id for row in rows if row.is_failed}
    unset = tuple(each.name for each in bought if each.subscription not in known)
    return unset, tuple(each.label for each in bought if each.subscription in failed)


def _by_hand_reason(snapshot: Snapshot, group: RenewalGroup) -> str:
    if snapshot.is_closed:
        return "アカウントを閉じているため、自動では更新されません。"
    if snapshot.is_held and any(entitlement.renews for entitlement in group.by_hand):
        return HELD
    left_out = {found.reason for found in group.quote.left_out}
    if len(left_out) == 1:
        return left_out.pop()
    if snapshot.renewal_method and any(entitlement.renews for entitlement in group.by_hand):
        return "自動更新のお支払い日が残っていないためです。"
    return ""

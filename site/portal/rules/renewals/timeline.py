"""All future and overdue events of an account. The page shows them, the mails quote them, the worker handles them.

Events that were handled are not in it. All dates are inclusive dates in Japan.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.enums import NoticeKind
from portal.rules.renewals.charge_plan import caused_on
from portal.rules.renewals.endings import Ending, Endings, endings_of
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_groups
from portal.rules.renewals.scheduled_event import ORDER, WHICH, EventKind, OnlyIf, ScheduledEvent
from portal.rules.renewals.snapshot import Entitlement, Notice, Snapshot, subscriptions_of

DELETION_NOTICE_DAYS = 7
DELETIONS = (EventKind.DELETION_AHEAD, EventKind.DELETION)
WITH_SERVER = "サーバーの解約とともに終了"


def timeline(snapshot: Snapshot, today: date, catalog: Catalog) -> list[ScheduledEvent]:
    """All future and overdue events, sorted by date and by the order of their kinds."""
    groups = renewal_groups(snapshot, today, catalog)
    ends = endings_of(groups, snapshot, today, catalog)
    found = [scheduled for group in groups.values() for scheduled in _of_one_end(snapshot, group, ends, today, catalog)]
    coming = [event for event in _until_server_ends(snapshot, found, ends) if event.only_if is not OnlyIf.UNPAID or event.on > today]
    return sorted(coming, key=lambda scheduled: (scheduled.on, ORDER.index(scheduled.kind), scheduled.ends_on))


def _until_server_ends(snapshot: Snapshot, found: list[ScheduledEvent], ends: Endings) -> Iterator[ScheduledEvent]:
    """No option outlives its server: nothing follows the server's 解約, and the options that are left then end with it.

    If that is not sure, what would not happen after it depends on the server's renewal.
    """
    server = snapshot.server
    over = ends[server.subscription] if server else None
    if server is None or over is None or over.deleted_on is None:
        yield from found
        return
    left = [option for option in snapshot.entitlements if ends[option.subscription].with_server_on]
    for event in found:
        if _is_before_server_ends(event, server.ends_on, over.deleted_on, left):
            is_ahead = event.kind is EventKind.DELETION_AHEAD and event.subscription == server.subscription
            yield replace(event, names=event.names + tuple(option.label for option in left)) if is_ahead else event
        elif over.only_if:
            yield replace(event, only_if=event.only_if or OnlyIf.SERVER_RENEWED)
    for option in left:
        about = (over.deleted_on, EventKind.DELETION, option.ends_on, (option.label,), WITH_SERVER, option.subscription)
        yield ScheduledEvent(*about, only_if=over.only_if, is_with_server=True)


def _is_before_server_ends(event: ScheduledEvent, server_end: date, deleted_on: date, left: list[Entitlement]) -> bool:
    """True if it happens although the server is deleted on `deleted_on`: then the options that are `left` have no 解約 of their own."""
    if event.kind in DELETIONS and event.subscription in subscriptions_of(tuple(left)):
        return False
    return event.on <= deleted_on and (event.ends_on <= server_end or event.ends_on < deleted_on)


def _of_one_end(snapshot: Snapshot, group: RenewalGroup, ends: Endings, today: date, catalog: Catalog) -> Iterator[ScheduledEvent]:
    if group.is_charged:
        yield from _charge(snapshot, group, today, catalog)
    yield from _moved(snapshot, group)
    if group.ending_by_hand:
        yield from _by_hand(snapshot, group, today, catalog)
    for entitlement in snapshot.ending(group.ends_on):
        yield from _end(snapshot, entitlement, ends[entitlement.subscription])


def _charge(snapshot: Snapshot, group: RenewalGroup, today: date, catalog: Catalog) -> Iterator[ScheduledEvent]:
    charge, names = group.plan.charge, tuple(line.label for line in group.quote.lines)
    if not group.plan.is_retry and not group.plan.moved_on:
        for on, which, before in _notice_days(charge.charged_on, _cause(snapshot, group), today, catalog):
            notice = Notice(NoticeKind.NOTICE, group.ends_on, which)
            if notice not in snapshot.sent_notices:
                yield ScheduledEvent(on, EventKind.NOTICE, group.ends_on, names, f"お支払い日の{before}日前", notice=notice)
    expires = snapshot.renewal_method.card_expires
    if expires and expires < charge.charged_on:
        on = max(charge.charged_on - timedelta(days=max(catalog.renewal.notice_days)), _cause(snapshot, group))
        notice = Notice(NoticeKind.CARD_EXPIRES, group.ends_on, str(expires))
        if notice not in snapshot.sent_notices:
            reason = "お支払い日までにカードの有効期限が切れるため"
            yield ScheduledEvent(on, EventKind.CARD_EXPIRES, group.ends_on, names, reason, notice=notice)
    yield ScheduledEvent(
        charge.last_change_on, EventKind.LAST_CHANGE, group.ends_on, names, "のお支払いの前の、変更できる最後の日", limit=charge.charged_on
    )
    kind = EventKind.RETRY if group.plan.is_retry else EventKind.CHARGE
    reason = "前回お支払いできなかったため" if group.plan.is_retry else _charge_reason(snapshot, group)
    yield ScheduledEvent(charge.charged_on, kind, group.ends_on, names, reason)
    for day in charge.retries:
        yield ScheduledEvent(day, EventKind.RETRY, group.ends_on, names, "それまでにお支払いできなかったときだけ")


def _notice_days(before_day: date, since: date, today: date, catalog: Catalog) -> Iterator[tuple[date, str, int]]:
    """The notice days (30 and 7 days before), from `since` on. A late first notice is skipped once the second is due."""
    days = [before_day - timedelta(days=before) for before in sorted(catalog.renewal.notice_days, reverse=True)]
    for number, on in enumerate(days):
        is_overtaken = number + 1 < len(days) and days[number + 1] <= today
        if on >= since and not is_overtaken:
            yield on, WHICH[number] if number < len(WHICH) else f"notice{number + 1}", (before_day - on).days


def _moved(snapshot: Snapshot, group: RenewalGroup) -> Iterator[ScheduledEvent]:
    """After a hold, mail the new charge day, or ask the customer to renew by hand if no day is left."""
    on = group.plan.moved_on
    notice = Notice(NoticeKind.MOVED, group.ends_on, str(on))
    if on is None or notice in snapshot.sent_notices:
        return
    names = tuple(entitlement.label for entitlement in snapshot.ending(group.ends_on) if entitlement.renews)
    yield ScheduledEvent(on, EventKind.MOVED, group.ends_on, names, "別のお申し込みの結果を待っていたため", notice=notice)


def _by_hand(snapshot: Snapshot, group: RenewalGroup, today: date, catalog: Catalog) -> Iterator[ScheduledEvent]:
    names = tuple(entitlement.label for entitlement in group.ending_by_hand)
    since = max([*(entitlement.effective_on for entitlement in group.ending_by_hand), *_when_it_became_by_hand(snapshot, group)])
    for on, which, before in _notice_days(group.ends_on, since, today, catalog):
        notice = Notice(NoticeKind.BY_HAND, group.ends_on, which)
        if notice not in snapshot.sent_notices:
            yield ScheduledEvent(on, EventKind.BY_HAND, group.ends_on, names, f"契約期間の終わりの{before}日前", notice=notice)


def _when_it_became_by_hand(snapshot: Snapshot, group: RenewalGroup) -> Iterator[date]:
    """The days of the last decline and of the last reset. Each was mailed that day, so earlier notices are not sent late."""
    attempt = snapshot.last_attempt(group.ends_on)
    if attempt:
        yield attempt.on
    if snapshot.turned_off_on:
        yield snapshot.turned_off_on


def _end(snapshot: Snapshot, entitlement: Entitlement, found: Ending) -> Iterator[ScheduledEvent]:
    """契約終了 on the day after the end, then 停止中 and 解約済, for the server and each option, as if there were no server.

    While a charge may still come, these happen only if it fails, never today and not before its last day.
    """
    if found.stops_on is None:
        return
    about = (entitlement.ends_on, (entitlement.label,))
    of = {"subscription": entitlement.subscription, "only_if": OnlyIf.UNPAID if found.only_if is OnlyIf.UNPAID else None}
    notice = Notice(NoticeKind.END, entitlement.ends_on, subscription=entitlement.subscription)
    if notice not in snapshot.sent_notices and not entitlement.is_undone:
        yield ScheduledEvent(found.over_on, EventKind.END, *about, "契約期間が終わるため", **of, notice=notice)
    if entitlement.stopped_on is None:
        yield ScheduledEvent(found.stops_on, EventKind.STOP, *about, _stop_reason(found.stops_on, entitlement), **of)
    if found.deleted_on is None:
        return
    notice = Notice(NoticeKind.DELETION_AHEAD, entitlement.ends_on, subscription=entitlement.subscription)
    if notice not in snapshot.sent_notices:
        ahead = found.deleted_on - timedelta(days=DELETION_NOTICE_DAYS)
        yield ScheduledEvent(ahead, EventKind.DELETION_AHEAD, *about, f"解約の{DELETION_NOTICE_DAYS}日前", **of, notice=notice)
    reason = "までのお支払いの期限を過ぎるため"
    yield ScheduledEvent(found.deleted_on, EventKind.DELETION, *about, reason, **of, limit=found.pay_until)


def _cause(snapshot: Snapshot, group: RenewalGroup) -> date:
    charged = tuple(entitlement for entitlement in snapshot.ending(group.ends_on) if entitlement.renews)
    return caused_on(snapshot, charged)


def _charge_reason(snapshot: Snapshot, group: RenewalGroup) -> str:
    if group.plan.moved_on:
        return "別のお申し込みの結果を待っていたため"
    return f"契約が終わる月の、{snapshot.renewal_method.method.label}の自動更新日"


def why_unpaid(entitlement: Entitlement) -> str:
    """Why a server stops, in Japanese."""
    if entitlement.is_cancelled:
        return "お申し込みを取り消したため"
    if entitlement.runs_until:
        return "取り消したご入金を、あらためて確認できなかったため"
    return "更新のお支払いを確認できなかったため"


def _stop_reason(on: date, entitlement: Entitlement) -> str:
    if entitlement.runs_until:
        return why_unpaid(entitlement)
    is_at_once = on == entitlement.ends_on + timedelta(days=1)
    return "契約期間が終わったため" if is_at_once else "契約期間が終わり、お振り込みの確認を待つ期間も過ぎるため"

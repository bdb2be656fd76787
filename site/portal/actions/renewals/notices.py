"""The notices that are due, written if what they say is still true. Called inside the worker's transaction for the account."""

import json
from typing import Any

from models import Account, Announcement
from portal import clock
from portal.actions.mail import renewal_mails
from portal.rules.renewals.snapshot import Facts
from portal.rules.renewals.timeline import Happening, Renewing, renewing


def notice(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """30 and 7 days before a charge. The first one fixes what the charge may be at most; after the last day to change none is true."""
    group = renewing(facts, found.ends_on, clock.today(), desk.catalog)
    charge = group.plan.charge
    if charge is None or charge.last_change_on < clock.today():
        return False
    _announce(account, group)
    return renewal_mails.notice(account, facts, group, found)


def moved(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """A charge that waited for another order comes on another day; where none is left the customer is asked to act."""
    group = renewing(facts, found.ends_on, clock.today(), desk.catalog)
    if group.is_charged:
        return renewal_mails.notice(account, facts, group, found)
    holdings = tuple(holding for holding in group.by_hand if holding.renews)
    reason = "別のお申し込みの結果を待つ間に、自動更新のお支払い日が過ぎたためです。"
    return bool(holdings) and renewal_mails.by_hand(account, group, holdings, found.key, reason, is_second=False)


def card_expires(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    group = renewing(facts, found.ends_on, clock.today(), desk.catalog)
    if not group.is_charged or group.plan.charge.charged_on <= clock.today():
        return False
    return renewal_mails.card_expires(account, facts, group, found.key)


def by_hand(account: Account, facts: Facts, found: Happening, desk: Any) -> bool:
    """30 and 7 days before the end of what nothing renews; once the end has come, 契約終了 is told instead."""
    group = renewing(facts, found.ends_on, clock.today(), desk.catalog)
    if found.ends_on < clock.today():
        return False
    is_second = found.key.endswith("second")
    return renewal_mails.by_hand(account, group, group.by_hand, found.key, _why_by_hand(facts, group), is_second=is_second)


def _announce(account: Account, group: Renewing) -> None:
    lines = {line.subscription: line.yen for line in group.basket.lines if line.subscription is not None}
    values = {"charge_on": group.plan.charge.charged_on, "yen": group.basket.yen, "content": json.dumps(lines)}
    row = Announcement.insert(account=account, ends_on=group.ends_on, announced_on=clock.today(), **values)
    row.on_conflict_ignore().as_rowcount().execute()


def _why_by_hand(facts: Facts, group: Renewing) -> str:
    left_out = {found.reason for found in group.basket.left_out}
    if len(left_out) == 1:
        return left_out.pop()
    if facts.means and any(holding.renews for holding in group.by_hand):
        return "自動更新のお支払い日が残っていないためです。"
    return ""

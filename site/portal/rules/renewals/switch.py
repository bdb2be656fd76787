"""The switch of the automatic renewal of one option: what it changes, and why it cannot be pressed now. Dates are inclusive, in Japan."""

from dataclasses import replace
from datetime import date

from portal.catalog import Catalog
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.forecast import forecasts
from portal.rules.renewals.quote import is_sold
from portal.rules.renewals.snapshot import Entitlement, Snapshot

NO_METHOD = "自動更新のお支払い方法が登録されていません。カードまたはおさいぽ!で更新のお支払いをされると、オンになります。"
NOT_SOLD = "お取り扱いを終了したため、自動更新はできません。"
CHECKED_AGAIN = "お支払いを確認しているため、いまは変更できません。"
NOT_PAID = "お支払い済みの契約期間がないため、いまは変更できません。"
UNDER_WAY = "自動更新のお支払いの手続き中です。結果が出てから、もう一度お試しください。"
TOO_LATE = "次回の自動更新のお支払い日までの日数が足りません。お支払いのあとで、もう一度お試しください。"


def switched(snapshot: Snapshot, subscription: int, today: date, *, on: bool) -> Snapshot:
    """The account as it would be after the press. Turned on, a charge comes at least four days later (the company's guide)."""
    changed = tuple(
        replace(mine, renews=on, switched_on=today if on else None) if mine.subscription == subscription else mine
        for mine in snapshot.entitlements
    )
    return replace(snapshot, entitlements=changed)


def why_not(snapshot: Snapshot, mine: Entitlement, today: date, catalog: Catalog, *, on: bool) -> Closed | str | None:
    """Why the switch cannot be pressed now: a Japanese sentence, or `Closed` after the last day to change. None if it can.

    Off is possible until the charge has been sent, as with 「支払い方法をリセットする」.
    """
    if is_being_charged(snapshot, mine.ends_on):
        return UNDER_WAY
    return _why_not_on(snapshot, mine, today, catalog) if on else None


def is_being_charged(snapshot: Snapshot, ends_on: date) -> bool:
    """True while the company has not answered an automatic charge for this end."""
    order = snapshot.open_order
    return order is not None and order.renews_end == ends_on and order.is_on_its_way


def _why_not_on(snapshot: Snapshot, mine: Entitlement, today: date, catalog: Catalog) -> Closed | str | None:
    if mine.is_undone or mine.runs_until or mine.stopped_on:
        return CHECKED_AGAIN if mine.is_checked_again else NOT_PAID
    if not is_sold(snapshot, mine, catalog):
        return NOT_SOLD
    if snapshot.renewal_method is None:
        return NO_METHOD
    window = change_window(snapshot, today, catalog, mine.ends_on)
    if isinstance(window, Closed):
        return window
    return TOO_LATE if _ends_another_charge(snapshot, mine, today, catalog) else None


def _ends_another_charge(snapshot: Snapshot, mine: Entitlement, today: date, catalog: Catalog) -> bool:
    """True if no day would be left for what is charged together with it: that was to renew by itself, and still has to."""
    charged = {found.ends_on for found in forecasts(snapshot, today, catalog) if found.charge}
    after = {found.ends_on for found in forecasts(switched(snapshot, mine.subscription, today, on=True), today, catalog) if found.charge}
    return not charged <= after

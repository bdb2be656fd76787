"""Until when what the next automatic charge will be can be changed: the company's 変更のタイミング.

A charge can be changed until 23:59:59 in Japan of its last day to change (クレジットカード: the day before, おさいぽ!: four days before),
and again once it has succeeded or failed.
"""

from dataclasses import dataclass
from datetime import date

from portal.catalog import Catalog
from portal.rules.renewals.charge_days import last_change_day
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.snapshot import Snapshot


@dataclass(frozen=True)
class Open:
    """It can be changed, until the end of that day; None where no charge is coming."""

    until: date | None = None


@dataclass(frozen=True)
class Closed:
    """The last day to change has passed and the charge is still to come, or under way: on `charged_on`, today at the earliest."""

    last_change_on: date
    charged_on: date


def change_window(snapshot: Snapshot, today: date, catalog: Catalog, ends_on: date | None = None) -> Open | Closed:
    """For what ends on that day; without one for the whole account: its next charge decides.

    契約終了日が2025年11月30日なら、カードは2025年11月4日まで、おさいぽ!の15日は2025年11月11日まで.
    """
    under_way = _under_way(snapshot, today, ends_on)
    if under_way:
        return under_way
    groups = [renewal_group(snapshot, end, today, catalog) for end in snapshot.ends if ends_on in (None, end)]
    charges = [group.plan.charge for group in groups if group.is_charged and not group.plan.is_on_hold]
    if not charges:
        return Open()
    upcoming = min(charges, key=lambda charge: charge.charged_on)
    if today > upcoming.last_change_on:
        return Closed(upcoming.last_change_on, max(upcoming.charged_on, today))
    return Open(upcoming.last_change_on)


def _under_way(snapshot: Snapshot, today: date, ends_on: date | None) -> Closed | None:
    """An automatic order that a company has been asked about, or is about to be: it is too late for that one, whatever comes of it."""
    order = snapshot.open_order
    if (
        snapshot.renewal_method is None
        or order is None
        or order.renews_end is None
        or not order.is_undecided
        or ends_on not in (None, order.renews_end)
    ):
        return None
    tried = snapshot.last_attempt(order.renews_end)
    day = tried.on if tried else today
    return Closed(last_change_day(snapshot.renewal_method.method, day), day)

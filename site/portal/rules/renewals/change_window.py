"""Until when the next automatic charge can be changed (the company's guide, 変更のタイミング). Dates are inclusive dates in Japan.

The last day to change is the day before the charge (クレジットカード) or four days before (おさいぽ!), until 23:59:59 in Japan.
After the charge has succeeded or failed, changes are possible again.
"""

from dataclasses import dataclass
from datetime import date

from portal.catalog import Catalog
from portal.rules.renewals.charge_days import last_change_day
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.snapshot import Snapshot


@dataclass(frozen=True)
class Open:
    """Changes are possible until the end of this day; None if no charge is planned."""

    until: date | None = None


@dataclass(frozen=True)
class Closed:
    """Too late to change: the charge on `charged_on` (today or later) is planned or in progress."""

    last_change_on: date
    charged_on: date


def change_window(snapshot: Snapshot, today: date, catalog: Catalog, ends_on: date | None = None) -> Open | Closed:
    """The window of the charge for `ends_on`; without one, of the account's next charge.

    契約終了日が2025年11月30日なら、カードは2025年11月4日まで、おさいぽ!の15日は2025年11月11日まで.
    """
    in_progress = _in_progress(snapshot, today, ends_on)
    if in_progress:
        return in_progress
    groups = [renewal_group(snapshot, end, today, catalog) for end in snapshot.ends if ends_on in (None, end)]
    charges = [group.plan.charge for group in groups if group.is_charged and not group.plan.is_on_hold]
    if not charges:
        return Open()
    upcoming = min(charges, key=lambda charge: charge.charged_on)
    if today > upcoming.last_change_on:
        return Closed(upcoming.last_change_on, max(upcoming.charged_on, today))
    return Open(upcoming.last_change_on)


def _in_progress(snapshot: Snapshot, today: date, ends_on: date | None) -> Closed | None:
    """Closed if an automatic charge has an attempt without an answer: that charge cannot be changed any more."""
    order = snapshot.open_order
    if (
        snapshot.renewal_method is None
        or order is None
        or order.renews_end is None
        or not order.is_undecided
        or ends_on not in (None, order.renews_end)
    ):
        return None
    attempt = snapshot.last_attempt(order.renews_end)
    day = attempt.on if attempt else today
    return Closed(last_change_day(snapshot.renewal_method.method, day), day)

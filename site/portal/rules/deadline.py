"""Until when the next automatic charge can still be changed: 23:59:59 in Japan of the last day that its method allows.

All dates are inclusive dates in Japan.
"""

from dataclasses import dataclass
from datetime import date

from portal.catalog import Catalog
from portal.rules.holding import Facts
from portal.rules.timeline import renewing

TOO_LATE = "変更の期限を過ぎたため"
TOO_LATE_TO_RETRY = "お支払いの再手続きの前の、変更の期限を過ぎたため"


@dataclass(frozen=True)
class Open:
    """It can be changed, up to and with that day; None where no automatic charge is coming."""

    until: date | None = None


@dataclass(frozen=True)
class Closed:
    """Its last day to change has passed, and the charge is still to come: on `charged_on`, today at the earliest. `reason` ends in ため."""

    last_change_on: date
    charged_on: date
    reason: str = TOO_LATE


def change_window(facts: Facts, today: date, catalog: Catalog, ends_on: date | None = None) -> Open | Closed:
    """Whether what is charged for all that ends on that day (with the server, if none is named) can be changed today.

    契約終了日が2025年11月30日なら、カードは2025年11月4日まで、おさいぽ!は自動更新日の4日前まで. Between two tries of a charge that failed
    it is open again; while another order holds the charge back, none is coming.
    """
    ends_on = ends_on or (facts.server and facts.server.ends_on)
    group = ends_on and renewing(facts, ends_on, today, catalog)
    if not group or group.plan.waits or not group.is_charged:
        return Open()
    charge = group.plan.charge
    if today <= charge.last_change_on:
        return Open(charge.last_change_on)
    return Closed(charge.last_change_on, max(charge.charged_on, today), TOO_LATE_TO_RETRY if group.plan.is_retry else TOO_LATE)

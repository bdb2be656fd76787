"""What ends on one day is renewed together: one order, one charge, one mail. All dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.rules.renewals.charge_plan import ChargePlan, charge_plan
from portal.rules.renewals.quote import RenewalQuote, renewal_quote
from portal.rules.renewals.snapshot import Entitlement, Snapshot


@dataclass(frozen=True)
class RenewalGroup:
    """How everything that ends on one day goes on: what is charged, when, and what the customer has to renew by hand."""

    ends_on: date
    quote: RenewalQuote
    plan: ChargePlan
    by_hand: tuple[Entitlement, ...]

    @property
    def is_charged(self) -> bool:
        return bool(self.plan.days and self.quote.lines)


def renewal_group(snapshot: Snapshot, ends_on: date, today: date, catalog: Catalog) -> RenewalGroup:
    """What of this end renews by itself. Before the 30-day notice a dearer catalog counts, afterwards not."""
    plan = charge_plan(snapshot, ends_on, catalog.renewal)
    first_notice = max(catalog.renewal.notice_days)
    is_early = bool(plan.days) and ends_on not in snapshot.announced and today <= plan.days[0] - timedelta(days=first_notice)
    found = renewal_quote(snapshot, ends_on, catalog, may_rise=is_early) if plan.method else RenewalQuote(ends_on, ())
    charged = found.subscriptions if plan.days else frozenset()
    by_hand = tuple(entitlement for entitlement in snapshot.ending(ends_on) if entitlement.subscription not in charged)
    return RenewalGroup(ends_on, found, plan, by_hand)

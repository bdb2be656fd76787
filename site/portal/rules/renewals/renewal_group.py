"""Subscriptions that end on one day are renewed together: one order, one charge, one mail. Dates are inclusive dates in Japan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.rules.orders.quote import Line
from portal.rules.renewals.charge_plan import ChargePlan, charge_plan
from portal.rules.renewals.quote import RenewalQuote, renewal_quote
from portal.rules.renewals.snapshot import Entitlement, Snapshot


@dataclass(frozen=True)
class RenewalGroup:
    """All subscriptions with one end: the quote and plan of their automatic charge, and those that the customer must renew by hand."""

    ends_on: date
    quote: RenewalQuote
    plan: ChargePlan
    by_hand: tuple[Entitlement, ...]

    @property
    def is_charged(self) -> bool:
        return bool(self.plan.days and self.quote.lines)

    def charges(self, entitlement: Entitlement) -> bool:
        """True if this subscription is renewed by the automatic charge. Not sure, so False, while an open order renews it."""
        is_held = self.plan.is_on_hold and not self.plan.is_on_hold_for_another_order
        return self.is_charged and entitlement.subscription in self.quote.subscriptions and not is_held

    @property
    def beside_order(self) -> tuple[Line, ...]:
        """What of the charge is left once the open order that holds it back is paid."""
        paid = self.plan.held_by.subscriptions if self.plan.held_by else frozenset()
        return tuple(line for line in self.quote.lines if line.subscription not in paid)

    @property
    def ending_by_hand(self) -> tuple[Entitlement, ...]:
        """Those of `by_hand` whose paid term ends. The others only run on because a payment was undone: they had a mail about that."""
        return tuple(entitlement for entitlement in self.by_hand if not entitlement.is_undone)


Groups = Mapping[date, RenewalGroup]


def renewal_groups(snapshot: Snapshot, today: date, catalog: Catalog) -> Groups:
    """Of every end of the snapshot."""
    return {ends_on: renewal_group(snapshot, ends_on, today, catalog) for ends_on in snapshot.ends}


def renewal_group(snapshot: Snapshot, ends_on: date, today: date, catalog: Catalog) -> RenewalGroup:
    """The group for `ends_on`. Price rises of the catalog apply only until the 30-day notice (the company's guide)."""
    plan = charge_plan(snapshot, ends_on, catalog.renewal)
    first_notice = max(catalog.renewal.notice_days)
    is_early = bool(plan.days) and ends_on not in snapshot.announced and today <= plan.days[0] - timedelta(days=first_notice)
    found = renewal_quote(snapshot, ends_on, catalog, may_rise=is_early) if plan.method else RenewalQuote(ends_on, ())
    charged = found.subscriptions if plan.days else frozenset()
    by_hand = tuple(entitlement for entitlement in snapshot.ending(ends_on) if entitlement.subscription not in charged)
    return RenewalGroup(ends_on, found, plan, by_hand)

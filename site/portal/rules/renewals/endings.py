"""How each subscription ends if nobody pays: the one source of 契約終了, 停止中 and 解約済 for timeline and worker, pages and mails.

All dates are inclusive dates in Japan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.rules.renewals.lifecycle import deletion_day, expires_on, payable_until, stop_day
from portal.rules.renewals.renewal_group import Groups, RenewalGroup, renewal_groups
from portal.rules.renewals.scheduled_event import OnlyIf
from portal.rules.renewals.snapshot import Entitlement, Snapshot

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """Paid until `paid_until`, 契約終了 on `over_on`, 停止中 from `stops_on`, payable until `pay_until`, 解約済 on `deleted_on`.

    `stops_on` and `deleted_on` are None while a payment is in progress. `only_if`: what `deleted_on` depends on.
    `with_server_on`: the day of the server's 解約, if that takes this option along before its own. `stops_on` is None if that comes before
    its own end.
    """

    paid_until: date
    over_on: date
    stops_on: date | None
    deleted_on: date | None
    pay_until: date
    only_if: OnlyIf | None = None
    with_server_on: date | None = None

    @property
    def is_with_server(self) -> bool:
        """True if it is sure that this option is deleted together with its server."""
        return self.with_server_on is not None and self.with_server_on == self.deleted_on

    @property
    def needs_server(self) -> bool:
        """True if its own days come only if the server is renewed before."""
        return self.with_server_on is not None and not self.is_with_server

    def pay_by(self, today: date) -> date:
        """The day to name to the customer: the last paid day, and once that is over the last day of 停止中."""
        return self.paid_until if today <= self.paid_until else self.pay_until


Endings = Mapping[int, Ending]


def endings(snapshot: Snapshot, today: date, catalog: Catalog) -> Endings:
    """The ending of each subscription, by its id. If the worker is late, 停止中 begins today, so the customer always has all its days.

    While an automatic charge may still come, nothing ends before its last day. No option outlives its server.
    """
    return endings_of(renewal_groups(snapshot, today, catalog), snapshot, today, catalog)


def endings_of(groups: Groups, snapshot: Snapshot, today: date, catalog: Catalog) -> Endings:
    """The same, for who has the groups of every end."""
    own = {mine.subscription: _own(snapshot, mine, groups[mine.ends_on], today, catalog) for mine in snapshot.entitlements}
    server = snapshot.server
    if server is None:
        return own
    of_server = own[server.subscription]
    return {number: found if found is of_server else _beside(found, of_server) for number, found in own.items()}


def ended_with_server(snapshot: Snapshot, today: date, catalog: Catalog) -> tuple[tuple[Entitlement, ...], date | None]:
    """The options that are paid longer than their server lives, and the day of its 解約, if nobody renews it. Empty if it renews itself."""
    found = endings(snapshot, today, catalog)
    options = tuple(mine for mine in snapshot.entitlements if found[mine.subscription].is_with_server)
    return options, found[options[0].subscription].deleted_on if options else None


def _own(snapshot: Snapshot, entitlement: Entitlement, group: RenewalGroup, today: date, catalog: Catalog) -> Ending:
    """As if there were no server."""
    charges = _possible_charges(group, catalog) if entitlement.subscription in group.quote.subscriptions else ()
    since, over_on = max((today, *charges[-1:])), max((entitlement.usable_until + A_DAY, *charges[-1:]))
    planned = stop_day(snapshot, entitlement, catalog.closed_days)
    stops_on = entitlement.stopped_on or (planned and max(planned, since))
    usual = stops_on and deletion_day(snapshot, entitlement, stops_on, catalog)
    deleted_on = usual and max((usual, *charges[-1:]))
    last_day = payable_until(entitlement, stops_on or entitlement.usable_until + A_DAY, catalog.renewal)
    pay_until = deleted_on - A_DAY if deleted_on else last_day
    return Ending(entitlement.ends_on, over_on, stops_on, deleted_on, pay_until, OnlyIf.UNPAID if charges else None)


def _beside(own: Ending, server: Ending) -> Ending:
    """The ending of an option: its own, or with its server, if that is deleted before."""
    over = server.deleted_on
    if over is None or (own.deleted_on and own.deleted_on <= over):
        return own
    if server.only_if:
        return replace(own, only_if=own.only_if or OnlyIf.SERVER_RENEWED, with_server_on=over)
    stops_on = own.stops_on if own.stops_on and own.stops_on < over else None
    paid_until, pay_until = min(own.paid_until, server.paid_until), min(own.pay_until, server.pay_until)
    return Ending(paid_until, own.over_on, stops_on, over, pay_until, with_server_on=over)


def _possible_charges(group: RenewalGroup, catalog: Catalog) -> tuple[date, ...]:
    """The days of the planned charge; those that are left after its 期限切れ while a bank order holds it back."""
    if not group.is_charged:
        return ()
    order = group.plan.held_by
    expires = expires_on(order, catalog.closed_days) if order else None
    if order and expires:
        return group.plan.after_expiry(order.placed_on, expires, catalog.renewal)
    return () if group.plan.is_on_hold and not group.plan.is_on_hold_for_another_order else group.plan.days

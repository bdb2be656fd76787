"""The days of an automatic charge and its retries, and the orders that put it on hold.

All dates are inclusive dates in Japan. Every planned day is in the month in which the term ends. If all of them were missed (the worker
was down, or the portal learned of the payment late), one attempt on a later charge day replaces them.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.renewals.charge_days import MIN_DAYS_BEFORE_CHARGE, Charge, first_charge, last_change_day
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.retry_days import next_charge_day
from portal.rules.renewals.snapshot import Announced, Entitlement, Snapshot, subscriptions_of


@dataclass(frozen=True)
class ChargePlan:
    """The days of the remaining attempts; the first may be overdue. `is_on_hold`: an open order of the account delays the charge.

    `held_by`: that order.
    `moved_on`: when the last hold ended, if it delayed the charge. `is_on_hold_for_another_order`: the open order renews none of the
    subscriptions of this charge.
    """

    method: Method | None
    days: tuple[date, ...] = ()
    is_on_hold: bool = False
    is_retry: bool = False
    moved_on: date | None = None
    is_on_hold_for_another_order: bool = False
    held_by: OpenOrder | None = field(default=None, compare=False)

    @property
    def charge(self) -> Charge | None:
        """The next attempt with its retries, as shown to customers; None if none is left."""
        if self.method is None or not self.days:
            return None
        return Charge(self.days[0], last_change_day(self.method, self.days[0]), self.days[1:])

    def is_due(self, today: date) -> bool:
        return bool(self.days) and self.days[0] <= today and not self.is_on_hold

    def remaining(self, today: date, numbers: RenewalNumbers) -> "ChargePlan":
        """The plan seen from `today`. Days missed while on hold are dropped.

        If the hold is another order and no day is left, the next charge day replaces them, as if that order closed today.
        """
        if not self.is_on_hold:
            return self
        remaining = tuple(day for day in self.days if day > today)
        if not remaining and self.days and self.is_on_hold_for_another_order:
            remaining = (next_charge_day(today + timedelta(days=MIN_DAYS_BEFORE_CHARGE), numbers),)
        return replace(self, days=remaining)

    def after_expiry(self, opened_on: date, expires_on: date, numbers: RenewalNumbers) -> tuple[date, ...]:
        """The days that are left if the open bank order, placed on `opened_on`, becomes 期限切れ on `expires_on`."""
        if not any(opened_on <= day <= expires_on for day in self.days):
            return self.days
        earliest = expires_on + timedelta(days=MIN_DAYS_BEFORE_CHARGE)
        return tuple(_after_hold(list(self.days), earliest, numbers, is_same_term=not self.is_on_hold_for_another_order))


def charge_plan(snapshot: Snapshot, ends_on: date, numbers: RenewalNumbers) -> ChargePlan:
    """The plan for the auto-renewing subscriptions that end on `ends_on`. Without days, nothing is charged: the customer renews by hand.

    Charge days, retries and the four days before a charge: the company's guide.
    """
    renewing = tuple(entitlement for entitlement in snapshot.ending(ends_on) if entitlement.renews)
    renewal_method = snapshot.renewal_method
    if renewal_method is None or not renewing:
        return ChargePlan(None)
    if snapshot.is_closed or snapshot.is_held:
        return ChargePlan(renewal_method.method)
    days = _days(snapshot, ends_on, renewing, numbers)
    last_attempt = snapshot.last_attempt(ends_on)
    if last_attempt:
        days = [] if last_attempt.is_final else [day for day in days if day > last_attempt.on]
    charged = subscriptions_of(renewing)
    relevant = [hold for hold in snapshot.holds if hold.concerns(days, charged)]
    moved_on = max((hold.closed_on for hold in relevant), default=None)
    if moved_on:
        is_same_term = any(hold.subscriptions & charged for hold in relevant)
        days = _after_hold(days, moved_on + timedelta(days=MIN_DAYS_BEFORE_CHARGE), numbers, is_same_term=is_same_term)
    days = _not_before_announced_day(days, snapshot.announced.get(ends_on))
    order = next((order for order in snapshot.open_orders if order.holds_back_charge_of(charged)), None)
    is_another = order is not None and not order.subscriptions & charged
    return ChargePlan(renewal_method.method, tuple(days), order is not None, last_attempt is not None, moved_on, is_another, order)


def _days(snapshot: Snapshot, ends_on: date, renewing: tuple[Entitlement, ...], numbers: RenewalNumbers) -> list[date]:
    """The planned days, at least four days after the payment or change, and after the portal learned of it.

    If all planned days passed before that, one attempt on the next charge day replaces them.
    """
    renewal_method, paid_on = snapshot.renewal_method, max(entitlement.paid_on for entitlement in _causes(snapshot, renewing))
    since = max(paid_on, renewal_method.set_on, *_switched_on(renewing))
    first = first_charge(renewal_method.method, ends_on, since, renewal_method.wallet_day, numbers=numbers)
    planned = [first.charged_on, *first.retries] if first else []
    earliest = caused_on(snapshot, renewing) + timedelta(days=MIN_DAYS_BEFORE_CHARGE)
    possible = [day for day in planned if day >= earliest]
    return possible if possible or not planned else [next_charge_day(earliest, numbers)]


def caused_on(snapshot: Snapshot, entitlements: tuple[Entitlement, ...]) -> date:
    """When the portal learned of the last payment or change that leads to this charge, or when staff opened the account again.

    The charge is at least four days later.
    """
    days = [entitlement.effective_on for entitlement in _causes(snapshot, entitlements)]
    days += _switched_on(entitlements)
    days += [snapshot.reopened_on] if snapshot.reopened_on else []
    return max(*days, snapshot.renewal_method.effective_on) if snapshot.renewal_method else max(days)


def _switched_on(entitlements: tuple[Entitlement, ...]) -> list[date]:
    """The days on which the customer turned their automatic renewal on."""
    return [entitlement.switched_on for entitlement in entitlements if entitlement.switched_on]


def _causes(snapshot: Snapshot, entitlements: tuple[Entitlement, ...]) -> tuple[Entitlement, ...]:
    return (*entitlements, *_server_paid_beyond(snapshot, entitlements[0].ends_on))


def _server_paid_beyond(snapshot: Snapshot, ends_on: date) -> list[Entitlement]:
    """The server, if its newest payment is what allows the options of this end to renew. Options renew only with a paid server."""
    server = snapshot.server
    if server is None or server.ends_on <= ends_on:
        return []
    ended_on = server.starts_on - timedelta(days=1)
    return [server] if ended_on < ends_on or (ended_on == ends_on and not server.renews) else []


def _not_before_announced_day(days: list[date], announced: Announced | None) -> list[date]:
    """Never charge before the day in the newest notice, even if the catalog's charge day is earlier now."""
    announced_on = announced and announced.charge_on
    if not announced_on or not days or days[0] >= announced_on:
        return days
    return [announced_on, *(day for day in days if day > announced_on)]


def _after_hold(days: list[date], earliest: date, numbers: RenewalNumbers, *, is_same_term: bool) -> list[date]:
    """The days that remain after a hold. If the hold was another order and no day remains, use the next charge day."""
    remaining = [day for day in days if day >= earliest]
    return remaining if remaining or is_same_term else [next_charge_day(earliest, numbers)]

"""On which days an automatic charge is tried, and what holds it back.

All dates are inclusive dates in Japan. Every planned day lies in the month in which the term ends; only what the worker missed, or what
could not be known in time, is made up later, by one try.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.renewals.charge_days import MIN_DAYS_BEFORE_CHARGE, Charge, first_charge, last_change_day
from portal.rules.renewals.retry_days import next_charge_day
from portal.rules.renewals.snapshot import Announced, Entitlement, Snapshot, subscriptions_of


@dataclass(frozen=True)
class ChargePlan:
    """The days on which a charge will be attempted; the first may have been missed. `is_on_hold`: an open order of the account delays it.

    `moved_on`: the day on which the last such order was over. `is_on_hold_for_another_order`: the open order renews nothing of this
    charge, so nothing is stopped meanwhile.
    """

    method: Method | None
    days: tuple[date, ...] = ()
    is_on_hold: bool = False
    is_retry: bool = False
    moved_on: date | None = None
    is_on_hold_for_another_order: bool = False

    @property
    def charge(self) -> Charge | None:
        """The next try as customers are told of it; None when none is left."""
        if self.method is None or not self.days:
            return None
        return Charge(self.days[0], last_change_day(self.method, self.days[0]), self.days[1:])

    def is_due(self, today: date) -> bool:
        return bool(self.days) and self.days[0] <= today and not self.is_on_hold

    def still_to_come(self, today: date, numbers: RenewalNumbers) -> "ChargePlan":
        """The same as it looks from `today`: days that were missed while it relevant do not come back.

        Behind an order for something else another day always comes: this one, if that order were over today.
        """
        if not self.is_on_hold:
            return self
        left = tuple(day for day in self.days if day > today)
        if not left and self.days and self.is_on_hold_for_another_order:
            left = (next_charge_day(today + timedelta(days=MIN_DAYS_BEFORE_CHARGE), numbers),)
        return replace(self, days=left)


def charge_plan(snapshot: Snapshot, ends_on: date, numbers: RenewalNumbers) -> ChargePlan:
    """When what renews by itself and ends on that day is charged. No days: nothing is, and the customer renews by hand."""
    renewing = tuple(entitlement for entitlement in snapshot.ending(ends_on) if entitlement.renews)
    renewal_method = snapshot.renewal_method
    if renewal_method is None or not renewing:
        return ChargePlan(None)
    days = _days(snapshot, ends_on, renewing, numbers)
    tried = snapshot.last_attempt(ends_on)
    if tried:
        days = [] if tried.is_final else [day for day in days if day > tried.on]
    relevant = [hold for hold in snapshot.holds if any(hold.opened_on <= day <= hold.closed_on for day in days)]
    moved_on = max((hold.closed_on for hold in relevant), default=None)
    mine, order = subscriptions_of(renewing), snapshot.open_order
    if moved_on:
        days = _moved(
            days, moved_on + timedelta(days=MIN_DAYS_BEFORE_CHARGE), numbers, is_own=any(hold.subscriptions & mine for hold in relevant)
        )
    days = _not_before_the_day_named(days, snapshot.announced.get(ends_on))
    is_on_hold = order is not None and order.holds_back
    return ChargePlan(
        renewal_method.method, tuple(days), is_on_hold, tried is not None, moved_on, is_on_hold and not order.subscriptions & mine
    )


def _days(snapshot: Snapshot, ends_on: date, renewing: tuple[Entitlement, ...], numbers: RenewalNumbers) -> list[date]:
    """Four days after what caused the charge, and after the portal learned of it.

    Days that passed before it could know are like days that the worker missed: where no other is left they are made up by one try.
    """
    renewal_method, paid_on = snapshot.renewal_method, max(entitlement.paid_on for entitlement in _causes(snapshot, renewing))
    first = first_charge(renewal_method.method, ends_on, max(paid_on, renewal_method.set_on), renewal_method.wallet_day, numbers=numbers)
    planned = [first.charged_on, *first.retries] if first else []
    rested = caused_on(snapshot, renewing) + timedelta(days=MIN_DAYS_BEFORE_CHARGE)
    left = [day for day in planned if day >= rested]
    return left if left or not planned else [next_charge_day(rested, numbers)]


def caused_on(snapshot: Snapshot, entitlements: tuple[Entitlement, ...]) -> date:
    """When the portal learned of the payment or the change that the charge comes of: it comes four days after that at the earliest."""
    told = [entitlement.told_on for entitlement in _causes(snapshot, entitlements)]
    return max(*told, snapshot.renewal_method.told_on) if snapshot.renewal_method else max(told)


def _causes(snapshot: Snapshot, entitlements: tuple[Entitlement, ...]) -> tuple[Entitlement, ...]:
    return (*entitlements, *_server_that_lets_go_on(snapshot, entitlements[0].ends_on))


def _server_that_lets_go_on(snapshot: Snapshot, ends_on: date) -> list[Entitlement]:
    """An option is charged only beside its server: where that was not to be renewed with it, the server's payment is a cause too."""
    server = snapshot.server
    if server is None or server.ends_on <= ends_on:
        return []
    ended_on = server.starts_on - timedelta(days=1)
    return [server] if ended_on < ends_on or (ended_on == ends_on and not server.renews) else []


def _not_before_the_day_named(days: list[date], announced: Announced | None) -> list[date]:
    """A charge comes on the day that the newest notice named, where the catalog's charge day has become earlier since."""
    named = announced and announced.charge_on
    if not named or not days or days[0] >= named:
        return days
    return [named, *(day for day in days if day > named)]


def _moved(days: list[date], rested: date, numbers: RenewalNumbers, *, is_own: bool) -> list[date]:
    """What is left after an order that held the charge back. One for something else costs nobody the renewal: a later day makes up."""
    left = [day for day in days if day >= rested]
    return left if left or is_own else [next_charge_day(rested, numbers)]

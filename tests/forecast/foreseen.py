"""Every day and every yen that anything may say to an account at this moment: the forecast's, and a short list of others."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from models import Account, Certificate, Order, OrderLine
from portal.actions.privacy.erasure import standing
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import OrderState
from portal.rules.renewals.forecast import Forecast, forecasts, without_renewal
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline
from portal.rules.transfers.business_days import is_bank_business_day
from portal.rules.transfers.due_dates import expiry_day, usual_check_day
from tests.forecast.said import Said

A_DAY = timedelta(days=1)
CHARGES = (EventKind.CHARGE, EventKind.RETRY)


@dataclass
class Foreseen:
    """`days`: by kind. `yen`: of each day of a charge, sums and single lines. `amounts`: all of them."""

    days: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    yen: dict[date, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, other: "Foreseen") -> None:
        for mine, its in ((self.days, other.days), (self.yen, other.yen)):
            for key, found in its.items():
                mine[key] |= found

    @property
    def amounts(self) -> set[int]:
        return {yen for found in self.yen.values() for yen in found}

    def contradicts(self, said: Said) -> bool:
        known = self.days[said.kind] if said.kind else {day for days in self.days.values() for day in days}
        return said.on not in known or (said.yen is not None and said.kind == "charge" and said.yen not in self.yen[said.on])


def foreseen(account: Account, today: date, catalog: Catalog, *, is_reset: bool = False) -> Foreseen:
    """`is_reset`: as it would be after a reset of the renewal method."""
    snapshot, found = snapshot_of(account, with_sent_notices=True), Foreseen()
    snapshot = without_renewal(snapshot) if is_reset else snapshot
    for kind, day in (
        *_from_timeline(snapshot, today, catalog),
        *_from_terms(snapshot, account),
        *_from_orders(account, today, catalog),
    ):
        found.days[kind].add(day)
    for forecast in forecasts(snapshot, today, catalog):
        _from_forecast(forecast, found)
    found.days["certificate"] |= set(_from_certificates(account))
    found.days["erasure"].add(standing(account, catalog.retention).from_on)
    return found


def _from_timeline(snapshot: Snapshot, today: date, catalog: Catalog) -> Iterator[tuple[str, date]]:
    for event in timeline(snapshot, today, catalog):
        yield "charge" if event.kind in CHARGES else event.kind.value, event.on
        if event.kind is EventKind.DELETION:
            yield "pay until", event.on - A_DAY


def _from_forecast(forecast: Forecast, found: Foreseen) -> None:
    lines = forecast.group.quote.lines
    if forecast.charge:
        for day in (forecast.charge.charged_on, *forecast.charge.retries):
            found.days["charge"].add(day)
            found.yen[day] |= {forecast.yen, *(line.yen for line in lines)}
        found.days["last_change"].add(forecast.charge.last_change_on)
    for mine in forecast.by_hand:
        found.days["pay until"].add(mine.pay_until)
        found.days["stop"] |= {mine.stops_on} - {None}
        found.days["deletion"] |= {mine.deleted_on} - {None}
    for line in lines:
        found.days["term"] |= {line.starts_on, line.ends_on}


def _from_terms(snapshot: Snapshot, account: Account) -> Iterator[tuple[str, date]]:
    for term in account.terms:
        yield "term", term.starts_on
        yield "term", term.ends_on
    for mine in snapshot.entitlements:
        yield "term", mine.usable_until
        if mine.stopped_until:
            yield "pay until", mine.stopped_until


def _from_certificates(account: Account) -> Iterator[date]:
    """The last day of each that was issued, as the hosting side said: it may come before the end of what is paid."""
    for known in Certificate.by_subscription(account).values():
        if known and known.issued_until:
            yield known.issued_until


def _from_orders(account: Account, today: date, catalog: Catalog) -> Iterator[tuple[str, date]]:
    """Not of the forecast: days of orders, the worker's next look, when a transfer is usually confirmed, closed days."""
    for order in account.orders.where(Order.state != OrderState.DRAFT):
        if order.due_on:
            yield "due", order.due_on
            yield "expiry", expiry_day(order.due_on, catalog.closed_days)
        for line in order.lines.order_by(OrderLine.position):
            yield "term", line.starts_on
            yield "term", line.ends_on
    for schedule in account.schedules:
        yield "look", schedule.due_on
    check_on = usual_check_day(today, catalog.closed_days)
    yield "check", check_on
    days = [today + A_DAY * ahead for ahead in range(1, (check_on - today).days)]
    yield from (("closed", day) for day in days if not is_bank_business_day(day, catalog.closed_days))

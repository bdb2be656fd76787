"""What the portal's rules promise to an account on one day: the timeline that pages show, and the forecasts that they quote."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models import Account, Order
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import OrderState
from portal.rules.renewals.forecast import forecasts, goes_on_with_server
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_group
from portal.rules.renewals.scheduled_event import EventKind, OnlyIf, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline
from portal.rules.transfers.due_dates import expiry_day
from tests.forecast.happened import EXPIRY
from tests.forecast.world import World

CHARGES = (EventKind.CHARGE, EventKind.RETRY)
CHARGE = EventKind.CHARGE.value


@dataclass(frozen=True)
class Promise:
    """`what` is the value of an EventKind; a retry is a charge too. `which` tells the first notice from the second.

    `only_if`: what it depends on; `is_with_server`: on a charge of the server, not of its own end. `lines`: the yen of each subscription
    that a charge renews; None for what is new.
    """

    what: str
    on: date
    ends_on: date | None
    subscription: int | None = None
    which: str = ""
    lines: frozenset[tuple[int | None, int]] = frozenset()
    only_if: OnlyIf | None = None
    is_with_server: bool = False

    @property
    def about(self) -> tuple[str, date | None, int | None, str]:
        return self.what, self.ends_on, self.subscription, self.which


@dataclass(frozen=True)
class Seen:
    """Everything promised to one account at the end of one day. `server`: its subscription and end. `on_hold`: the ends whose charge waits
    for another order.

    `is_undecided`: a payment has no answer yet; pages then promise nothing but an answer. One of an added thing may change the method.
    """

    login: str
    on: date
    promises: frozenset[Promise]
    ends: frozenset[date]
    subscriptions: frozenset[int]
    on_hold: frozenset[date]
    is_undecided: bool
    server: tuple[int, date] | None

    @property
    def state(self) -> str:
        """For the report."""
        if not self.subscriptions:
            return "no contract"
        if self.is_undecided:
            return "answer awaited"
        if self.on_hold:
            return "charge on hold"
        return "renews" if self.charges else "by hand"

    @property
    def charges(self) -> dict[date, list[Promise]]:
        """The days of each end's charge and its retries, in order."""
        found: dict[date, list[Promise]] = defaultdict(list)
        for promise in sorted(self.promises, key=lambda promise: promise.on):
            if promise.what == CHARGE:
                found[promise.ends_on].append(promise)
        return found


def look(world: World, catalog: Catalog) -> list[Seen]:
    return [seen(account, world.today, catalog) for account in world.accounts]


def seen(account: Account, today: date, catalog: Catalog) -> Seen:
    snapshot = snapshot_of(account, with_sent_notices=True)
    said = (*_promises(_shown(snapshot, today, catalog), today, catalog), *_expiry(account, catalog))
    promises = frozenset(promise for promise in said if promise.on > today)
    groups = [renewal_group(snapshot, end, today, catalog) for end in snapshot.ends]
    return Seen(
        account.login,
        today,
        promises,
        frozenset(snapshot.ends),
        frozenset(mine.subscription for mine in snapshot.entitlements),
        frozenset(group.ends_on for group in groups if group.plan.is_on_hold),
        any(order.is_undecided for order in snapshot.open_orders),
        snapshot.server and (snapshot.server.subscription, snapshot.server.ends_on),
    )


def _shown(snapshot: Snapshot, today: date, catalog: Catalog) -> Snapshot:
    """Of options that wait for their server's renewal pages say only that."""
    return snapshot.without([mine for mine in snapshot.entitlements if goes_on_with_server(snapshot, mine, today, catalog)])


def _promises(snapshot: Snapshot, today: date, catalog: Catalog) -> Iterator[Promise]:
    for event in timeline(snapshot, today, catalog):
        if event.kind is not EventKind.LAST_CHANGE:
            yield _of_event(event, renewal_group(snapshot, event.ends_on, today, catalog))
    for found in forecasts(snapshot, today, catalog):
        if found.charge:
            yield Promise(CHARGE, found.charge.charged_on, found.ends_on, lines=_lines(found.group))
        for mine in found.by_hand:
            about = {"ends_on": found.ends_on, "subscription": mine.entitlement.subscription}
            about["only_if"] = OnlyIf.SERVER_RENEWED if mine.needs_server else None
            if mine.stops_on and not mine.is_stopped:
                yield Promise(EventKind.STOP.value, mine.stops_on, **about)
            if mine.deleted_on:
                yield Promise(EventKind.DELETION.value, mine.deleted_on, **about)


def _expiry(account: Account, catalog: Catalog) -> Iterator[Promise]:
    """Of an awaited transfer, also of a partly paid one."""
    for order in account.orders.where(Order.state == OrderState.PLACED):
        if order.is_by_transfer and order.due_on:
            yield Promise(EXPIRY, expiry_day(order.due_on, catalog.closed_days), None, which=order.number)


def _lines(group: RenewalGroup) -> frozenset[tuple[int | None, int]]:
    return frozenset((line.subscription, line.yen) for line in group.quote.lines)


def _of_event(event: ScheduledEvent, group: RenewalGroup) -> Promise:
    if event.kind in CHARGES:
        return Promise(CHARGE, event.on, event.ends_on, lines=_lines(group))
    which = event.notice.which if event.notice else ""
    about = {"only_if": event.only_if, "is_with_server": event.is_with_server}
    return Promise(event.kind.value, event.on, event.ends_on, event.subscription, which, **about)

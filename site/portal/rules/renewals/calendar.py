"""The customer's calendar: the timeline from today on, grouped by day. Dates are inclusive dates in Japan."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from portal.catalog import Catalog
from portal.rules.renewals.forecast import goes_on_with_server
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.scheduled_event import ORDER, EventKind, OnlyIf, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline

MAILS = (EventKind.NOTICE, EventKind.MOVED, EventKind.CARD_EXPIRES, EventKind.BY_HAND, EventKind.DELETION_AHEAD)
CHARGES = (EventKind.CHARGE, EventKind.RETRY)
OMITTED_WHEN_PAST = (*MAILS, EventKind.LAST_CHANGE, EventKind.END)
ON_HOLD = "別のお申し込みの結果を待っているため、その結果によって変わります"


@dataclass(frozen=True)
class Entry:
    """Equal events of one day. `names` are the products; `limit`: the day with which `reason` begins; `only_if`: what it depends on."""

    kind: EventKind
    names: tuple[str, ...]
    reason: str
    only_if: OnlyIf | None
    limit: date | None = None

    @property
    def is_mail(self) -> bool:
        return self.kind in MAILS


@dataclass(frozen=True)
class Day:
    on: date
    entries: tuple[Entry, ...]

    @property
    def has_happening(self) -> bool:
        """Something will be done that day; else there is a mail, a limit, or nothing."""
        return any(not entry.is_mail and entry.kind is not EventKind.LAST_CHANGE for entry in self.entries)

    @property
    def is_mail_alone(self) -> bool:
        return bool(self.entries) and all(entry.is_mail for entry in self.entries)


@dataclass(frozen=True)
class Branches:
    """`planned`: what happens if nobody does anything. `if_unpaid`: what follows if the charges in it fail."""

    planned: tuple[Day, ...]
    if_unpaid: tuple[Day, ...]

    @property
    def years(self) -> list[tuple[int, list[Day]]]:
        """What is planned, year by year."""
        return [(year, list(days)) for year, days in groupby(self.planned, key=lambda day: day.on.year)]


def branches(days: list[Day]) -> Branches:
    """Today stays among what is planned, even with nothing on it."""
    planned = [_with(day, lambda entry: entry.only_if is not OnlyIf.UNPAID) for day in days]
    if_unpaid = [_with(day, lambda entry: entry.only_if is OnlyIf.UNPAID) for day in days]
    return Branches(
        tuple(day for number, day in enumerate(planned) if day.entries or number == 0), tuple(day for day in if_unpaid if day.entries)
    )


def _with(day: Day, is_wanted: Callable[[Entry], bool]) -> Day:
    return replace(day, entries=tuple(filter(is_wanted, day.entries)))


def calendar(snapshot: Snapshot, today: date, catalog: Catalog) -> list[Day]:
    """All days with events; today comes first, even without one. Overdue events are shown today; past mails and deadlines are omitted.

    Options that wait for their server's renewal are omitted too: their next step is known only after it. If it fails, they end with it.
    """
    later = tuple(entitlement for entitlement in snapshot.entitlements if goes_on_with_server(snapshot, entitlement, today, catalog))
    shown = snapshot.without(later)
    on_hold = {ends_on for ends_on in shown.ends if renewal_group(shown, ends_on, today, catalog).plan.is_on_hold}
    by_day: dict[date, list[ScheduledEvent]] = defaultdict(list, {today: []})
    of_later = {entitlement.subscription for entitlement in later}
    with_server = [event for event in timeline(snapshot, today, catalog) if event.is_with_server and event.subscription in of_later]
    for event in _shown_events(timeline(shown, today, catalog) + with_server, on_hold, today):
        by_day[max(event.on, today)].append(event)
    return [Day(on, tuple(_entries(by_day[on]))) for on in sorted(by_day)]


def _shown_events(scheduled_events: list[ScheduledEvent], on_hold: set[date], today: date) -> Iterator[ScheduledEvent]:
    """The events to show. `on_hold`: ends whose charge is on hold. Later charges of one end are marked as retries."""
    first_charge_on: dict[date, date] = {}
    for event in scheduled_events:
        is_charge = event.kind in CHARGES
        is_held = is_charge and event.ends_on in on_hold
        if event.on < today and (event.kind in OMITTED_WHEN_PAST or is_held):
            continue
        if is_charge and first_charge_on.setdefault(event.ends_on, event.on) < event.on:
            yield replace(event, reason="", limit=None, only_if=OnlyIf.UNPAID)
        else:
            yield replace(event, reason=ON_HOLD, limit=None) if is_held else event


def _entries(scheduled_events: list[ScheduledEvent]) -> list[Entry]:
    groups = groupby(sorted(scheduled_events, key=_group_key), key=_group_key)
    return [_entry(list(group)) for _, group in groups]


def _group_key(found: ScheduledEvent) -> tuple[int, str, str, date]:
    return ORDER.index(found.kind), found.reason, found.only_if or "", found.limit or date.min


def _entry(group: list[ScheduledEvent]) -> Entry:
    names = tuple(dict.fromkeys(name for found in group for name in found.names))
    return Entry(group[0].kind, names, group[0].reason, group[0].only_if, group[0].limit)

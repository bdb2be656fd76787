"""The timeline as customers read it: a calendar from today on, one entry for everything that is alike on a day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from portal.catalog import Catalog
from portal.rules.renewals.forecast import goes_on_with_server
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.scheduled_event import ORDER, EventKind, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline

MAILS = (EventKind.NOTICE, EventKind.MOVED, EventKind.CARD_EXPIRES, EventKind.BY_HAND, EventKind.DELETION_AHEAD)
TRIES = (EventKind.CHARGE, EventKind.RETRY)
OVER_WHEN_PAST = (*MAILS, EventKind.LAST_CHANGE, EventKind.END)
WAITS = "別のお申し込みの結果を待っているため、その結果によって変わります"


@dataclass(frozen=True)
class Entry:
    """`names` are the products in question; `is_only_if_unpaid`: it happens only if the charges before it all fail."""

    kind: EventKind
    names: tuple[str, ...]
    reason: str
    is_only_if_unpaid: bool

    @property
    def is_mail(self) -> bool:
        return self.kind in MAILS


@dataclass(frozen=True)
class Day:
    on: date
    entries: tuple[Entry, ...]


def calendar(snapshot: Snapshot, today: date, catalog: Catalog) -> list[Day]:
    """Today first, whatever happens on it. What is overdue is done today; a mail or a deadline that has passed is left out.

    So are options that go on with their server: what becomes of them is decided when that has been renewed.
    """
    later = tuple(entitlement for entitlement in snapshot.entitlements if goes_on_with_server(snapshot, entitlement, today, catalog))
    known = replace(snapshot, entitlements=tuple(entitlement for entitlement in snapshot.entitlements if entitlement not in later))
    waiting = {ends_on for ends_on in known.ends if renewal_group(known, ends_on, today, catalog).plan.is_on_hold}
    by_day: dict[date, list[ScheduledEvent]] = defaultdict(list, {today: []})
    for found in _as_told(timeline(known, today, catalog), waiting, today):
        by_day[max(found.on, today)].append(found)
    return [Day(on, tuple(_entries(by_day[on]))) for on in sorted(by_day)]


def _as_told(scheduled_events: list[ScheduledEvent], waiting: set[date], today: date) -> Iterator[ScheduledEvent]:
    first: dict[date, date] = {}
    for found in scheduled_events:
        is_try = found.kind in TRIES
        if found.on < today and (found.kind in OVER_WHEN_PAST or (is_try and found.ends_on in waiting)):
            continue
        if is_try and first.setdefault(found.ends_on, found.on) < found.on:
            yield replace(found, reason="", is_only_if_unpaid=True)
        else:
            yield replace(found, reason=WAITS) if is_try and found.ends_on in waiting else found


def _entries(scheduled_events: list[ScheduledEvent]) -> list[Entry]:
    groups = groupby(sorted(scheduled_events, key=_likeness), key=_likeness)
    return [_entry(list(group)) for _, group in groups]


def _likeness(found: ScheduledEvent) -> tuple[int, str, bool]:
    return ORDER.index(found.kind), found.reason, found.is_only_if_unpaid


def _entry(group: list[ScheduledEvent]) -> Entry:
    names = tuple(dict.fromkeys(name for found in group for name in found.names))
    return Entry(group[0].kind, names, group[0].reason, group[0].is_only_if_unpaid)

"""Compares what was promised with what then happened: no promise unkept, nothing unpromised."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.rules.renewals.scheduled_event import EventKind, OnlyIf
from tests.forecast.happened import EXPIRY, Happening, happenings, renewed
from tests.forecast.promised import CHARGE, Promise, Seen, look
from tests.forecast.world import World

AFTERWARDS = timedelta(days=10)
TOLD_ON = re.compile(r"told on \S+")
MAILS_ON_THE_WAY = (EventKind.MOVED.value, EventKind.BY_HAND.value, EventKind.NOTICE.value)  # may follow from what happened that day


@dataclass
class Book:
    """Everything promised in a world that is left alone, day after day."""

    seen: list[Seen] = field(default_factory=list)
    covered: Counter[str] = field(default_factory=Counter)

    def read(self, world: World, catalog: Catalog | None = None) -> None:
        """`catalog`: with which the promises are made, if it is not the worker's."""
        for seen in look(world, catalog or world.catalog):
            self.seen.append(seen)
            self.covered.update(f"said: {promise.what}{' only if' if promise.only_if else ''}" for promise in seen.promises)
            self.covered[f"state: {seen.state}"] += 1

    def until(self, since: date) -> date:
        """Long enough for everything that was said so far, and for what follows from it."""
        return max((promise.on for seen in self.seen for promise in seen.promises), default=since) + AFTERWARDS

    def faults(self, since: date, until: date) -> list[str]:
        """Each promise that was not kept by `until`, and each thing that happened after `since` without one."""
        happened: dict[str, list[Happening]] = defaultdict(list)
        for happening in happenings(since):
            happened[happening.login].append(happening)
        found = [fault for seen in self.seen for fault in self._unkept(seen, happened[seen.login], until)]
        found += [fault for mine in happened.values() for happening in mine for fault in self._unpromised(happening, mine)]
        return [times[0] + (f" (and on {len(times) - 1} other days)" if len(times) > 1 else "") for times in _alike(found)]

    # -- no promise unkept -------------------------------------------------------------------------------------------------

    def _unkept(self, seen: Seen, happened: list[Happening], until: date) -> Iterator[str]:
        if seen.is_undecided:
            return
        for ends_on, charges in seen.charges.items():
            attempts = [found for found in happened if found.what == CHARGE and found.ends_on == ends_on and found.on > seen.on]
            if ends_on not in seen.on_hold:
                yield from self._charged_otherwise(seen, charges, attempts, until)
        for promise in seen.promises:
            if promise.what != CHARGE and promise.on <= until:
                yield from self._happened_otherwise(seen, promise, happened)

    def _charged_otherwise(self, seen: Seen, charges: list[Promise], attempts: list[Happening], until: date) -> Iterator[str]:
        """The first day always; each later one exactly if the one before failed and may be tried again."""
        for promise in charges:
            if promise.on > until:
                return
            tries = [attempt for attempt in attempts if attempt.on == promise.on]
            self.covered[f"kept: {promise.what}"] += 1
            if not tries:
                yield f"{_said(seen, promise)}: there was no charge; {_days(attempts)}"
                return
            if not promise.lines <= tries[0].lines:
                yield f"{_said(seen, promise)}: the lines were {_yen(tries[0])}"
            if any(attempt.is_paid or attempt.is_final for attempt in tries):
                return

    def _happened_otherwise(self, seen: Seen, promise: Promise, happened: list[Happening]) -> Iterator[str]:
        if promise.only_if and _is_settled(promise, happened, seen.server):
            return
        days = [found.on for found in happened if found.about == promise.about and found.on > seen.on]
        self.covered[f"kept: {promise.what}"] += 1
        if promise.on not in days:
            yield f"{_said(seen, promise)}: it did not happen on that day; days: {', '.join(map(str, days)) or 'none'}"

    # -- nothing unpromised ------------------------------------------------------------------------------------------------

    def _unpromised(self, happening: Happening, mine: list[Happening]) -> Iterator[str]:
        seen = self._last_seen(happening, mine)
        if seen is None or seen.is_undecided:
            return
        self.covered[f"promised: {happening.what}"] += 1
        if happening.ends_on in seen.on_hold and happening.what in (CHARGE, *MAILS_ON_THE_WAY):
            return
        if not any(promise.on == happening.on and promise.about == happening.about for promise in seen.promises):
            said = sorted(str(promise.on) for promise in seen.promises if promise.about == happening.about)
            yield f"{_what(happening)} on {happening.on}; on {seen.on} was said: {', '.join(said) or 'nothing'}"

    def _last_seen(self, happening: Happening, mine: list[Happening]) -> Seen | None:
        """What was said last before that day about that end. None where that end was not known yet, or something came between.

        A mail that follows from a charge or an expiry of the same day cannot be promised before.
        """
        before = [seen for seen in self.seen if seen.login == happening.login and seen.on < happening.on]
        if not before or (happening.ends_on not in before[-1].ends and happening.what != EXPIRY):
            return None
        is_answer = happening.what in MAILS_ON_THE_WAY
        turned = any(other.on == happening.on and other.what in (CHARGE, EXPIRY) for other in mine)
        return None if is_answer and turned else before[-1]


def _alike(faults: list[str]) -> list[list[str]]:
    """Told on one day after another, it is the same fault."""
    alike: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        alike[TOLD_ON.sub("", fault)].append(fault)
    return list(alike.values())


def _is_settled(promise: Promise, happened: list[Happening], server: tuple[int, date] | None) -> bool:
    """It turned out otherwise, so what was said for this case does not happen: the charge came through in time, or the server ended."""
    if promise.only_if is OnlyIf.SERVER_RENEWED:
        ends = [found.on for found in happened if found.what == EventKind.DELETION.value and found.subscription == server[0]]
        return any(on < promise.on or on <= promise.ends_on for on in ends)
    if promise.subscription is None:
        return any(found.what == CHARGE and found.ends_on == promise.ends_on and found.is_paid for found in happened)
    paid_on = renewed(*server) if promise.is_with_server else renewed(promise.subscription, promise.ends_on)
    return paid_on is not None and paid_on <= promise.on


def _said(seen: Seen, promise: Promise) -> str:
    return f"{seen.login} was told on {seen.on}: {_what(promise)} on {promise.on}"


def _what(found: Promise | Happening) -> str:
    about = f" of subscription {found.subscription}" if found.subscription else ""
    return f"{found.what}{about} {found.which} for the end {found.ends_on}" + (f" ({_yen(found)})" if found.lines else "")


def _yen(found: Promise | Happening) -> str:
    return ", ".join(f"{subscription or 'new'}: {yen} yen" for subscription, yen in sorted(found.lines, key=str))


def _days(attempts: list[Happening]) -> str:
    return "charges on " + (", ".join(str(attempt.on) for attempt in attempts) or "no day")

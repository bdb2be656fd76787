"""Counts against the limits of rules/accounts/limits.py. A try is stored before it is acted on, and one at a time for each subject, so
parallel presses pass as often as the limit says and never more. A refused try is not counted: the wait that was said stays true.
"""

import operator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from peewee import Query, Select

from models import Account, CountedTry, Staff
from portal import clock
from portal.actions import history
from portal.rules.accounts.limits import CLOCKS_DIFFER, LIMITS, UNSEEN, UNTOLD, By, Limit, Limited, TooMany, limits_of, longest
from portal.rules.accounts.networks import network_of
from portal.security_log import SecurityEvent, note
from portal.store.batches import delete
from portal.store.database import database, hold

REACHED = "limit reached"
TOLD_ONCE_IN = timedelta(days=1)


@dataclass(frozen=True)
class Who:
    """Whose tries: `name` is a key or a hash, never typed text. `browser`: the hash of the mark of a browser that passed before.

    `person`: whom it is about, if it is somebody that we know.
    """

    name: str = ""
    address: str = ""
    browser: str | None = None
    person: Account | Staff | None = None

    @property
    def account(self) -> Account | None:
        return self.person if isinstance(self.person, Account) else None

    @property
    def entity(self) -> str:
        """For the history: 「account card」."""
        if self.person is None:
            return ""
        return history.by(self.person) if isinstance(self.person, Account) else history.by_staff(self.person)

    @property
    def network(self) -> str:
        return network_of(self.address)

    def key(self, by: By) -> str:
        parts = {By.WHO: [self.name], By.NETWORK: [self.network], By.WHO_AND_NETWORK: [self.name, self.network]}
        return " ".join(parts.get(by, [self.name, self.browser or ""]))


@dataclass(frozen=True)
class Counted:
    """One try that was accepted and counted. `id` is None if the same press was counted before."""

    id: int | None

    def take_back(self) -> None:
        """It was none after all: the password was right, or the money was paid."""
        if self.id is not None:
            CountedTry.delete().where(CountedTry.id == self.id).execute()


def of_account(account: Account, address: str = "") -> Who:
    return replace(of_account_id(account.id, address), person=account)


def of_staff(staff: Staff, address: str = "") -> Who:
    return Who(history.by_staff(staff), address, person=staff)


def of_account_id(account_id: int, address: str = "") -> Who:
    return Who(f"account {account_id}", address)


def count_or_refuse(kind: Limited, who: Who, *, press: str = "") -> Counted:
    """Count one try; raises TooMany. Call it outside a transaction, before anything is done: the count must stay if that fails.

    `press` identifies a button of one page: pressed twice, it is counted once.
    """
    if database.transaction_depth():
        raise RuntimeError("a try must be counted before the transaction of what it does")
    found = count(kind, who, press=press)
    if isinstance(found, TooMany):
        raise found
    return found


def count(kind: Limited, who: Who, *, press: str = "") -> Counted | TooMany:
    """The same, also inside a transaction. The caller decides what a refusal means; staff are told of it here."""
    with database.atomic():
        limits = limits_of(kind, is_known_browser=who.browser is not None)
        hold([f"{kind} {limit.by} {who.key(limit.by)}" for limit in limits if limit.by is not By.ALL])
        if press and CountedTry.select().where(CountedTry.kind == kind, CountedTry.who == who.name, CountedTry.press == press).exists():
            return Counted(None)
        now = clock.real_now()
        refusal = _refusal(kind, who, limits, now)
        if refusal is None:
            about = {"who": who.name, "network": who.network, "browser": who.browser, "press": press or None}
            return Counted(CountedTry.create(kind=kind, at=now, **about).id)
        if kind not in UNSEEN:
            note(SecurityEvent.TOO_MANY, person=who.person, typed_hash=who.name)
        return refusal


def refusal_now(kind: Limited, who: Who) -> TooMany | None:
    """Whether the next try would be refused, and until when. Counts nothing. Without an address no network is asked about."""
    limits, now = limits_of(kind, is_known_browser=who.browser is not None), clock.real_now()
    asked = tuple(limit for limit in limits if limit.by is not By.ALL and (who.address or limit.by is not By.NETWORK))
    free_at = max((moment for _, moment in _reached(kind, who, asked, now)), default=None)
    return TooMany(kind, free_at, now) if free_at else None


def sweep(now: datetime) -> int:
    """Delete what no limit counts any more, and what a wrong clock has counted. Returns how many rows."""
    at, wrong = CountedTry.at, CountedTry.at > now + CLOCKS_DIFFER
    over = [(CountedTry.kind == kind) & span for kind in LIMITS for span in (at < now - longest(kind), wrong)]
    return delete(CountedTry, reduce(operator.or_, over))


def _refusal(kind: Limited, who: Who, limits: tuple[Limit, ...], now: datetime) -> TooMany | None:
    """Why this try is refused, told to staff; None if it is not."""
    reached = _reached(kind, who, limits, now)
    for limit, _ in reached:
        _tell_staff(kind, who, limit)
    refusing = [free_at for limit, free_at in reached if limit.by is not By.ALL]
    return TooMany(kind, max(refusing), now) if refusing else None


def _reached(kind: Limited, who: Who, limits: tuple[Limit, ...], now: datetime) -> list[tuple[Limit, datetime]]:
    """The limits that are reached, each with the moment when its next try is accepted. One query."""
    columns = [_last_counted(kind, who, limit, now) for limit in limits]
    (row,) = Select([], columns).bind(database).tuples().execute()
    found = zip(limits, map(CountedTry.at.python_value, row), strict=True)
    return [(limit, counted_at + limit.span) for limit, counted_at in found if counted_at]


def _last_counted(kind: Limited, who: Who, limit: Limit, now: datetime) -> Query:
    """The newest try but `most` - 1 within the span: when it leaves it, the next one is accepted. NULL if there are fewer."""
    counted = CountedTry.alias()
    within = (counted.at > now - limit.span) & (counted.at <= now + CLOCKS_DIFFER)
    mine = counted.select(counted.at).where(*_same(counted, kind, who, limit.by), within)
    return mine.order_by(counted.at.desc()).offset(limit.most - 1).limit(1)


def _same(counted: Any, kind: Limited, who: Who, by: By) -> list[Any]:
    mine, nearby, strangers = counted.who == who.name, counted.network == who.network, counted.browser.is_null()
    conditions = {
        By.WHO: [mine, strangers],
        By.NETWORK: [nearby, strangers],
        By.WHO_AND_NETWORK: [mine, nearby, strangers],
        By.BROWSER: [mine, counted.browser == who.browser],
        By.ALL: [],
    }
    return [counted.kind == kind, *conditions[by]]


def _tell_staff(kind: Limited, who: Who, limit: Limit) -> None:
    """One event a day for each subject and kind, however often the limit is reached."""
    if kind in UNTOLD:
        return
    is_known = limit.by not in (By.NETWORK, By.ALL) and who.entity
    entity = who.entity if is_known else f"network {who.network}" if limit.by is not By.ALL else "network すべて"
    reason, since = f"要確認: {kind.label}", clock.now() - TOLD_ONCE_IN
    if not history.has(entity, history.PORTAL, reason, since=since):
        kind_of, _, name = entity.partition(" ")
        history.record(kind_of, name, None, REACHED, history.PORTAL, reason, account=who.account if is_known else None)

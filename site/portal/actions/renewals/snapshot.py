"""Reads the snapshots of accounts for the renewal rules, in a fixed number of queries, however many accounts they are."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from peewee import JOIN, Query

from models import (
    Account,
    Announcement,
    Order,
    PaymentMethod,
    RenewalSetting,
    Reservation,
    SentNotice,
    Term,
)
from portal import clock
from portal.actions import history
from portal.actions.renewals.order_snapshot import Orders, orders_of
from portal.actions.renewals.reserved_lines import reserved_of
from portal.enums import Method, NoticeKind, ProductKind
from portal.rules.renewals.snapshot import Announced, Entitlement, Notice, RenewalMethod, Reserved, Snapshot
from portal.store.prepared import Prepared


def contents_of(account: Account) -> Snapshot:
    """A smaller snapshot: entitlements, renewal method, announcements and reservation, without orders and sent notices."""
    entitlements = _entitlements(Account.newest_terms_of([account.id]))
    renewal = _renewals({account.id: _ends(entitlements)})[account.id]
    about = {"announced": renewal.announced, "reserved": renewal.reserved}
    return Snapshot(account.plan, entitlements, renewal.method, **about, **_closing(account))


def snapshot_of(account: Account, *, with_sent_notices: bool = False, terms: list[Term] | None = None) -> Snapshot:
    """The full snapshot of the account. `with_sent_notices`: include the sent notices, which only the worker needs.

    `terms`: the account's terms, if the caller has read them already.
    """
    [found] = snapshots_of([account], with_sent_notices=with_sent_notices, terms=terms)
    return found


def snapshots_of(accounts: Sequence[Account], *, with_sent_notices: bool = False, terms: list[Term] | None = None) -> list[Snapshot]:
    """The same for several accounts, in their order."""
    by_account: dict[int, list[Term]] = defaultdict(list)
    for term in Account.newest_terms_of([account.id for account in accounts]) if terms is None else terms:
        by_account[term.subscription.account_id].append(term)
    entitlements = {number: _entitlements(found) for number, found in by_account.items()}
    ends = {number: _ends(found) for number, found in entitlements.items()}
    renewals = _renewals(ends)
    orders = orders_of(ends, {number: renewal.set_at for number, renewal in renewals.items()})
    sent = _sent_notices(ends) if with_sent_notices else {}

    def snapshot(account: Account) -> Snapshot:
        if account.id not in entitlements:
            return Snapshot(account.plan)
        renewal, placed = renewals[account.id], orders[account.id]
        notices, turned_off_on = sent.get(account.id, (frozenset(), None))
        about = vars(placed) | {"announced": renewal.announced, "reserved": renewal.reserved}
        about |= {"sent_notices": notices, "turned_off_on": turned_off_on} | _closing(account)
        return Snapshot(account.plan, _checked(entitlements[account.id], placed), renewal.method, **about)

    return [snapshot(account) for account in accounts]


def _checked(entitlements: tuple[Entitlement, ...], placed: Orders) -> tuple[Entitlement, ...]:
    """Those whose payment staff undid, while the same order is awaited again, say so. Few accounts have one: only they are asked about."""
    if not any(mine.runs_until and not mine.is_cancelled for mine in entitlements):
        return entitlements
    awaited = [order for order in (placed.open_order, *placed.beside) if order and history.was_undone(order.number)]
    again = frozenset[int]().union(*(order.subscriptions for order in awaited))
    return tuple(replace(mine, is_checked_again=bool(mine.runs_until) and mine.subscription in again) for mine in entitlements)


def _closing(account: Account) -> dict[str, object]:
    reopened_on = account.reopened_at and clock.day_of(account.reopened_at)
    return {"is_closed": account.is_closed, "is_held": account.is_held, "reopened_on": reopened_on}


def entitlement_of(term: Term) -> Entitlement:
    bought, line = term.subscription, term.order_line
    imported_on = clock.day_of(bought.created_at)
    paid_on, known_on = (_paid_day(term.order), term.order.closed_on) if term.order else (imported_on, imported_on)
    return Entitlement(
        bought.id,
        bought.product,
        ProductKind(bought.kind),
        line.variant,
        line.name,
        line.quantity + term.added,
        line.months,
        line.monthly_yen,
        line.yen + term.added_yen * line.months,
        term.starts_on,
        term.ends_on,
        paid_on,
        bought.renews,
        line.is_last_time,
        bought.stopped_on,
        bought.stopped_until,
        known_on,
        bought.runs_until,
        term.is_undone,
        bought.cancelled_on is not None,
        term.added,
        bought.switched_on,
        bought.common_name,
    )


def _paid_day(order: Order) -> date:
    """The day when the order was paid (undone: placed). If the worker charged it too late, the end of the term before."""
    if order.paid_on is None:
        return clock.day_of(order.placed_at)
    is_late = order.is_automatic and clock.day_of(order.created_at) > order.renews_end
    return min(order.paid_on, order.renews_end) if is_late else order.paid_on


def _entitlements(terms: Iterable[Term]) -> tuple[Entitlement, ...]:
    """The newest term of each subscription. `terms` must be sorted by day."""
    return tuple({term.subscription_id: entitlement_of(term) for term in terms}.values())


def _ends(entitlements: Iterable[Entitlement]) -> set[date]:
    return {entitlement.ends_on for entitlement in entitlements}


@dataclass(frozen=True)
class _Renewal:
    """The renewal method, the reservation and the announcements. `set_at`: when the method was set."""

    method: RenewalMethod | None = None
    set_at: datetime | None = None
    reserved: Reserved | None = None
    announced: Mapping[date, Announced] = field(default_factory=dict)


def _renewals(ends: Mapping[int, set[date]]) -> dict[int, _Renewal]:
    """Read them in one query, by account; the announcements only for these ends."""
    rows: dict[int, list[RenewalSetting]] = defaultdict(list)
    for row in _settings(list(ends), sorted(set().union(*ends.values()))) if ends else ():
        rows[row.account_id].append(row)
    return {number: _renewal(rows[number], mine) if rows[number] else _Renewal() for number, mine in ends.items()}


@Prepared
def _settings(accounts: list[Any], ends: list[Any]) -> Query:
    owner, announced = RenewalSetting.account, Announcement.ends_on.in_(ends)
    method = (PaymentMethod.id, PaymentMethod.expires, PaymentMethod.label, PaymentMethod.brand, PaymentMethod.last4)  # and no token
    query = RenewalSetting.select(RenewalSetting, Reservation, *method, Announcement).join(PaymentMethod)
    query = query.join_from(RenewalSetting, Reservation, JOIN.LEFT_OUTER, on=(Reservation.account == owner), attr="reserved")
    query = query.join_from(RenewalSetting, Announcement, JOIN.LEFT_OUTER, on=(Announcement.account == owner) & announced, attr="announced")
    return query.where(owner.in_(accounts))


def _renewal(rows: list[RenewalSetting], ends: set[date]) -> _Renewal:
    """Of one account: a row for each announcement."""
    setting, reservation = rows[0], getattr(rows[0], "reserved", None)
    reserved = reserved_of(reservation) if reservation and reservation.content else None
    found = [row.announced for row in rows if getattr(row, "announced", None) and row.announced.ends_on in ends]
    announced = {row.ends_on: Announced(row.announced_on, _yen_by_subscription(row.content), row.charge_on) for row in found}
    return _Renewal(_renewal_method(setting), setting.updated_at, reserved, announced)


def _renewal_method(setting: RenewalSetting) -> RenewalMethod:
    found, known_on = setting.payment_method, clock.day_of(setting.updated_at)
    return RenewalMethod(Method(setting.method), setting.set_on, setting.wallet_day, found.expires, found.paid_with, known_on)


def _yen_by_subscription(content: str) -> dict[int, int]:
    return {int(number): yen for number, yen in json.loads(content).items()}


def _sent_notices(ends: Mapping[int, set[date]]) -> dict[int, tuple[frozenset[Notice], date | None]]:
    """By account: the notices about these ends, and the day of the newest reset."""
    sent: dict[int, set[Notice]] = defaultdict(set)
    resets: dict[int, list[date]] = defaultdict(list)
    for row in _notices(list(ends), sorted(set().union(*ends.values()))) if ends else ():
        if row.ends_on in ends[row.account_id]:
            sent[row.account_id].add(Notice(NoticeKind(row.kind), row.ends_on, row.which, row.subscription_id))
        if row.kind == NoticeKind.RESET:
            resets[row.account_id].append(clock.day_of(row.written_at))
    return {number: (frozenset(sent[number]), max(resets[number], default=None)) for number in ends}


@Prepared
def _notices(accounts: list[Any], ends: list[Any]) -> Query:
    concerned = SentNotice.ends_on.in_(ends) | (SentNotice.kind == NoticeKind.RESET)
    return SentNotice.select().where(SentNotice.account.in_(accounts), concerned)

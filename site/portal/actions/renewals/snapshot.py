"""Reads the snapshot of an account for the renewal rules, in a fixed number of queries."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from peewee import JOIN

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
from portal.actions.renewals.order_snapshot import orders_of
from portal.actions.renewals.reserved_lines import reserved_of
from portal.enums import Method, NoticeKind, ProductKind
from portal.rules.renewals.snapshot import Announced, Entitlement, Notice, RenewalMethod, Reserved, Snapshot


def contents_of(account: Account) -> Snapshot:
    """A smaller snapshot: entitlements, renewal method, announcements and reservation, without orders and sent notices."""
    entitlements = _entitlements(account.terms)
    renewal = _renewal(account, {entitlement.ends_on for entitlement in entitlements})
    about = {"announced": renewal.announced, "reserved": renewal.reserved}
    return Snapshot(account.plan, entitlements, renewal.method, **about, **_closing(account))


def snapshot_of(account: Account, *, with_sent_notices: bool = False, terms: list[Term] | None = None) -> Snapshot:
    """The full snapshot of the account. `with_sent_notices`: include the sent notices, which only the worker needs.

    `terms`: the account's terms, if the caller has read them already.
    """
    entitlements = _entitlements(account.terms if terms is None else terms)
    if not entitlements:
        return Snapshot(account.plan)
    ends = {entitlement.ends_on for entitlement in entitlements}
    renewal = _renewal(account, ends)
    open_order, beside, holds, charge_attempts = orders_of(account, entitlements, renewal.set_at)
    sent, turned_off_on = _sent_notices(account, ends) if with_sent_notices else (frozenset(), None)
    about = {"open_order": open_order, "beside": beside, "holds": holds, "charge_attempts": charge_attempts, "announced": renewal.announced}
    about |= {"reserved": renewal.reserved, "sent_notices": sent, "turned_off_on": turned_off_on} | _closing(account)
    return Snapshot(account.plan, entitlements, renewal.method, **about)


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


@dataclass(frozen=True)
class _Renewal:
    """The renewal method, the reservation and the announcements. `set_at`: when the method was set."""

    method: RenewalMethod | None = None
    set_at: datetime | None = None
    reserved: Reserved | None = None
    announced: Mapping[date, Announced] = field(default_factory=dict)


def _renewal(account: Account, ends: set[date]) -> _Renewal:
    """Read them in one query; the announcements only for these ends."""
    owner, announced = RenewalSetting.account, Announcement.ends_on.in_(ends)
    query = RenewalSetting.select(RenewalSetting, Reservation, PaymentMethod, Announcement).join(PaymentMethod)
    query = query.join_from(RenewalSetting, Reservation, JOIN.LEFT_OUTER, on=(Reservation.account == owner), attr="reserved")
    query = query.join_from(RenewalSetting, Announcement, JOIN.LEFT_OUTER, on=(Announcement.account == owner) & announced, attr="announced")
    rows = list(query.where(owner == account))
    if not rows:
        return _Renewal()
    setting, reservation = rows[0], getattr(rows[0], "reserved", None)
    reserved = reserved_of(reservation) if reservation and reservation.content else None
    found = [row.announced for row in rows if getattr(row, "announced", None) and row.announced.ends_on]
    announced = {row.ends_on: Announced(row.announced_on, _yen_by_subscription(row.content), row.charge_on) for row in found}
    return _Renewal(_renewal_method(setting), setting.updated_at, reserved, announced)


def _renewal_method(setting: RenewalSetting) -> RenewalMethod:
    found, known_on = setting.payment_method, clock.day_of(setting.updated_at)
    return RenewalMethod(Method(setting.method), setting.set_on, setting.wallet_day, found.expires, found.paid_with, known_on)


def _yen_by_subscription(content: str) -> dict[int, int]:
    return {int(number): yen for number, yen in json.loads(content).items()}


def _sent_notices(account: Account, ends: set[date]) -> tuple[frozenset[Notice], date | None]:
    """The notices about these ends, and the day of the newest reset."""
    concerned = SentNotice.ends_on.in_(ends) | (SentNotice.kind == NoticeKind.RESET)
    rows = list(SentNotice.select().where(SentNotice.account == account, concerned))
    resets = [clock.day_of(row.written_at) for row in rows if row.kind == NoticeKind.RESET]
    sent = (Notice(NoticeKind(row.kind), row.ends_on, row.which, row.subscription_id) for row in rows if row.ends_on)
    return frozenset(sent), max(resets, default=None)

"""What the rules need to know of an account, read in a few queries, whatever the number of its rows."""

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
from portal.actions.renewals.order_facts import orders_of
from portal.actions.renewals.reserved_lines import reserved_of
from portal.enums import Method, NoticeKind, ProductKind
from portal.rules.renewals.snapshot import Announced, Entitlement, Notice, RenewalMethod, Reserved, Snapshot


def contents_of(account: Account) -> Snapshot:
    """What the customer has, and how it renews; nothing of the orders that decide when."""
    renewal = _renewal(account, set())
    return Snapshot(account.plan, _entitlements(account.terms), renewal.method, reserved=renewal.reserved)


def snapshot_of(account: Account, *, with_sent_notices: bool = False, terms: list[Term] | None = None) -> Snapshot:
    """Everything that decides what happens to the contract. `with_sent_notices`: also which are out, for whoever sends them.

    `terms` are those of the account, where they have been read.
    """
    entitlements = _entitlements(account.terms if terms is None else terms)
    if not entitlements:
        return Snapshot(account.plan)
    ends = {entitlement.ends_on for entitlement in entitlements}
    renewal = _renewal(account, ends)
    open_order, holds, charge_attempts = orders_of(account, entitlements, renewal.set_at)
    sent, turned_off_on = _sent_notices(account, ends) if with_sent_notices else (frozenset(), None)
    about = {"open_order": open_order, "holds": holds, "charge_attempts": charge_attempts, "announced": renewal.announced}
    about |= {"reserved": renewal.reserved, "sent_notices": sent, "turned_off_on": turned_off_on}
    return Snapshot(account.plan, entitlements, renewal.method, **about)


def entitlement_of(term: Term) -> Entitlement:
    bought, line, order = term.subscription, term.order_line, term.order
    return Entitlement(
        bought.id,
        bought.product,
        ProductKind(bought.kind),
        line.variant,
        line.name,
        line.quantity,
        line.months,
        line.monthly_yen,
        line.yen,
        term.starts_on,
        term.ends_on,
        _due_to_be_paid(order),
        bought.renews,
        line.is_last_time,
        bought.stopped_on,
        bought.stopped_until,
        order.closed_on,
    )


def _due_to_be_paid(order: Order) -> date:
    """When it was paid; what a worker began to charge too late counts as paid when the term before it ended."""
    is_late = order.is_automatic and clock.day_of(order.created_at) > order.renews_end
    return min(order.paid_on, order.renews_end) if is_late else order.paid_on


def _entitlements(terms: Iterable[Term]) -> tuple[Entitlement, ...]:
    """The newest term of everything: they come in the order of their days."""
    return tuple({term.subscription_id: entitlement_of(term) for term in terms}.values())


@dataclass(frozen=True)
class _Renewal:
    """How the account renews, what is reserved, and what was announced. `set_at`: when the method was set."""

    method: RenewalMethod | None = None
    set_at: datetime | None = None
    reserved: Reserved | None = None
    announced: Mapping[date, Announced] = field(default_factory=dict)


def _renewal(account: Account, ends: set[date]) -> _Renewal:
    """One query. What was announced is read for these ends."""
    mine, announced = RenewalSetting.account, Announcement.ends_on.in_(ends)
    query = RenewalSetting.select(RenewalSetting, Reservation, PaymentMethod, Announcement).join(PaymentMethod)
    query = query.join_from(RenewalSetting, Reservation, JOIN.LEFT_OUTER, on=(Reservation.account == mine), attr="reserved")
    query = query.join_from(RenewalSetting, Announcement, JOIN.LEFT_OUTER, on=(Announcement.account == mine) & announced, attr="announced")
    rows = list(query.where(mine == account))
    if not rows:
        return _Renewal()
    setting, reservation = rows[0], getattr(rows[0], "reserved", None)
    reserved = reserved_of(reservation) if reservation and reservation.content else None
    found = [row.announced for row in rows if getattr(row, "announced", None) and row.announced.ends_on]
    announced = {row.ends_on: Announced(row.announced_on, _by_number(row.content), row.charge_on) for row in found}
    return _Renewal(_renewal_method(setting), setting.updated_at, reserved, announced)


def _renewal_method(setting: RenewalSetting) -> RenewalMethod:
    found, known_on = setting.payment_method, clock.day_of(setting.updated_at)
    return RenewalMethod(Method(setting.method), setting.set_on, setting.wallet_day, found.expires, found.paid_with, known_on)


def _by_number(content: str) -> dict[int, int]:
    return {int(number): yen for number, yen in json.loads(content).items()}


def _sent_notices(account: Account, ends: set[date]) -> tuple[frozenset[Notice], date | None]:
    """The notices about these ends, and the day of the newest reset."""
    concerned = SentNotice.ends_on.in_(ends) | (SentNotice.kind == NoticeKind.RESET)
    rows = list(SentNotice.select().where(SentNotice.account == account, concerned))
    resets = [clock.day_of(row.written_at) for row in rows if row.kind == NoticeKind.RESET]
    sent = (Notice(NoticeKind(row.kind), row.ends_on, row.which, row.subscription_id) for row in rows if row.ends_on)
    return frozenset(sent), max(resets, default=None)

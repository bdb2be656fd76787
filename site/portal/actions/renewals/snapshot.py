"""What the rules need to know of an account, read in a few queries, whatever the number of its rows."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from peewee import JOIN, fn

from models import (
    LIVE,
    Account,
    Allocation,
    Announcement,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    RenewalSetting,
    Reservation,
    SentNotice,
    Term,
)
from portal import clock
from portal.actions.renewals.reserved_lines import reserved_of
from portal.enums import Method, NoticeKind, OrderKind, OrderState, PaymentState, ProductKind
from portal.rules.renewals.snapshot import Announced, ChargeAttempt, Entitlement, Hold, Notice, OpenOrder, RenewalMethod, Reserved, Snapshot

NEVER_ARRIVED = "closed"  # what a company answers for a key that it refused before anything came under it
LOST_A_DAY = 2


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
    open_order, holds, charge_attempts = _orders(account, entitlements, renewal.set_at)
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


def _orders(
    account: Account, entitlements: tuple[Entitlement, ...], set_at: datetime | None
) -> tuple[OpenOrder | None, tuple[Hold, ...], tuple[ChargeAttempt, ...]]:
    ends = {entitlement.ends_on for entitlement in entitlements}
    automatic = (Order.kind == OrderKind.AUTO) & Order.renews_end.in_(ends)
    over = Order.closed_on >= min(ends).replace(day=1)
    received = Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).where(Allocation.order == Order.id).alias("received")
    query = Order.select(Order, Payment, received).join(Payment, JOIN.LEFT_OUTER, on=(Payment.order == Order.id), attr="attempt")
    rows = query.where(Order.account == account, automatic | (Order.state == OrderState.PLACED) | over).order_by(Order.id, Payment.attempt)
    orders: dict[int, Order] = {}
    attempts: dict[int, list[Payment]] = defaultdict(list)
    for row in rows:
        orders.setdefault(row.id, row)
        if getattr(row, "attempt", None) and row.attempt.id:
            attempts[row.id].append(row.attempt)
    subscriptions = _subscriptions([order for order in orders.values() if order.due_on or not order.is_paid])
    placed = next((order for order in orders.values() if order.is_placed), None)
    open_order = placed and _open_order(placed, attempts[placed.id], subscriptions[placed.id])
    holds = (hold for order in orders.values() for hold in _holds(order, attempts[order.id], subscriptions[order.id]))
    return open_order, tuple(holds), tuple(_charge_attempts(orders.values(), attempts, set_at))


def _holds(order: Order, attempts: list[Payment], subscriptions: set[int]) -> Iterable[Hold]:
    """When this order held automatic charges back: as a transfer until it was over, as a payment until the company had answered.

    An answer of the same day held nothing back.
    """
    by_hand = [attempt for attempt in attempts if not attempt.is_automatic]
    days = [(clock.day_of(attempt.created_at), clock.day_of(attempt.updated_at)) for attempt in by_hand if attempt.state not in LIVE]
    found = [(asked, answered) for asked, answered in days if asked < answered]
    if order.due_on and (order.closed_on or not order.is_by_transfer):
        found.append((clock.day_of(order.placed_at), order.closed_on or max((asked for asked, _ in days), default=order.due_on)))
    return [Hold(opened, closed, frozenset(subscriptions)) for opened, closed in found]


def _subscriptions(orders: list[Order]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if orders:
        lines = OrderLine.select(OrderLine.order, OrderLine.subscription)
        for line in lines.where(OrderLine.order.in_(orders), OrderLine.subscription.is_null(False)):
            found[line.order_id].add(line.subscription_id)
    return found


def _open_order(order: Order, attempts: list[Payment], subscriptions: set[int]) -> OpenOrder:
    return OpenOrder(
        order.number,
        OrderKind(order.kind),
        Method(order.method),
        clock.day_of(order.placed_at),
        frozenset(subscriptions),
        order.due_on,
        is_undecided=any(attempt.state in LIVE for attempt in attempts),
        is_partly=order.is_by_transfer and order.received > 0,
        renews_end=order.renews_end,
    )


def _charge_attempts(orders: Iterable[Order], attempts: dict[int, list[Payment]], set_at: datetime | None) -> Iterable[ChargeAttempt]:
    """Charges that were made by themselves. One that was given up unsent was never tried; an order that is paid is not charged again.

    Each is of the day on which its company answered: the days that passed until then do not come back, as its mail has said.
    What was refused for ever says nothing of a card or wallet that was `set_at` a later moment.
    """
    for order in orders:
        if not order.is_automatic:
            continue
        for attempt in attempts[order.id]:
            if attempt.is_automatic and _was_attempted(attempt, attempts[order.id]):
                is_refused = attempt.is_final and not (set_at and attempt.created_at < set_at)
                is_final = is_refused or attempt.state == PaymentState.SUCCEEDED
                yield ChargeAttempt(order.renews_end, clock.day_of(attempt.updated_at), is_final)
        if order.is_paid:
            yield ChargeAttempt(order.renews_end, order.paid_on, is_final=True)


def _was_attempted(attempt: Payment, others: list[Payment]) -> bool:
    if attempt.state in (PaymentState.CREATED, PaymentState.ABANDONED):
        return False
    return not (attempt.state == PaymentState.DECLINED and attempt.code == NEVER_ARRIVED and _is_early(attempt, others))


def was_lost_lately(payment: Payment) -> bool:
    """Whether a charge that never reached its company may be made again on the same day."""
    return _is_early(payment, list(payment.order.payments))


def _is_early(attempt: Payment, others: list[Payment]) -> bool:
    """Among the first that were lost on its day: the next may follow at once. Later ones wait for the next charge day."""
    day = clock.day_of(attempt.created_at)
    lost = [other.attempt for other in others if other.code == NEVER_ARRIVED and clock.day_of(other.created_at) == day]
    return sorted({*lost, attempt.attempt}).index(attempt.attempt) < LOST_A_DAY


def _sent_notices(account: Account, ends: set[date]) -> tuple[frozenset[Notice], date | None]:
    """The notices about these ends, and the day of the newest reset."""
    concerned = SentNotice.ends_on.in_(ends) | (SentNotice.kind == NoticeKind.RESET)
    rows = list(SentNotice.select().where(SentNotice.account == account, concerned))
    resets = [clock.day_of(row.written_at) for row in rows if row.kind == NoticeKind.RESET]
    sent = (Notice(NoticeKind(row.kind), row.ends_on, row.which, row.subscription_id) for row in rows if row.ends_on)
    return frozenset(sent), max(resets, default=None)

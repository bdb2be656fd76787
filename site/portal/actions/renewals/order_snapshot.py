"""Reads the orders of accounts for their snapshots: the open orders, the holds, and the automatic charge attempts. Two queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, Query, fn

from models import LIVE, Allocation, Order, OrderLine, Payment, TransferReport
from portal import clock
from portal.enums import Method, OrderKind, OrderState, PaymentState, ProductKind
from portal.rules.renewals.open_orders import Hold, OpenOrder
from portal.rules.renewals.snapshot import ChargeAttempt
from portal.store.prepared import Prepared

NEVER_ARRIVED = "closed"  # the company's code for a key that was closed before any request with it arrived
RETRIES_SAME_DAY = 2


@dataclass(frozen=True)
class Orders:
    """The orders of one account that matter for the ends of its terms: the open one, those beside it, holds and attempts."""

    open_order: OpenOrder | None
    beside: tuple[OpenOrder, ...]
    holds: tuple[Hold, ...]
    charge_attempts: tuple[ChargeAttempt, ...]


def orders_of(ends: Mapping[int, set[date]], set_at: Mapping[int, datetime | None]) -> dict[int, Orders]:
    """By account. `ends`: of its terms; `set_at`: when its renewal method was set."""
    orders, attempts = _read(ends)
    read = [order for mine in orders.values() for order in mine]
    subscriptions, buys = _contents([order for order in read if order.due_on or not order.is_paid])

    def found(number: int) -> Orders:
        mine = orders[number]
        placed = [_open_order(each, attempts[each.id], subscriptions[each.id], buys[each.id]) for each in mine if each.is_placed]
        open_order = next((order for order in placed if not order.is_addition), None)
        holds = (hold for order in mine for hold in _holds(order, attempts[order.id], subscriptions[order.id]))
        beside = tuple(order for order in placed if order.is_addition)
        return Orders(open_order, beside, tuple(holds), tuple(_charge_attempts(mine, attempts, set_at[number])))

    return {number: found(number) for number in ends}


def _read(ends: Mapping[int, set[date]]) -> tuple[dict[int, list[Order]], dict[int, list[Payment]]]:
    """Orders by account, and attempts by order."""
    orders: dict[int, list[Order]] = defaultdict(list)
    attempts: dict[int, list[Payment]] = defaultdict(list)
    for row in _rows(ends) if ends else ():
        if not _matters(row, ends[row.account_id]):
            continue
        mine = orders[row.account_id]
        if not mine or mine[-1].id != row.id:
            mine.append(row)
        if getattr(row, "attempt", None) and row.attempt.id:
            attempts[row.id].append(row.attempt)
    return orders, attempts


def _matters(order: Order, ends: set[date]) -> bool:
    """Those of other accounts, with other ends, are read by the same query."""
    is_recent = order.closed_on is not None and order.closed_on >= _since(ends)
    return order.is_placed or is_recent or (order.is_automatic and order.renews_end in ends)


def _since(ends: set[date]) -> date:
    return min(ends).replace(day=1)


def _rows(ends: Mapping[int, set[date]]) -> list[Order]:
    return _concerned(list(ends), sorted(set().union(*ends.values())), min(map(_since, ends.values())))


@Prepared
def _concerned(accounts: list[Any], ends: list[Any], since: Any) -> Query:
    automatic = (Order.kind == OrderKind.AUTO) & Order.renews_end.in_(ends)
    concerned = automatic | (Order.state == OrderState.PLACED) | (Order.closed_on >= since)
    received = Allocation.sum_for(Order.id).alias("received")
    reported = fn.EXISTS(TransferReport.select().where(TransferReport.order == Order.id)).alias("reported")
    query = Order.select(Order, Payment, received, reported).join(Payment, JOIN.LEFT_OUTER, on=(Payment.order == Order.id), attr="attempt")
    return query.where(Order.account.in_(accounts), concerned).order_by(Order.id, Payment.attempt)


def _holds(order: Order, attempts: list[Payment], subscriptions: set[int]) -> Iterable[Hold]:
    """The days on which this order put automatic charges on hold: a transfer until it was closed, a payment until its answer.

    A payment that was answered on the same day is no hold. An order of kind `add` concerns only the charge of its own subscriptions.
    """
    if order.is_addition and not subscriptions:
        return []
    by_hand = [attempt for attempt in attempts if not attempt.is_automatic]
    days = [(clock.day_of(attempt.created_at), clock.day_of(attempt.updated_at)) for attempt in by_hand if attempt.state not in LIVE]
    found = [(begun, answered) for begun, answered in days if begun < answered]
    if order.due_on and (order.closed_on or not order.is_by_transfer):
        found.append((clock.day_of(order.placed_at), order.closed_on or max((begun for begun, _ in days), default=order.due_on)))
    return [Hold(opened, closed, frozenset(subscriptions), is_addition=order.is_addition) for opened, closed in found]


def _contents(orders: list[Order]) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """Order id -> the subscriptions that it continues, and the products that it buys as new and that a customer has once."""
    continued: dict[int, set[int]] = defaultdict(set)
    bought: dict[int, set[str]] = defaultdict(set)
    for line in OrderLine.select().where(OrderLine.order.in_(orders)) if orders else ():
        if mine := line.subscription_id or line.undone_subscription_id:
            continued[line.order_id].add(mine)
        elif line.kind != ProductKind.CERTIFICATE and not line.part_of_id:
            bought[line.order_id].add(line.product)
    return continued, bought


def _open_order(order: Order, attempts: list[Payment], subscriptions: set[int], buys: set[str]) -> OpenOrder:
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
        adds=order.adds,
        buys=frozenset(buys),
        is_reported=bool(order.reported),
    )


def _charge_attempts(orders: Iterable[Order], attempts: dict[int, list[Payment]], set_at: datetime | None) -> Iterable[ChargeAttempt]:
    """The automatic charge attempts, dated by the company's answer. Abandoned attempts do not count. A paid order adds a final one.

    A final decline counts only for the method of that time, not for a card or wallet that was set later (`set_at`).
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
    return not (attempt.state == PaymentState.DECLINED and attempt.code == NEVER_ARRIVED and _may_repeat_today(attempt, others))


def may_repeat_today(payment: Payment) -> bool:
    """True if an attempt that never reached the company may be repeated on the same day."""
    return _may_repeat_today(payment, list(payment.order.payments))


def _may_repeat_today(attempt: Payment, others: list[Payment]) -> bool:
    """True for the first attempts of a day that never reached the company. After those, the next attempt is on the next charge day."""
    day = clock.day_of(attempt.created_at)
    lost = [other.attempt for other in others if other.code == NEVER_ARRIVED and clock.day_of(other.created_at) == day]
    return sorted({*lost, attempt.attempt}).index(attempt.attempt) < RETRIES_SAME_DAY

"""What the rules need to know of an account's orders: the open one, the holds, and the automatic charge attempts. Two queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from peewee import JOIN, fn

from models import LIVE, Account, Allocation, Order, OrderLine, Payment
from portal import clock
from portal.enums import Method, OrderKind, OrderState, PaymentState
from portal.rules.renewals.snapshot import ChargeAttempt, Entitlement, Hold, OpenOrder

NEVER_ARRIVED = "closed"  # what a company answers for a key that it refused before anything came under it
LOST_A_DAY = 2


def orders_of(
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

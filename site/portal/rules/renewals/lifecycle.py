"""契約終了, 停止中, 解約済: when a subscription that is not renewed comes to which, and until when it can still be paid without a gap.

All dates are inclusive dates in Japan.
"""

from collections.abc import Iterable, Set
from datetime import date, timedelta

from portal.enums import Method, ProductKind
from portal.rules.orders.quote import Line
from portal.rules.renewals.snapshot import Entitlement, OpenOrder, Snapshot
from portal.rules.transfers.business_days import business_day_after
from portal.rules.transfers.due_dates import BUSINESS_DAYS_OF_GRACE, due_day, expiry_day

DAYS_STOPPED = 14
DAYS_AHEAD = 7


def stop_day(snapshot: Snapshot, entitlement: Entitlement, closed: Set[date] = frozenset()) -> date | None:
    """The day on which 停止中 begins: after the end; with an open bank order on the fourth bank business day.

    None while a company has not answered yet.
    """
    order = _open_order_for(snapshot, entitlement)
    if order and order.is_undecided:
        return None
    if order and order.method is Method.BANK:
        return business_day_after(entitlement.ends_on, BUSINESS_DAYS_OF_GRACE, closed)
    return entitlement.ends_on + timedelta(days=1)


def last_day_to_pay(stopped_on: date) -> date:
    """停止中 lasts 14 days from the day it began; the term can be paid without a gap in them."""
    return stopped_on + timedelta(days=DAYS_STOPPED - 1)


def deletion_day(snapshot: Snapshot, entitlement: Entitlement, stopped_on: date, closed: Set[date] = frozenset()) -> date | None:
    """The day on which it becomes 解約済. Later while an open bank order may still be paid; None while money is on its way.

    Any order of the account holds the server back, for with the server everything ends.
    """
    usual = stopped_on + timedelta(days=DAYS_STOPPED)
    order = snapshot.open_order if entitlement.kind is ProductKind.SERVER else _open_order_for(snapshot, entitlement)
    if order is None:
        return usual
    if order.is_on_its_way:
        return None
    return max(usual, expiry_day(order.due_on, frozenset(closed))) if order.due_on and order.method is Method.BANK else usual


def due_day_for_ended(holding_ends_on: date, stopped_on: date | None, placed_on: date) -> date:
    """Until when a transfer for a term that has ended is waited for: 14 days, but not beyond the last day of 停止中."""
    usual = due_day(placed_on)
    if placed_on <= holding_ends_on:
        return usual
    return max(placed_on, min(usual, last_day_to_pay(stopped_on or holding_ends_on + timedelta(days=1))))


def due_day_of(lines: Iterable[Line], entitlements: Iterable[Entitlement], placed_on: date) -> date:
    """Until when the transfer for all of these is waited for: none of what they renew may be over by then."""
    stopped = {entitlement.subscription: entitlement.stopped_on for entitlement in entitlements}
    renewing = [(line.previous_end, stopped.get(line.subscription)) for line in lines if line.previous_end]
    return min((due_day_for_ended(*end, placed_on) for end in renewing), default=due_day(placed_on))


def _open_order_for(snapshot: Snapshot, entitlement: Entitlement) -> OpenOrder | None:
    order = snapshot.open_order
    return order if order and entitlement.subscription in order.subscriptions else None

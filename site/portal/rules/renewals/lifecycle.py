"""The days of 停止中 and 解約済 for one subscription that is not renewed. What is said of them, and done, comes from `endings`.

All dates are inclusive dates in Japan. Source: the company's guide.
"""

from collections.abc import Iterable, Iterator, Set
from datetime import date, timedelta

from portal.catalog import Catalog, RenewalNumbers
from portal.enums import ProductKind
from portal.rules.orders.quote import Line
from portal.rules.payments.methods import row_of
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.rules.transfers.business_days import business_day_after
from portal.rules.transfers.due_dates import BUSINESS_DAYS_OF_GRACE, expiry_day


def stop_day(snapshot: Snapshot, entitlement: Entitlement, closed: Set[date]) -> date | None:
    """The first day of 停止中: the day after the end. If a bank order that renews it is open on that day, it begins on the earlier of
    its 期限切れ and the fourth bank business day after the end. `closed`: the company's closed days. Never while it may still be used
    because its payment was undone.

    None while an attempt to pay it has no answer.
    """
    order, day_after = _open_order_for(snapshot, entitlement), entitlement.usable_until + timedelta(days=1)
    if order and order.is_undecided:
        return None
    if order is None or not row_of(order.method).is_paid_later:
        return day_after
    fourth = business_day_after(entitlement.ends_on, BUSINESS_DAYS_OF_GRACE, closed)
    return max(day_after, min(fourth, expires_on(order, closed) or fourth))


def expires_on(order: OpenOrder, closed: Set[date]) -> date | None:
    """The day on which a bank order becomes 期限切れ, also a partly paid one. None for other methods."""
    if order.due_on is None or not row_of(order.method).is_paid_later:
        return None
    return expiry_day(order.due_on, closed)


def last_day_to_pay(stopped_on: date, numbers: RenewalNumbers) -> date:
    """The last day of 停止中, when the term can still be paid. Its length is in the catalog (the company's guide: 14 days inclusive)."""
    return stopped_on + timedelta(days=numbers.stopped_days - 1)


def payable_until(entitlement: Entitlement, stopped_on: date, numbers: RenewalNumbers) -> date:
    """The last day to pay. If it is stopped already, the day announced then counts, even if the catalog has changed."""
    return entitlement.stopped_until or last_day_to_pay(stopped_on, numbers)


def deletion_day(snapshot: Snapshot, entitlement: Entitlement, stopped_on: date, catalog: Catalog) -> date | None:
    """The day on which it becomes 解約済. Later if an open bank order may still be paid; None while a payment is in progress.

    For the server, any open order of the account delays it, because everything ends with the server.
    """
    usual = payable_until(entitlement, stopped_on, catalog.renewal) + timedelta(days=1)
    is_server = entitlement.kind is ProductKind.SERVER
    orders = snapshot.open_orders if is_server else [order for order in (_open_order_for(snapshot, entitlement),) if order]
    if any(order.is_undecided for order in orders):
        return None
    return max(usual, *(expires_on(order, catalog.closed_days) or usual for order in orders)) if orders else usual


def renewed_terms(lines: Iterable[Line], entitlements: Iterable[Entitlement], numbers: RenewalNumbers) -> Iterator[tuple[date, date]]:
    """For each line that is a renewal: the end of the old term, and the last day to pay without a gap."""
    known = {entitlement.subscription: entitlement for entitlement in entitlements}
    for line in lines:
        if line.previous_end is None:
            continue
        entitlement, stopped_on = known.get(line.subscription), line.previous_end + timedelta(days=1)
        if entitlement and entitlement.stopped_on:
            yield line.previous_end, payable_until(entitlement, entitlement.stopped_on, numbers)
        else:
            yield line.previous_end, last_day_to_pay(stopped_on, numbers)


def _open_order_for(snapshot: Snapshot, entitlement: Entitlement) -> OpenOrder | None:
    return next((order for order in snapshot.open_orders if entitlement.subscription in order.subscriptions), None)

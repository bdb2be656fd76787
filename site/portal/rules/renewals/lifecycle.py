"""契約終了, 停止中, 解約済: the days of each for a subscription that is not renewed, and its last day to pay without a gap.

All dates are inclusive dates in Japan. Source: the company's guide.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta

from portal.catalog import Catalog, RenewalNumbers
from portal.enums import ProductKind
from portal.rules.orders.quote import Line
from portal.rules.payments.methods import row_of
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.rules.transfers.business_days import business_day_after
from portal.rules.transfers.due_dates import BUSINESS_DAYS_OF_GRACE, expiry_day

DELETION_NOTICE_DAYS = 7


@dataclass(frozen=True)
class Ending:
    """How one subscription ends if nobody pays: 停止中 from `stops_on`, payable until `pay_until`, 解約済 on `deleted_on`.

    `stops_on` and `deleted_on` are None while a payment is in progress. `is_with_server`: it is deleted together with its server, whose
    term ends earlier; `stops_on` is None if that comes before its own end.
    """

    stops_on: date | None
    deleted_on: date | None
    pay_until: date
    is_with_server: bool = False


def ending(snapshot: Snapshot, entitlement: Entitlement, today: date, catalog: Catalog, *, is_server_renewed: bool) -> Ending:
    """The end of this subscription. An option never outlives its server, unless that is renewed automatically (`is_server_renewed`).

    If the worker is late, 停止中 begins today, so the customer always has all its days.
    """
    own, server = _own_ending(snapshot, entitlement, today, catalog), snapshot.server
    if server is None or server.subscription == entitlement.subscription or is_server_renewed:
        return own
    of_server = _own_ending(snapshot, server, today, catalog)
    over = of_server.deleted_on
    if over is None or (own.deleted_on and own.deleted_on <= over):
        return own
    stops_on = own.stops_on if own.stops_on and own.stops_on < over else None
    return Ending(stops_on, over, min(own.pay_until, of_server.pay_until), is_with_server=True)


def _own_ending(snapshot: Snapshot, entitlement: Entitlement, today: date, catalog: Catalog) -> Ending:
    planned = stop_day(snapshot, entitlement, catalog.closed_days)
    stops_on = entitlement.stopped_on or (planned and max(planned, today))
    deleted_on = stops_on and deletion_day(snapshot, entitlement, stops_on, catalog)
    return Ending(stops_on, deleted_on, payable_until(entitlement, stops_on or entitlement.ends_on + timedelta(days=1), catalog.renewal))


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
    order = snapshot.open_order if entitlement.kind is ProductKind.SERVER else _open_order_for(snapshot, entitlement)
    if order is None:
        return usual
    if order.is_undecided:
        return None
    return max(usual, expires_on(order, catalog.closed_days) or usual)


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
    order = snapshot.open_order
    return order if order and entitlement.subscription in order.subscriptions else None

"""The counts beside the lists in the menu of staff. They are columns of the query that reads the session: no query of their own."""

from typing import Any

from peewee import fn

from models import Allocation, HostingEvent, Mail, Order, Payment
from portal.enums import AllocationSource, HostingEventState, MailState, Method, OrderState, PaymentState


def columns() -> list[Any]:
    """`awaited`, `rests`, `attention`, `failed_mails`, `failed_events`: the numbers of rows in the lists of the same names."""
    awaited = Order.select(fn.COUNT(Order.id)).where(Order.state == OrderState.PLACED, Order.method == Method.BANK)
    troubled = Order.select(fn.COUNT(Order.id)).where(is_troubled())
    rests = Allocation.select(fn.COUNT(Allocation.id)).where(_is_rest())
    unclaimed = Allocation.select(fn.COUNT(Allocation.id)).where(is_unclaimed())
    mails = Mail.select(fn.COUNT(Mail.id)).where(Mail.state == MailState.FAILED)
    events = HostingEvent.select(fn.COUNT(HostingEvent.id)).where(HostingEvent.is_unsent(), HostingEvent.state == HostingEventState.FAILED)
    attention = (_value(troubled) + _value(unclaimed) + _value(rests) + _value(events)).alias("attention")
    named = {"awaited": awaited, "rests": rests, "failed_mails": mails, "failed_events": events}
    return [attention, *(_value(query).alias(name) for name, query in named.items())]


def is_troubled() -> Any:
    """A query condition: an attempt to pay the order has no result, or was declined and the order still waits for money."""
    attempts = Payment.alias()
    of_state = lambda state: Order.id.in_(attempts.select(attempts.order).where(attempts.state == state))  # noqa: E731
    return of_state(PaymentState.UNKNOWN) | ((Order.state == OrderState.PLACED) & of_state(PaymentState.DECLINED))


def is_unclaimed() -> Any:
    """A query condition: money that a company took and that no order could take."""
    return Allocation.order.is_null() & Allocation.source.in_([AllocationSource.CARD, AllocationSource.WALLET])


def _is_rest() -> Any:
    """The row of a deposit's rest, unless all of it was returned. Read by a partial index, however many deposits there are."""
    given = Allocation.alias()
    is_given = (given.deposit == Allocation.deposit) & (given.source == AllocationSource.RETURNED) & given.order.is_null()
    returned = given.select(fn.COALESCE(fn.SUM(fn.ABS(given.yen)), 0)).where(is_given)
    return Allocation.order.is_null() & (Allocation.source == AllocationSource.BANK) & (Allocation.yen > returned)


def _value(query: Any) -> Any:
    return fn.COALESCE(query, 0)

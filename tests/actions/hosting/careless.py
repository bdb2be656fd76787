"""Sending events without claims, ordering or crash safety: the negative control of the tests here."""

from models import HostingEvent
from portal import clock
from portal.enums import HostingEventState
from portal.gateways.hosting import Hosting, Refused, Unavailable

WAITS = HostingEvent.state == HostingEventState.WAITING


def send_all(hosting: Hosting) -> int:
    """No claim and no ordering per contract."""
    return sum(_send(event, hosting) for event in HostingEvent.select().where(WAITS).order_by(HostingEvent.id))


def mark_first(hosting: Hosting) -> None:
    """Marks the event as sent before it is sent."""
    for event in HostingEvent.select().where(WAITS):
        event.mark_sent(clock.now())
        hosting.send(event.key, event.body)


def _send(event: HostingEvent, hosting: Hosting) -> bool:
    try:
        hosting.send(event.key, event.body)
    except (Refused, Unavailable):
        return False
    return event.mark_sent(clock.now())

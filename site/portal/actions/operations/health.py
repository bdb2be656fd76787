"""How the system is: the worker's last sign of life, what waits for longest, and the free disk. Only reads."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from peewee import SQL, Select, fn

from models import LIVE, Account, Dispute, Event, Heartbeat, HostingEvent, Mail, Payment, as_literals
from portal import clock
from portal.enums import MailState, SystemTrouble
from portal.rules.operations.health import Health, Trouble, troubles
from portal.store import database as store

BOOKS_STAND_FOR = timedelta(days=7)  # a difference with a payment company is told of
UNSENT = (MailState.WAITING, MailState.SENDING)


def health() -> Health:
    """Two queries. Raises what peewee raises if the database is away."""
    mails = Mail.select(fn.MIN(Mail.created_at)).where(Mail.state.in_(as_literals(UNSENT)))
    payments = Payment.select(fn.MIN(Payment.next_lookup_at)).where(Payment.state.in_(as_literals(LIVE)))
    events = HostingEvent.select(fn.MIN(HostingEvent.created_at)).where(HostingEvent.is_unsent())
    books = Event.select(fn.MIN(Event.at)).where(Event.to_state == SQL("'difference'"), Event.at > clock.now() - BOOKS_STAND_FOR)
    disputes = Dispute.select(fn.MIN(Dispute.created_at)).where(Dispute.checked_at.is_null(), Dispute.respond_by > clock.now())
    named = {"mail": mails, "payment": payments, "event": events, "books": books, "dispute": disputes}
    [waiting] = Select(columns=[query.alias(name) for name, query in named.items()]).dicts().execute(store.database)
    everybody = list(Heartbeat.select().order_by(Heartbeat.at.desc()))
    beats = [beat for beat in everybody if beat.name != Heartbeat.OUTDATED]
    return Health(
        worker_at=beats[0].at if beats else None,
        is_worker_expected=any(beat.expected_by >= clock.real_now() for beat in beats),
        worker_trouble=beats[0].trouble if beats else "",
        mail_since=_instant(waiting["mail"]),
        payment_since=_instant(waiting["payment"]),
        hosting_since=_instant(waiting["event"]),
        is_catalog_outdated=any(beat.name == Heartbeat.OUTDATED and beat.expected_by >= clock.real_now() for beat in everybody),
        books_since=_instant(waiting["books"]),
        dispute_since=_instant(waiting["dispute"]),
        free_bytes=free_bytes(),
    )


def gauges() -> dict[str, float]:
    """Three queries. Ages in seconds: 0 where nothing waits. Without the worker's age while no worker has ever been seen."""
    found, now = health(), clock.now()
    mails = Mail.select(fn.COUNT(Mail.id)).where(Mail.state.in_(as_literals(UNSENT)))
    payments = Payment.select(fn.COUNT(Payment.id)).where(Payment.state.in_(as_literals(LIVE)))
    events = HostingEvent.select(fn.COUNT(HostingEvent.id)).where(HostingEvent.is_unsent())
    [waiting] = Select(columns=[mails.alias("mails"), payments.alias("payments"), events.alias("events")]).dicts().execute(store.database)
    since = {"mails": found.mail_since, "payments": found.payment_since, "events": found.hosting_since}
    values: dict[str, float] = {"portal_database_up": 1, "portal_worker_up": int(found.is_worker_expected)}
    if found.worker_at:
        values["portal_worker_heartbeat_age_seconds"] = _seconds(found.worker_at, clock.real_now())
    values |= {f'portal_waiting{{what="{what}"}}': count for what, count in waiting.items()}
    values |= {f'portal_oldest_waiting_age_seconds{{what="{what}"}}': _seconds(at, now) for what, at in since.items()}
    if found.free_bytes is not None:
        values["portal_free_disk_bytes"] = found.free_bytes
    standing = {trouble.kind for trouble in troubles(found, now, clock.real_now())}
    return values | {f'portal_trouble{{kind="{kind.value}"}}': int(kind in standing) for kind in SystemTrouble}


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0


def standing_troubles() -> list[Trouble]:
    return troubles(health(), clock.now(), clock.real_now())


def bounced_mails(limit: int = 20) -> list[Mail]:
    """Customers whose address did not take the newest mail to it: that mail, with its account."""
    return list(Mail.select(Mail, Account).join(Account).where(Mail.has_bounced()).order_by(Mail.id.desc()).limit(limit))


def free_bytes() -> int | None:
    """Of the disk with the database's file; for PostgreSQL, of this program's own folder. None if it cannot be said."""
    try:
        return shutil.disk_usage(store.folder() or Path.cwd()).free
    except OSError:
        return None


def _instant(value: datetime | str | None) -> datetime | None:
    """SQLite gives the result of MIN as text."""
    return Mail.created_at.python_value(value)

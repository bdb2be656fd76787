"""How the system is: the worker's last sign of life, what waits for longest, and the free disk. Only reads."""

import shutil
from datetime import datetime
from pathlib import Path

from peewee import Select, fn

from models import LIVE, Account, Heartbeat, HostingEvent, Mail, Payment, as_literals
from portal import clock
from portal.enums import MailState
from portal.rules.operations.health import Health, Trouble, troubles
from portal.store import database as store

UNSENT = (MailState.WAITING, MailState.SENDING)


def health() -> Health:
    """Two queries. Raises what peewee raises if the database is away."""
    mails = Mail.select(fn.MIN(Mail.created_at)).where(Mail.state.in_(as_literals(UNSENT)))
    payments = Payment.select(fn.MIN(Payment.next_lookup_at)).where(Payment.state.in_(as_literals(LIVE)))
    events = HostingEvent.select(fn.MIN(HostingEvent.created_at)).where(HostingEvent.is_unsent())
    [waiting] = Select(columns=[mails.alias("mail"), payments.alias("payment"), events.alias("event")]).dicts().execute(store.database)
    beats = list(Heartbeat.select().order_by(Heartbeat.at.desc()))
    return Health(
        worker_at=beats[0].at if beats else None,
        is_worker_expected=any(beat.expected_by >= clock.real_now() for beat in beats),
        worker_trouble=beats[0].trouble if beats else "",
        mail_since=_instant(waiting["mail"]),
        payment_since=_instant(waiting["payment"]),
        hosting_since=_instant(waiting["event"]),
        free_bytes=free_bytes(),
    )


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

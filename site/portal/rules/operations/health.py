"""What is wrong with the system as a whole, in sentences for staff: one function for 要確認, `/readyz` and the company's mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.enums import SystemTrouble

LATE = {SystemTrouble.MAIL: timedelta(hours=1), SystemTrouble.PAYMENTS: timedelta(minutes=15), SystemTrouble.HOSTING: timedelta(hours=1)}
LITTLE_SPACE = 500 * 1024 * 1024


@dataclass(frozen=True)
class Health:
    """`*_since`: since when the oldest one waits; None if none does. `worker_trouble`: the SystemTrouble that it pauses for, or ""."""

    worker_at: datetime | None
    is_worker_expected: bool
    worker_trouble: str
    mail_since: datetime | None
    payment_since: datetime | None
    hosting_since: datetime | None
    free_bytes: int | None
    books_since: datetime | None = None
    is_catalog_outdated: bool = False
    dispute_since: datetime | None = None


@dataclass(frozen=True)
class Trouble:
    kind: SystemTrouble
    since: datetime | None = None

    @property
    def sentence(self) -> str:
        return self.kind.label


def troubles(health: Health, now: datetime, real_now: datetime) -> list[Trouble]:
    """`now` is business time, as that of mails and payments; `real_now` is that of the worker."""
    return list(_troubles(health, now, real_now))


def _troubles(health: Health, now: datetime, real_now: datetime) -> Iterator[Trouble]:
    if not health.is_worker_expected:
        yield Trouble(SystemTrouble.WORKER, health.worker_at)
    elif health.worker_trouble:
        yield Trouble(SystemTrouble(health.worker_trouble), health.worker_at)
    waiting = ((SystemTrouble.MAIL, health.mail_since), (SystemTrouble.PAYMENTS, health.payment_since))
    for kind, since in (*waiting, (SystemTrouble.HOSTING, health.hosting_since)):
        if since and now - since > LATE[kind]:
            yield Trouble(kind, since)
    if health.is_catalog_outdated:
        yield Trouble(SystemTrouble.CATALOG)
    if health.books_since:
        yield Trouble(SystemTrouble.BOOKS, health.books_since)
    if health.dispute_since:
        yield Trouble(SystemTrouble.DISPUTES, health.dispute_since)
    if health.free_bytes is not None and health.free_bytes < LITTLE_SPACE:
        yield Trouble(SystemTrouble.DISK)

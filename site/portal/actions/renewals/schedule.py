"""Keeps the schedule in step with the catalog: after a change that counts, every account becomes due once.

Where two versions are in use at once, the worker that read its own last decides. Nothing goes back and forth.
"""

from datetime import date, datetime
from typing import Any

from models import Installation, Schedule
from portal.store.database import database
from portal.store.row_locks import RowIsLocked, skip_locked

AT_ONCE = 1_000  # accounts of one transaction: their customers wait for so long


def follow_catalog(sha256: str, today: date, *, read_at: datetime | None = None) -> bool:
    """Make every account due today if the catalog has changed. False if it has not, or if a newer one is in use.

    `read_at`: when this process read it, in real time. Raises RowIsLocked if somebody holds one of the accounts: the next run goes on.
    """
    if not is_new(sha256) or is_outdated(sha256, read_at):
        return False
    if not _make_due(today):
        raise RowIsLocked
    Installation.update(catalog_sha256=sha256, catalog_since=read_at).where(_is_another(sha256)).execute()
    return True


def is_new(sha256: str) -> bool:
    """True if the schedule was computed with another catalog. Changes nothing."""
    return Installation.select().where(_is_another(sha256)).exists()


def is_outdated(sha256: str, read_at: datetime | None) -> bool:
    """True if another catalog is in use, which was read later than this one."""
    return read_at is not None and Installation.select().where(_is_another(sha256), Installation.catalog_since > read_at).exists()


def how_many_are_due(today: date) -> int:
    return Schedule.select().where(Schedule.due_on <= today).count()


def _make_due(today: date) -> bool:
    """One account after another, in batches. False if some were locked."""
    last, is_whole = 0, True
    later = Schedule.due_on > today
    waiting = Schedule.select(Schedule.account).where(later).order_by(Schedule.account).limit(AT_ONCE)
    while batch := [row.account_id for row in waiting.where(Schedule.account > last)]:
        with database.atomic():
            free = skip_locked(Schedule.select(Schedule.account).where(later, Schedule.account.in_(batch)))
            Schedule.update(due_on=today).where(Schedule.account.in_(free)).execute()
            is_whole &= not Schedule.select().where(later, Schedule.account.in_(batch)).exists()
        last = batch[-1]
    return is_whole


def _is_another(sha256: str) -> Any:
    return Installation.catalog_sha256.is_null() | (Installation.catalog_sha256 != sha256)

"""Keeps the schedule in step with the catalog: after a catalog change, every account becomes due once."""

from datetime import date
from typing import Any

from models import Installation, Schedule
from portal.store.database import database
from portal.store.row_locks import RowIsLocked, skip_locked


def follow_catalog(sha256: str, today: date) -> bool:
    """Make every account due today if the catalog has changed. False if it has not.

    Raises RowIsLocked and changes nothing if another transaction has locked one of the rows; the next run does it.
    """
    if not is_new(sha256):
        return False
    with database.atomic():
        if not Installation.update(catalog_sha256=sha256).where(_is_another(sha256)).execute():
            return False
        later = Schedule.due_on > today
        Schedule.update(due_on=today).where(Schedule.account.in_(skip_locked(Schedule.select(Schedule.account).where(later)))).execute()
        if Schedule.select().where(later).exists():
            raise RowIsLocked
        return True


def is_new(sha256: str) -> bool:
    """True if the schedule was computed with another catalog. Changes nothing."""
    return Installation.select().where(_is_another(sha256)).exists()


def how_many_are_due(today: date) -> int:
    return Schedule.select().where(Schedule.due_on <= today).count()


def _is_another(sha256: str) -> Any:
    return Installation.catalog_sha256.is_null() | (Installation.catalog_sha256 != sha256)

"""The days on which accounts are looked at rest on the catalog: when it has changed, every account is looked at once."""

from datetime import date
from typing import Any

from models import Installation, Schedule
from portal.store.database import database
from portal.store.row_locks import RowIsLocked, skip_locked


def follow_catalog(sha256: str, today: date) -> bool:
    """Look at everything today if this is another catalog than the schedule was made by. False when it is the same.

    Raises RowIsLocked, and changes nothing, where somebody holds one of the rows: then it is for the next pass.
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
    """Whether the schedule was made by another catalog. Changes nothing."""
    return Installation.select().where(_is_another(sha256)).exists()


def how_many_are_due(today: date) -> int:
    return Schedule.select().where(Schedule.due_on <= today).count()


def _is_another(sha256: str) -> Any:
    return Installation.catalog_sha256.is_null() | (Installation.catalog_sha256 != sha256)

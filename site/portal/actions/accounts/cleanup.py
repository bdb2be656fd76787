"""Delete sessions that ended some hours ago, what was kept for people who did not come back, and tries that no limit counts."""

from datetime import datetime, timedelta

from models import KeptInput, Session
from portal import clock
from portal.actions.accounts import limits, password_reset
from portal.catalog import RetentionNumbers
from portal.store.batches import delete


def sweep(numbers: RetentionNumbers) -> int:
    """Returns how many rows were deleted."""
    now = clock.real_now()
    kept = delete(KeptInput, KeptInput.created_at < now - KeptInput.LASTS)
    return sweep_sessions(now, numbers) + kept + limits.sweep(now) + password_reset.sweep(now)


def sweep_sessions(now: datetime, numbers: RetentionNumbers) -> int:
    """They are remembered after their end, so that what is sent too late is known to be somebody's."""
    return sum(delete(Session, way) for way in Session.ways_to_end(now - timedelta(hours=numbers.sign_ins_hours)))

"""Delete sessions that ended a day ago, what was kept for people who did not come back, and tries that no limit counts."""

from datetime import datetime

from models import KeptInput, Session
from portal import clock
from portal.actions.accounts import limits, password_reset


def sweep() -> int:
    """Returns how many rows were deleted."""
    now = clock.real_now()
    kept = KeptInput.delete().where(KeptInput.created_at < now - KeptInput.LASTS).execute()
    return sweep_sessions(now) + kept + limits.sweep(now) + password_reset.sweep(now)


def sweep_sessions(now: datetime) -> int:
    return Session.delete().where(Session.is_over(now - Session.REMEMBERED)).execute()

"""Delete ended sessions, and sign-in attempts that no limit counts any more."""

from datetime import datetime

from models import Session
from portal import clock
from portal.actions.accounts import sign_in_limits


def sweep() -> int:
    """Returns how many rows were deleted."""
    now = clock.real_now()
    return sweep_sessions(now) + sign_in_limits.sweep(now)


def sweep_sessions(now: datetime) -> int:
    return Session.delete().where(Session.is_over(now)).execute()

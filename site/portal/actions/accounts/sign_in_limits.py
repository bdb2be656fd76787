"""How many wrong passwords are accepted, and for how long none is after that. The owner is never locked out.

Wrong passwords are counted per account and network, per network, and per account over all networks. A browser that has signed in to the
account before has a signed device cookie and is counted alone, so a stranger's guesses never lock out the owner.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models import SignInAttempt

PAUSE = timedelta(minutes=15)
TRIES_PER_ACCOUNT_AND_NETWORK = 10
TRIES_PER_NETWORK = 50
TRIES_PER_ACCOUNT = 100


@dataclass(frozen=True)
class TooMany:
    """Too many wrong passwords. The next attempt is accepted in `minutes`."""

    minutes: int = int(PAUSE.total_seconds() // 60)


def sweep(now: datetime) -> int:
    """Delete attempts that no limit counts any more. Returns how many."""
    return SignInAttempt.delete().where(SignInAttempt.at < now - PAUSE).execute()


def is_over_limit(attempt: SignInAttempt) -> bool:
    """The attempt itself is stored first and counted, so parallel requests cannot pass the limit."""
    recent = SignInAttempt.select().where(SignInAttempt.at > attempt.at - PAUSE)
    ours = recent.where(SignInAttempt.login_hash == attempt.login_hash)
    if attempt.device:
        return ours.where(SignInAttempt.device == attempt.device).count() > TRIES_PER_ACCOUNT_AND_NETWORK
    strangers = ours.where(SignInAttempt.device.is_null())
    return (
        strangers.where(SignInAttempt.address == attempt.address).count() > TRIES_PER_ACCOUNT_AND_NETWORK
        or recent.where(SignInAttempt.address == attempt.address, SignInAttempt.device.is_null()).count() > TRIES_PER_NETWORK
        or strangers.count() > TRIES_PER_ACCOUNT
    )

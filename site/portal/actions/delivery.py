"""What all that the worker sends has in common: how long it waits, and that what was taken is written down."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from peewee import InterfaceError, OperationalError

from portal.store import database as store

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
DAILY = timedelta(days=1)
LONGEST_FOR_A_SERVER = 2  # PAUSES[2]: a server that is back gets everything that waits within a quarter of an hour
GIVE_UP_AFTER = timedelta(days=7)
LEASE = timedelta(minutes=10)  # longer than any conversation with another server lasts
PASS = timedelta(seconds=30)  # other jobs of the worker wait meanwhile
SECONDS_TO_WRITE_IT_DOWN = (0.5, 1, 2, 4, 8)


def pause_after(step: int) -> timedelta:
    """The pause after the first try is that of step 0; they grow up to a day."""
    return PAUSES[step] if step < len(PAUSES) else DAILY


def written_down(what: str, write: Callable[[], None]) -> None:
    """The other side has it: that must be written down, or it gets it twice. A database that is away is waited for."""
    for seconds in SECONDS_TO_WRITE_IT_DOWN:
        try:
            store.ensure_connection()
            return write()
        except (OperationalError, InterfaceError):
            log.warning("%s was sent, and the database does not take it", what)
            store.close()
            time.sleep(seconds)
    store.ensure_connection()
    return write()

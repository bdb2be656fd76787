"""Who may write to a SQLite file now."""

import fcntl
import os
import threading
import time

from peewee import OperationalError

SECONDS_TO_WAIT = 5  # for others who write to SQLite, all in all
SECONDS_BETWEEN_LOOKS = 0.0005


class Turn(threading.local):
    """This thread's turn to write to a SQLite file, among all threads and processes that write to it.

    SQLite serves whoever happens to ask, and a job that commits in a loop asks always: others wait for seconds. Here the next one stands
    in the door, so that nobody who has just written gets past. It is a courtesy: SQLite's own lock keeps the rows right, and where
    the two files cannot be opened everybody goes on without. The kernel takes back what a killed process held.
    """

    def __init__(self, database_path: str) -> None:
        has_file = database_path not in ("", ":memory:") and not database_path.startswith("file:")
        self._path = database_path if has_file else None
        self._held: int | None = None

    def take(self) -> float:
        """How many of the seconds to wait are left. Raises OperationalError when there are none, as SQLite does."""
        give_up = time.monotonic() + SECONDS_TO_WAIT
        self.give_back()  # of a connection that was lost in the middle
        if self._path:
            door = _locked(f"{self._path}.door", give_up)
            try:
                self._held = _locked(f"{self._path}.turn", give_up)
            finally:
                _unlock(door)
        return max(0, give_up - time.monotonic())

    def give_back(self) -> None:
        held, self._held = self._held, None
        _unlock(held)


def _locked(path: str, give_up: float) -> int | None:
    """A descriptor that holds the lock of this file; None where there cannot be one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError:
        return None
    try:
        while not _lock(descriptor):
            if time.monotonic() >= give_up:
                raise OperationalError("database is locked")
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except OSError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _lock(descriptor: int) -> bool:
    """Asked again and again: who waits for a lock inside the kernel knows no time limit."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(descriptor: int | None) -> None:
    """Said aloud: a process forked meanwhile has the descriptor too, and closing ours alone would free nothing."""
    if descriptor is not None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

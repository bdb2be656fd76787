"""The program's only file lock, for what one process at a time may do.

The kernel releases it when the process ends, also after a crash.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import lock_descriptor, unlock_descriptor


class Held(Exception):
    """Another process held the lock for the whole waiting time."""


@contextmanager
def file_lock(path: Path, *, patience: float = 0, pause: float = 0.02) -> Iterator[None]:
    """An exclusive lock on this file. Polls every `pause` for `patience` seconds, then raises Held.

    The kernel's own waiting is not used, because it has no timeout.
    """
    descriptor, give_up = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + patience
    try:
        while not lock_descriptor(descriptor, blocking=False):
            if time.monotonic() >= give_up:
                raise Held(str(path))
            time.sleep(pause)
        yield
    finally:
        unlock_descriptor(descriptor)  # closing is not enough: a forked process may have the descriptor too
        os.close(descriptor)

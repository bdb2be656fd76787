"""The one file lock of the program, for whatever only one process may do at a time.

The kernel frees it when its holder ends, however it ends: a crash leaves nothing to clean up.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import lock_descriptor, unlock_descriptor


class Held(Exception):
    """Somebody else held the lock for as long as we could wait."""


@contextmanager
def file_lock(path: Path, *, patience: float = 0, pause: float = 0.02) -> Iterator[None]:
    """Nobody else holds this file meanwhile. Waits `patience` seconds, asking again after each `pause`, then raises Held.

    It is not waited for inside the kernel, which knows no time limit.
    """
    descriptor, give_up = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + patience
    try:
        while not lock_descriptor(descriptor, blocking=False):
            if time.monotonic() >= give_up:
                raise Held(str(path))
            time.sleep(pause)
        yield
    finally:
        unlock_descriptor(descriptor)  # closing is not enough: a process that was forked meanwhile has the descriptor too
        os.close(descriptor)

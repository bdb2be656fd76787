"""Who may run the scheduled jobs now: the worker, or whoever turns the clock.

Two files in the demo's folder, locked by the kernel and let go by it when their holder dies, however it dies: so a turn that crashed stops
nobody for longer than it takes to notice.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PASS_ENDS_WITHIN = 20.0
LOOKS_AGAIN_AFTER = 0.02
SOMEBODY_TURNS = "ほかの画面で、デモの時計を動かしているか、デモを最初からやり直しています。終わってから、もう一度お試しください。"
WORKER_IS_BUSY = "定期処理がまだ終わらないため、時計を動かせませんでした。少し待ってから、もう一度お試しください。"


class Busy(Exception):
    """Somebody else is at it; str() is a Japanese sentence for the presenter."""


class TurnLock:
    def __init__(self, folder: Path) -> None:
        self._turns, self._passes = folder / "turn.lock", folder / "pass.lock"

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Nobody else turns the clock meanwhile, and the worker has ended its pass and begins no other. Raises Busy."""
        with _held(self._turns, fcntl.LOCK_EX, SOMEBODY_TURNS), _held(self._passes, fcntl.LOCK_EX, WORKER_IS_BUSY, PASS_ENDS_WITHIN):
            yield

    @contextmanager
    def working(self) -> Iterator[bool]:
        """Around one pass of a worker: False while the clock is being turned, then it leaves the pass out."""
        with ExitStack() as held:
            try:
                held.enter_context(_held(self._passes, fcntl.LOCK_SH, SOMEBODY_TURNS))
            except Busy:
                yield False
            else:
                yield True


@contextmanager
def _held(file: Path, kind: int, refusal: str, patience: float = 0) -> Iterator[None]:
    descriptor, give_up = os.open(file, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + patience
    try:
        while not _takes(descriptor, kind):
            if time.monotonic() >= give_up:
                raise Busy(refusal)
            time.sleep(LOOKS_AGAIN_AFTER)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # said aloud: a process forked meanwhile would have the descriptor too
        os.close(descriptor)


def _takes(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

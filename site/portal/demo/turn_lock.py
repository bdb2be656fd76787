"""Who may run the demo's scheduled jobs now: its worker, or whoever turns the clock. Two lock files in the demo's folder."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from portal.store.locks import Held, file_lock

PASS_ENDS_WITHIN = 20.0
SOMEBODY_TURNS = "ほかの画面で、デモの時計を動かしているか、デモを最初からやり直しています。終わってから、もう一度お試しください。"
WORKER_IS_BUSY = "定期処理がまだ終わらないため、時計を動かせませんでした。少し待ってから、もう一度お試しください。"


class Busy(Exception):
    """The lock is held. str() is a Japanese sentence for the presenter."""


class TurnLock:
    def __init__(self, folder: Path) -> None:
        self._turns, self._passes = folder / "turn.lock", folder / "pass.lock"

    @contextmanager
    def turning(self, patience: float = 0) -> Iterator[None]:
        """Hold both locks: nobody else turns the clock, and the worker runs no pass. Raises Busy, after `patience` seconds."""
        with _held(self._turns, SOMEBODY_TURNS, patience), _held(self._passes, WORKER_IS_BUSY, PASS_ENDS_WITHIN):
            yield

    def standing_still(self, patience: float) -> AbstractContextManager[None]:
        """Nobody turns the clock, or fills the tables; the worker may run a pass. Raises Busy, after `patience` seconds."""
        return _held(self._turns, SOMEBODY_TURNS, patience)

    @contextmanager
    def working(self, patience: float = 0) -> Iterator[bool]:
        """For one pass of the worker. Yields False if the clock is being turned or another pass runs; skip the pass then."""
        with ExitStack() as held:
            try:
                held.enter_context(file_lock(self._passes, patience=patience))
            except Held:
                yield False
            else:
                yield True


@contextmanager
def _held(file: Path, refusal: str, patience: float = 0) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(file_lock(file, patience=patience))
        except Held as error:
            raise Busy(refusal) from error
        yield

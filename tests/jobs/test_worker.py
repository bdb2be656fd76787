"""The worker's loop: it pauses when little is left, and goes on at once while much waits."""

import threading
from contextlib import nullcontext

import pytest

from portal.jobs import worker
from portal.jobs.table import Job


class Pauses(threading.Event):
    """Notes the pauses instead of making them, and ends the loop after so many."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        if len(self.seconds) == self._most:
            self.set()
        return self.is_set()


def test_after_a_pass_that_was_full_the_next_one_begins_at_once(settings, companies, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [120]

    def some(_context: object) -> range:
        taken = min(50, waiting[0])
        waiting[0] -= taken
        return range(taken)

    monkeypatch.setattr(worker, "JOBS", (Job("some", some),))
    pauses = Pauses(most=4)
    worker.run(settings, companies, stop=pauses)

    assert pauses.seconds == [worker.SECONDS_IF_FULL] * 2 + [worker.SECONDS_BETWEEN] * 2
    assert waiting == [0]


def test_what_failed_or_is_locked_does_not_make_a_pass_full(settings, companies, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [worker.Failed("mail", number) for number in range(worker.A_FULL_PASS)]
    monkeypatch.setattr(worker, "JOBS", (Job("broken", lambda _context: failed),))
    pauses = Pauses(most=2)
    worker.run(settings, companies, stop=pauses)

    assert pauses.seconds == [worker.SECONDS_BETWEEN] * 2


def test_a_pass_that_may_not_run_is_not_full(settings, companies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "JOBS", (Job("much", lambda _context: range(worker.A_FULL_PASS)),))
    pauses = Pauses(most=2)
    worker.run(settings, companies, stop=pauses, pass_lock=lambda: nullcontext(False))

    assert pauses.seconds == [worker.SECONDS_BETWEEN] * 2

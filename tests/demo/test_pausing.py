"""While the clock turns, the worker pauses and no other turn starts; a killed turn blocks nothing."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.demo import turning
from portal.demo.turn_lock import Busy, TurnLock
from portal.gateways.companies import Companies
from portal.jobs import worker
from portal.sandbox.books import Books

HOLDS_FOR_EVER = """
import sys, time
from pathlib import Path
from portal.demo.turn_lock import TurnLock
with TurnLock(Path(sys.argv[1])).turning():
    print("turning", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def lock(tmp_path: Path) -> TurnLock:
    return TurnLock(tmp_path)


@pytest.fixture
def passes() -> list[int]:
    return []


@pytest.fixture
def counting(passes) -> Companies:
    """Companies that count the passes of a worker."""
    return Companies(sandbox_jobs=(lambda: passes.append(1) or 0,))


def test_the_worker_skips_its_passes_while_the_clock_turns(app, settings, lock, counting, passes):
    with lock.turning():
        worker.run_pass(settings, counting, lock.working)
    assert not passes

    worker.run_pass(settings, counting, lock.working)

    assert passes == [1]


def test_the_worker_process_checks_the_clock_lock_before_each_pass(app, settings, lock, passes):
    """It looks every two seconds."""
    stop = threading.Event()
    counting = Companies(sandbox_jobs=(lambda: passes.append(1) or stop.set() or 0,))
    thread = threading.Thread(target=worker.run, args=(settings, counting), kwargs={"stop": stop, "pass_lock": lock.working})
    with lock.turning():
        thread.start()
        time.sleep(0.2)
        assert not passes
    thread.join(10)

    assert passes == [1]


def test_a_turn_waits_for_the_pass_that_has_begun(lock):
    order = []
    begun, ended = threading.Event(), threading.Event()

    def works():
        with lock.working() as may_work:
            begun.set()
            ended.wait(10)
            order.append(("pass", may_work))

    thread = threading.Thread(target=works)
    thread.start()
    begun.wait(10)
    threading.Timer(0.2, ended.set).start()
    with lock.turning():
        order.append(("turn", True))
    thread.join()

    assert order == [("pass", True), ("turn", True)]


def test_of_two_passes_the_second_is_skipped_or_waits(lock):
    with lock.working() as one, lock.working() as other:
        assert (one, other) == (True, False)

    first = ExitStack()
    first.enter_context(lock.working())
    threading.Timer(0.2, first.close).start()
    with lock.working(patience=10) as may_work:
        assert may_work


def test_of_two_turns_at_once_the_second_is_refused(app, browser, lock):
    before = clock.today()
    browser.visit("/demo/clock")
    with lock.turning():
        browser.press("1日進める")

    assert (browser.status, clock.today()) == (409, before)
    assert browser.says("ほかの画面で、デモの時計を動かしているか", "[role=alert]")
    browser.press("1日進める")
    assert clock.today() == before + timedelta(days=1)


class FullDisk(Books):
    def set_offset_days(self, days: int) -> None:
        raise sqlite3.OperationalError("for the test")


def test_a_failed_turn_releases_its_lock(app, books, lock):
    app.extensions["books"] = FullDisk(books.path)
    with pytest.raises(sqlite3.OperationalError):
        turning.turn(app, clock.today() + timedelta(days=1))

    with lock.working() as may_work:
        assert may_work


def test_a_killed_turn_releases_its_lock(lock, tmp_path):
    command = [sys.executable, "-c", HOLDS_FOR_EVER, str(tmp_path)]
    turner = subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)})
    assert turner.stdout.readline() == b"turning\n"
    with lock.working() as may_work:
        assert not may_work
    with pytest.raises(Busy), lock.turning():
        pass

    turner.send_signal(signal.SIGKILL)
    turner.communicate()

    with lock.working() as may_work:
        assert may_work
    with lock.turning():
        pass

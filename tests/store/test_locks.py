"""The file lock: one holder at a time, free as soon as its holder ends."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from portal.store.locks import Held, file_lock

HOLDS_FOR_EVER = """
import sys, time
from pathlib import Path
from portal.store.locks import file_lock
with file_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.lock"


def test_a_held_lock_is_refused_at_once_without_patience(path):
    started = time.monotonic()
    with file_lock(path), pytest.raises(Held), file_lock(path):
        pass

    assert time.monotonic() - started < 1
    with file_lock(path):
        pass


def test_a_held_lock_is_waited_for_up_to_the_patience(path):
    started = time.monotonic()
    with file_lock(path), pytest.raises(Held), file_lock(path, patience=0.3):
        pass

    assert 0.3 <= time.monotonic() - started < 2


def test_a_lock_is_released_after_an_error(path):
    with pytest.raises(ZeroDivisionError), file_lock(path):
        _ = 1 / 0

    with file_lock(path):
        pass


def test_a_waiter_gets_the_lock_next(path):
    got = []

    def wait():
        with file_lock(path, patience=10):
            got.append("second")

    with file_lock(path):
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.1)
        got.append("first")
    thread.join(10)

    assert got == ["first", "second"]


def test_the_lock_of_a_killed_process_is_released(path):
    environ = {"PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", HOLDS_FOR_EVER, str(path)], stdout=subprocess.PIPE, env=environ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Held), file_lock(path):
            pass
        other.kill()
        other.wait()

    with file_lock(path):
        pass


def test_a_forked_child_does_not_keep_the_lock(path, monkeypatch):
    """The child shares the descriptor, as a duplicate in this process does."""
    copies, plain = [], os.open
    monkeypatch.setattr(os, "open", lambda *arguments: copies.append(os.dup(found := plain(*arguments))) or found)
    with file_lock(path):
        pass

    with file_lock(path):
        pass

    for copy in copies:
        os.close(copy)


def test_the_lock_file_is_readable_by_its_owner_only(path):
    with file_lock(path):
        assert path.stat().st_mode & 0o777 == 0o600

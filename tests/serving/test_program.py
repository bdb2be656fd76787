"""The true processes: a parent and two that serve. Hostile clients, a reload and a stop under load, and deaths."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from portal.runtime import garbage
from portal.runtime.serving.limits import MEMORY
from tests.hostile import KINDS, crowd, read_answer
from tests.real.server import free_port
from tests.serving.customers import connect, request, under_load

HOME = Path(__file__).parents[2]
HOSTILE = 60
SECONDS = 20  # for anything, on a busy machine


class Program:
    """`folder/tiny_app.py` is what it serves: a test may change it before a reload."""

    def __init__(self, folder: Path) -> None:
        self.port, self.app = free_port(), folder / "tiny_app.py"
        self.app.write_text("from tests.serving.tiny import app")
        self.log = folder / "log"
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{HOME}:{HOME / 'site'}:{folder}"}
        command = [sys.executable, "-P", "-m", "portal.runtime.serving.parent", "tiny_app:app", "127.0.0.1", str(self.port), "2", "4", "10"]
        with self.log.open("wb") as log:
            self.parent = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)
        self.wait_until(lambda: len(self.serving()) == 2 and self.answers())

    def serving(self) -> list[psutil.Process]:
        return psutil.Process(self.parent.pid).children() if self.parent.poll() is None else []

    def answers(self) -> bool:
        try:
            return self.ask()[0] == 200
        except OSError:
            return False

    def ask(self, path: str = "/") -> tuple[int, bytes]:
        """Status and head of an answer."""
        with connect(self.port, SECONDS) as connection:
            connection.sendall(request(path, close=True))
            return read_answer(connection)

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + SECONDS
        while not is_so():
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.05)

    def end(self) -> None:
        processes = [psutil.Process(self.parent.pid), *self.serving()] if self.parent.poll() is None else []
        for each in processes:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self.parent.wait()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    made = Program(tmp_path_factory.mktemp("program"))
    yield made
    made.end()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_hostile_connections_do_not_stop_a_page(program, kind):
    with crowd(kind, HOSTILE, program.port, path="/large" if kind.reads_slowly else "/"):
        assert all(program.answers() for _ in range(5))


def test_the_web_processes_give_memory_back(program):
    """What that saves is measured by bench/memory.py."""
    assert all(MEMORY.items() <= each.environ().items() for each in program.serving())


def test_garbage_is_looked_for_seldom_and_never_in_the_program_itself(program):
    """What that saves is measured by bench/renewals.py."""
    found = re.search(rb"Garbage: (\d+) never, else every (\d+)", program.ask("/garbage")[1])
    assert found
    assert int(found[1]) > 1000
    assert int(found[2]) == garbage.NEW_OBJECTS


def test_a_reload_loses_no_request(program):
    before = {each.pid for each in program.serving()}
    tally = under_load(program.port, lambda: program.parent.send_signal(signal.SIGHUP), before=0.3, after=2, path="/")
    program.wait_until(lambda: len(program.serving()) == 2 and not before & {each.pid for each in program.serving()})

    assert tally.asked > 50
    assert (tally.lost, tally.cut) == ([], 0)


def test_a_reload_of_a_broken_program_keeps_the_old_one(program):
    before = {each.pid for each in program.serving()}
    program.app.write_text("raise SystemExit('broken')")
    program.parent.send_signal(signal.SIGHUP)
    program.wait_until(lambda: "the old processes go on" in program.said())
    program.app.write_text("from tests.serving.tiny import app")

    assert before <= {each.pid for each in program.serving()}
    assert program.answers()


def test_a_process_that_dies_is_replaced(program):
    victim = program.serving()[0]
    victim.kill()
    program.wait_until(lambda: len(program.serving()) == 2 and victim.pid not in {each.pid for each in program.serving()})

    assert program.answers()


def test_a_stop_answers_what_was_asked(tmp_path):
    program = Program(tmp_path)
    tally = under_load(program.port, program.parent.terminate, before=0.3, after=1, path="/", ends=True)

    assert program.parent.wait(SECONDS) == 0
    assert (tally.lost, tally.cut) == ([], 0)


def test_without_its_parent_no_process_stays(tmp_path):
    program = Program(tmp_path)
    children = program.serving()
    program.parent.kill()
    program.parent.wait()

    _, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert not alive

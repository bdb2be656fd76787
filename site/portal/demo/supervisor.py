"""Starts the demo's web server and worker, restarts them when they die, and leaves no process behind."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.1
START_SECONDS = 60
GRACE_SECONDS = 7
SHORT_LIFE_SECONDS = 10
TRIES = 4
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    """Print to the terminal, if there still is one."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115


@dataclass
class Child:
    name: str
    command: list[str]
    environ: Mapping[str, str]
    process: subprocess.Popen | None = None
    started: float = 0
    failures: int = 0
    start_after: float = 0

    def keep_running(self) -> None:
        """Start it, or restart it after it died; with a growing pause if it dies soon after start."""
        if self.process and self.process.poll() is not None:
            self._note_death()
        if self.process is None and time.monotonic() >= self.start_after:
            self._start()

    def send(self, number: int) -> None:
        """Signal its whole process group, so also its own children."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def wait(self, seconds: float) -> None:
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(seconds, 0))

    def _start(self) -> None:
        """In its own session: Ctrl-C and a closed terminal reach only the supervisor."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environ, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with(os.getpid())
        )

    def _note_death(self) -> None:
        self.send(signal.SIGKILL)
        self.process, died_young = None, time.monotonic() - self.started < SHORT_LIFE_SECONDS
        self.failures = self.failures + 1 if died_young else 0
        self.start_after = time.monotonic() + (2**self.failures if died_young else 0)
        say(f"{self.name}が止まったので、もう一度起動します。")


class Task(threading.Thread):
    """Something long that is done meanwhile. A stop does not wait for it."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._do, self._raised = do, None

    def run(self) -> None:
        try:
            self._do()
        except BaseException as error:
            self._raised = error

    def is_done(self) -> bool:
        """Raises what it raised."""
        if self._raised:
            raise self._raised
        return not self.is_alive()


class Supervisor:
    def __init__(self, children: list[Child], is_healthy: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        self._children, self._is_healthy, self._when_ready = children, is_healthy, when_ready
        self._stop, self._is_up, self._give_up = threading.Event(), False, time.monotonic() + START_SECONDS

    def run(self, *, meanwhile: Callable[[], None], when_done: Callable[[], None], afterwards: list[Child]) -> bool:
        """Run until Ctrl-C, SIGTERM or a closed terminal; a second signal kills at once. False if the children never came up.

        `meanwhile` is done while the children start; `afterwards` are started when it is done. Raises what it raises.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            for child in self._children:
                child.keep_running()
            task = Task(meanwhile)
            task.start()
            while not task.is_done():
                if not self._goes_on():
                    return self._stop.is_set()
            when_done()
            self._children += afterwards
            while self._goes_on():
                pass
            return self._stop.is_set()
        finally:
            _end(self._children)

    def _goes_on(self) -> bool:
        """One look. False if it was told to stop, or if the children do not come up."""
        for child in self._children:
            child.keep_running()
        if not self._is_up and self._is_healthy():
            self._is_up = True
            self._when_ready()
        elif not self._is_up and (time.monotonic() > self._give_up or any(child.failures >= TRIES for child in self._children)):
            return False
        return not self._stop.wait(POLL_SECONDS)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        if self._stop.is_set():
            _send_all(self._children, signal.SIGKILL)
        self._stop.set()


def _end(children: list[Child]) -> None:
    _send_all(children, signal.SIGTERM)
    give_up = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.wait(give_up - time.monotonic())
    _send_all(children, signal.SIGKILL)
    for child in children:
        child.wait(GRACE_SECONDS)


def _send_all(children: list[Child], number: int) -> None:
    for child in children:
        child.send(number)


def _end_with(parent: int) -> Callable[[], None] | None:
    """On Linux: if the supervisor is killed with -9, the kernel ends its children too, so the port becomes free."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask

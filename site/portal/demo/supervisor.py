"""Starts the web server and the worker of a demo, starts again what dies, and leaves nothing behind, however it ends itself."""

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

POLL_SECONDS = 0.2
START_SECONDS = 30
GRACE_SECONDS = 5
SHORT_LIFE_SECONDS = 10
TRIES = 4
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    """To the terminal, while there is one."""
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

    def start(self) -> None:
        """In a session of its own: Ctrl-C and a closed terminal reach the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environ, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with(os.getpid())
        )

    def process_account(self) -> None:
        """Start it again when it has died; a little later each time when it dies young."""
        if self.process and self.process.poll() is not None:
            self._note_death()
        if self.process is None and time.monotonic() >= self.start_after:
            self.start()

    def send(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def ends_within(self, seconds: float) -> bool:
        try:
            return self.process is None or self.process.wait(max(seconds, 0)) is not None
        except subprocess.TimeoutExpired:
            return False

    def _note_death(self) -> None:
        self.send(signal.SIGKILL)  # what it may have left in its session
        died_young = time.monotonic() - self.started < SHORT_LIFE_SECONDS
        self.failures = self.failures + 1 if died_young else 0
        self.start_after = time.monotonic() + (2**self.failures if died_young else 0)
        self.process = None
        say(f"{self.name}が止まったので、もう一度起動します。")


class Supervisor:
    def __init__(self, children: list[Child], *, is_healthy: Callable[[], bool]) -> None:
        self._children = children
        self._is_healthy = is_healthy
        self._stop = threading.Event()
        self._hurry = False

    def run(self, *, when_ready: Callable[[], None]) -> bool:
        """Until Ctrl-C, SIGTERM or a closed terminal. False when the children never came up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            return self._come_up() and self._keep_up(when_ready)
        finally:
            self._end()

    def _come_up(self) -> bool:
        give_up = time.monotonic() + START_SECONDS
        while not self._stop.is_set():
            self._look_after()
            if self._is_healthy():
                return True
            if time.monotonic() > give_up or any(child.failures >= TRIES for child in self._children):
                return False
            self._stop.wait(POLL_SECONDS / 2)
        return True

    def _keep_up(self, when_ready: Callable[[], None]) -> bool:
        if not self._stop.is_set():
            when_ready()
        while not self._stop.wait(POLL_SECONDS):
            self._look_after()
        return True

    def _look_after(self) -> None:
        for child in self._children:
            child.process_account()

    def _end(self) -> None:
        give_up = time.monotonic() + GRACE_SECONDS + 2
        for child in self._children:
            child.send(signal.SIGTERM)
        for child in self._children:
            while not child.ends_within(POLL_SECONDS) and time.monotonic() < give_up and not self._hurry:
                pass
            child.send(signal.SIGKILL)
            child.ends_within(GRACE_SECONDS)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self._hurry = self._stop.is_set()
        self._stop.set()


def _end_with(parent: int) -> Callable[[], None] | None:
    """Where the kernel can: a supervisor killed with -9 takes its children along, so that the port is free for the next one."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask

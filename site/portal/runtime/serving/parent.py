"""The web server's first process: it holds the port and serves nothing itself.

SIGTERM and SIGINT: every process answers what it was asked and ends. SIGHUP: new processes are started, with the program as it is on the
disk now; when all are ready the old ones are told to end. If they do not come up, the old ones stay. A process that dies is replaced.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from portal.runtime.logs import start_logging
from portal.runtime.serving.limits import BACKLOG, MEMORY

log = logging.getLogger(__name__)
START_SECONDS = 60
LOOK_SECONDS = 0.1
SHORT_LIFE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 32
SPARE_SECONDS = 2  # beyond its grace, before a process is killed
GIVEN_BY_SYSTEMD = 3  # the first socket of a .socket unit


@dataclass
class Process:
    """`ready`: our end of the pipe by which it says that it serves."""

    popen: subprocess.Popen
    ready: int
    born: float = field(default_factory=time.monotonic)
    end_by: float = 0.0

    def is_ready(self) -> bool:
        return bool(select.select([self.ready], [], [], 0)[0]) and bool(os.read(self.ready, 1))

    def tell_to_end(self, seconds: float) -> None:
        self.end_by = time.monotonic() + seconds
        self.popen.terminate()

    def has_ended(self) -> bool:
        """Kills it if its time is over."""
        if self.end_by and time.monotonic() > self.end_by:
            self.popen.kill()
        return self.popen.poll() is not None


class Parent:
    def __init__(self, listener: socket.socket, program: str, count: int, threads: int, grace: float, counts: Path) -> None:
        self._listener, self._program, self._count, self._threads, self._grace = listener, program, count, threads, grace
        self._counts = counts
        self._serving: list[Process] = []
        self._ending: list[Process] = []
        self._early_deaths, self._next_start = 0, 0.0
        self._asked, self._stop, self._reload = threading.Event(), False, False

    def run(self) -> int:
        """Until a signal says to stop; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)
        self._serving = self._started()
        came_up = bool(self._serving)
        while came_up and not self._stop:
            if self._reload:
                self._replace()
            self._bury()
            self._asked.wait(LOOK_SECONDS)
            self._asked.clear()
        self._end_all()
        return 0 if came_up or self._stop else 1

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._reload = self._reload or number == signal.SIGHUP
        self._stop = self._stop or number != signal.SIGHUP
        self._asked.set()

    def _replace(self) -> None:
        self._reload = False
        fresh = self._started()
        if not fresh:
            log.error("reload failed, the old processes go on serving")
            return
        self._tell_to_end(self._serving)
        self._serving = fresh
        log.warning("reloaded")

    def _started(self) -> list[Process]:
        """All of them ready, or none."""
        processes = [self._start() for _ in range(self._count)]
        waiting, give_up = list(processes), time.monotonic() + START_SECONDS
        while waiting and not self._stop and time.monotonic() < give_up:
            waiting = [each for each in waiting if not each.is_ready()]
            if any(each.popen.poll() is not None for each in waiting):
                break
            self._asked.wait(LOOK_SECONDS / 5)
        if waiting:
            self._tell_to_end(processes)
            return []
        return processes

    def _start(self) -> Process:
        mine, theirs = os.pipe()
        numbers = (self._listener.fileno(), theirs, os.getpid(), self._threads, self._grace, self._counts)
        command = [sys.executable, "-P", "-m", "portal.runtime.serving.process", self._program, *map(str, numbers)]
        environ, files = MEMORY | os.environ, (self._listener.fileno(), theirs)
        popen = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, pass_fds=files)
        os.close(theirs)
        return Process(popen, mine)

    def _bury(self) -> None:
        """Forget who has ended, and replace who has died, with a growing pause if that happens soon after the start."""
        self._forget(each for each in [*self._ending] if each.has_ended())
        for dead in [each for each in self._serving if each.popen.poll() is not None]:
            self._serving.remove(dead)
            os.close(dead.ready)
            died_young = time.monotonic() - dead.born < SHORT_LIFE_SECONDS
            self._early_deaths = self._early_deaths + 1 if died_young else 0
            self._next_start = time.monotonic() + (min(2**self._early_deaths, LONGEST_PAUSE_SECONDS) if died_young else 0)
            log.error("a web process ended with %s, another one is started", dead.popen.returncode)
        if len(self._serving) < self._count and time.monotonic() >= self._next_start:
            self._serving.append(self._start())

    def _tell_to_end(self, processes: list[Process]) -> None:
        for each in processes:
            each.tell_to_end(self._grace + SPARE_SECONDS)
        self._ending += processes

    def _forget(self, processes) -> None:
        for each in processes:
            self._ending.remove(each)
            os.close(each.ready)

    def _end_all(self) -> None:
        self._listener.close()
        self._tell_to_end(self._serving)
        while self._ending:
            self._forget(each for each in [*self._ending] if each.has_ended())
            time.sleep(LOOK_SECONDS / 5)


def opened(host: str, port: int) -> socket.socket:
    """The socket that systemd hands over (LISTEN_FDS), else our own."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()):
        return socket.socket(fileno=GIVEN_BY_SYSTEMD)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def main(program: str, host: str, port: str, processes: str, threads: str, grace: str, json: str = "0") -> int:
    start_logging(as_json=json == "1")
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        counts = Path(folder, "counts.db")
        return Parent(opened(host, int(port)), program, int(processes), int(threads), float(grace), counts).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

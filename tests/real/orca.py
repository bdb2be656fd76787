"""Orca, the screen reader of Debian's desktop, beside a Firefox on a screen that nobody sees. It writes what it would speak."""

import os
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

START = Path(__file__).with_name("orca_start.py")
PROGRAMS = ("orca", "Xvfb", "dbus-daemon", "openbox")
QUIET = 4.0  # seconds without a word: everything is said
PATIENCE = 90.0


class Orca:
    """`environ` is for the browser that it shall read."""

    def __init__(self, folder: Path) -> None:
        self._running = ExitStack()
        self._said, self._heard = folder / "said", 0
        self._said.touch()
        self.environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "ORCA_SAID": str(self._said), "GNOME_ACCESSIBILITY": "1"}
        self.environ |= dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"), str(folder))
        self.environ["DISPLAY"] = ":" + self._first_line("Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = self._first_line("dbus-daemon", "--session", "--nofork", "--print-address")
        self._start("openbox")
        self._start("/usr/bin/python3", "-P", str(START))
        self.hear("Screen reader on.")

    def hear(self, awaited: str = "", begins_within: float = QUIET) -> list[str]:
        """What it said since the last time, at the latest words of which it has been quiet for a while. `awaited`: not before these."""
        give_up, before, since = time.monotonic() + PATIENCE, -1, time.monotonic()
        while time.monotonic() < give_up:
            size = self._said.stat().st_size
            if size != before:
                before, since = size, time.monotonic()
            quiet = QUIET if size > self._heard else begins_within
            if time.monotonic() - since > quiet and awaited.encode() in self._said.read_bytes()[self._heard :]:
                break
            time.sleep(0.1)
        said = self._said.read_bytes()
        new, self._heard = said[self._heard :], len(said)
        return new.decode().splitlines()

    def close(self) -> None:
        self._running.close()

    def _start(self, *command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(command, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._running.callback(_end, process)
        return process

    def _first_line(self, *command: str) -> str:
        return self._start(*command).stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Orca does not always end when it is asked to."""
    with process:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()

"""Where the pages of the states lie, and the process that makes them when somebody asks for the first time.

They belong to one version of the program and of the company's catalog: after a change they are made anew.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portal.runtime.folders import asset_folder

FOLDER, CONTENTS = "states", "contents.json"
POLL_SECONDS = 0.1
PROGRAM = (Path(__file__).parents[2], *(Path(asset_folder(name)) for name in ("templates", "static", "migrations")))


@dataclass(frozen=True)
class Stored:
    """A page as it is answered. `status`: what the portal answered; the gallery itself answers 200."""

    body: bytes
    headers: dict[str, str]
    status: int


class Process(Protocol):
    def poll(self) -> int | None:
        """None while it runs."""


def make_in_a_process(folder: Path, company_folder: Path) -> Process:
    command = [sys.executable, "-P", "-m", "portal.demo.states.making", str(folder), str(company_folder)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


class Shelf:
    """`make`: starts what makes the pages."""

    def __init__(self, data_folder: Path, company_folder: Path) -> None:
        self._all, self._company = data_folder / FOLDER, company_folder
        self.make: Callable[[Path, Path], Process] = make_in_a_process
        self._starting = threading.Lock()
        self._maker: Process | None = None
        self._folder: Path | None = None
        self._contents: dict[str, dict] = {}

    def find(self, state: str) -> Stored | None:
        """None if it is not made yet, or cannot be made with this catalog."""
        if not self.is_made() or state not in self._contents:
            return None
        about = self._contents[state]
        return Stored((self.folder / f"{state}.html").read_bytes(), about["headers"], about["status"])

    def is_made(self) -> bool:
        if not self._contents and (self.folder / CONTENTS).is_file():
            self._contents = json.loads((self.folder / CONTENTS).read_text("utf-8"))["states"]
        return bool(self._contents)

    def begin(self) -> None:
        """Start to make the pages, unless they are made or being made."""
        with self._starting:
            if not self.is_made() and self._maker is None:
                shutil.rmtree(self._all, ignore_errors=True)
                self._maker = self.make(self.folder, self._company)

    def wait(self, seconds: float) -> bool:
        """Until the pages are made; False if they are not, or could not be."""
        self.begin()
        give_up = time.monotonic() + seconds
        while not self.is_made() and not self.has_failed() and time.monotonic() < give_up:
            time.sleep(POLL_SECONDS)
        return self.is_made()

    def has_failed(self) -> bool:
        return self._maker is not None and self._maker.poll() is not None and not self.is_made()

    @property
    def folder(self) -> Path:
        if self._folder is None:
            self._folder = self._all / _fingerprint(self._company)
        return self._folder


def _fingerprint(company: Path) -> str:
    found = hashlib.sha256()
    for path in _files(*PROGRAM, company):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)

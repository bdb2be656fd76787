"""A store of `bench/crowd.py` in a process of its own, which asks what it is told to and says what that took."""

import gc
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from bench import crowd
from bench.questions import asked
from bench.stores import kept_postgresql
from portal.store import database as store
from portal.store import migrations
from tests import keys

PROCESSES = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Figure:
    """Seconds, those of PostgreSQL's own process included. `megabytes`: the most memory that this process had meanwhile."""

    processor: float
    clock: float
    megabytes: float


class Site:
    """The process, as the bench sees it. `names`: what it can be asked; `once`: what it is asked one time."""

    def __init__(self, accounts: int, folder: Path, is_postgresql: bool) -> None:
        self._title = f"{'PostgreSQL' if is_postgresql else 'SQLite':<10} {accounts:>10,}"
        self._here, there = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_answer, args=(there, accounts, folder, is_postgresql))

    def __enter__(self) -> Self:
        self._process.start()
        self.names, self.once = self._here.recv()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._here.send(None)
        self._process.join()

    def __str__(self) -> str:
        return self._title

    def ask(self, name: str) -> Figure:
        self._here.send(name)
        return self._here.recv()


def write(accounts: int, folder: Path, *, is_postgresql: bool) -> None:
    """Also in a process of its own, whose memory is not that of the pages."""
    process = PROCESSES.Process(target=_written, args=(accounts, folder, is_postgresql))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit("the store could not be written")


def _written(accounts: int, folder: Path, is_postgresql: bool) -> None:
    with filled(accounts, folder, is_postgresql=is_postgresql):
        pass


def _answer(there: Connection, accounts: int, folder: Path, is_postgresql: bool) -> None:
    with filled(accounts, folder, is_postgresql=is_postgresql) as url, tempfile.TemporaryDirectory() as data:
        found = {one.name: one for one in asked(url, Path(data), accounts)}
        there.send((list(found), {one.name for one in found.values() if one.once}))
        gc.collect()
        gc.freeze()  # else each collection looks at the whole program
        while name := there.recv():
            there.send(figure_of(found[name].ask))


@contextmanager
def filled(accounts: int, folder: Path, *, is_postgresql: bool) -> Iterator[str]:
    """The store of so many accounts, bound and open; written if it is not there. `written`: the mark of a whole one."""
    keys.bind()
    place = folder / f"{'postgresql' if is_postgresql else 'sqlite'}-{accounts}"
    place.mkdir(parents=True, exist_ok=True)
    with kept_postgresql(place) if is_postgresql else _sqlite(place) as url:
        store.bind(url)
        migrations.migrate()
        if not (place / "written").exists():
            crowd.fill(accounts)
            (place / "written").touch()
        yield url
        store.close()


@contextmanager
def _sqlite(place: Path) -> Iterator[str]:
    yield f"sqlite:///{place / 'portal.db'}"


def figure_of(ask: Callable[[], object]) -> Figure:
    server = _server()
    _forget_peak()
    clock, processor = time.perf_counter(), time.process_time() + _processor_of(server)
    ask()
    processor = time.process_time() + _processor_of(server) - processor
    return Figure(processor, time.perf_counter() - clock, _peak())


def _server() -> int:
    """The process of PostgreSQL that answers us; 0 on SQLite."""
    store.ensure_connection()
    return store.database.execute_sql("SELECT pg_backend_pid()").fetchone()[0] if store.is_postgresql() else 0


def _processor_of(process: int) -> float:
    """Seconds: Linux counts them in nanoseconds."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9 if process else 0.0


def _forget_peak() -> None:
    Path(f"/proc/{os.getpid()}/clear_refs").write_text("5")


def _peak() -> float:
    """Megabytes since it was forgotten."""
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

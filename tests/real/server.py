"""The true program in processes of its own: web server and worker, as `./run demo` starts them, on a free port with data of their own."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

import psutil
import pyotp

from portal import clock
from portal.actions.accounts.accounts import add_account
from portal.actions.accounts.staff_members import add_staff
from portal.store import database as store
from tests import keys, shared

HOME = Path(__file__).parents[2]
START_SECONDS = 90
STOP_SECONDS = 15


class Server:
    """`DATABASE_URL` may come in `environ`; everything else lies in `folder`, and a server started again finds it there."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder.with_suffix(".log")
        self.database_url = environ.get("DATABASE_URL", f"sqlite:///{folder / 'portal.db'}")
        self._environ = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self._environ |= {"PYTHONPATH": f"{HOME}:{HOME / 'site'}", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"} | environ
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, as_it_begins: bool = False) -> Self:
        """`as_it_begins`: on the day on which a new demo begins; else a new one is put on the real day.

        The personas of a new one have acted out their stories once for all tests.
        """
        is_new = not (self.folder / "sandbox.db").exists()
        if is_new and "DATABASE_URL" not in self._environ:
            fill(self.folder)
        self._start()
        if is_new and not as_it_begins:
            self._turn(0)
        return self

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", "portal.cli", "demo", "--port", str(self.port), "--data", str(self.folder)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=HOME, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        give_up = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise AssertionError(f"the server did not come up:\n{self.said()[-3000:]}")
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def processes(self) -> list[psutil.Process]:
        """The supervisor first, then the web server, its processes and our worker."""
        if self._process is None or self._process.poll() is not None:
            return []
        supervisor = psutil.Process(self._process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def kill(self) -> None:
        """kill -9 for all of them at once, as in a power failure."""
        processes = self.processes()
        for each in processes:  # first held, so that nobody starts or cleans up anything in between
            with suppress(psutil.NoSuchProcess):
                each.suspend()
        for each in processes:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._wait()
        _, alive = psutil.wait_procs(processes[1:], timeout=STOP_SECONDS)
        assert not alive, f"still there after kill -9: {alive}"

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        if self._process is None:
            return 0
        children = self.processes()[1:]
        if self._process.poll() is None:
            self._process.send_signal(2)
        code = self._wait()
        _, alive = psutil.wait_procs(children, timeout=1)
        for each in alive:
            each.kill()
        assert not alive, f"left behind by Ctrl-C: {alive}\n{self.said()[-2000:]}"
        return code

    def add_account(self, login: str, password: str = "demo-pass") -> str:
        """A customer without a contract, made beside the running server as the program's own command does (tests/test_cli.py)."""
        with self.models():
            return add_account(
                login=login, password=password, name="試験 花子", email=f"{login}@example.jp", plan="standard", site=()
            ).login

    def add_staff(self, login: str, password: str = "demo-pass") -> pyotp.TOTP:
        """One of the staff, made in the same way; what shows the codes, as the authenticator app on the desk does."""
        with self.models():
            return add_staff(login, password, "係 一郎", site=()).totp

    def age(self, order: str, due_on: date) -> None:
        """Let the order's due date be another day, as if it had been placed long ago; the worker finds it so."""
        with self._database() as database, database:
            changed = database.execute('UPDATE "order" SET due_on = ? WHERE number = ?', (due_on.isoformat(), order))
            assert changed.rowcount == 1

    def newest_setup(self) -> str:
        """The reference of the visit to a payment company that began last: the company's page keeps it to itself until the end."""
        with self._database() as database:
            return database.execute("SELECT reference FROM payment_method_setup ORDER BY id DESC").fetchone()[0]

    def stand_on(self, day: date) -> None:
        """Let this be the date on the demo's clock, also where it has been later."""
        self._turn((day - clock.day_of(clock.real_now())).days)

    def _turn(self, days: int) -> None:
        """Tests that are not about the demo's clock use the real date: 0."""
        with closing(sqlite3.connect(self.folder / "sandbox.db", timeout=10)) as books, books:
            books.execute("UPDATE demo_clock SET offset_days = ?", (days,))

    def _database(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self.folder / "portal.db", timeout=10))

    @contextmanager
    def models(self) -> Iterator[None]:
        """The server's rows, for actions of this process."""
        store.bind(self.database_url)
        store.ensure_connection()
        try:
            with keys.of_demo(self.folder):
                yield
        finally:
            store.close()

    def _wait(self) -> int:
        if self._process is None:
            return 0
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(STOP_SECONDS)


def fill(folder: Path) -> None:
    """With the data of a new demo, made once for all tests of a run; outside of a run the demo makes its own."""
    if filled := shared.made_once(f"demo-{clock.day_of(clock.real_now())}", _fill):
        shutil.copytree(filled, folder, dirs_exist_ok=True)


def _fill(folder: Path) -> None:
    server = Server(folder)
    server._start()
    assert server.stop() == 0, server.said()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]

"""Two web servers and two workers of this machine behind nginx, as deploy/ has them: the test holds the ports, as systemd does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from portal.demo.folder import DemoFolder
from tests.real.server import HOME, Server

SERVED = "portal.demo.wsgi:from_environment"
PROCESSES, THREADS, GRACE = 1, 8, 30
SECONDS = 120
PROGRAM = ("models.py", "site", "migrations", "templates", "static", "company")
MIGRATE = "import os; from portal.runtime.settings import settings_from; from portal.store.opening import migrate_database; "
MIGRATE += "print(migrate_database(settings_from(os.environ)))"
HANDS_OVER = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&%d'
ONE_MORE = """from portal.store.migrations import execute


def up(migrator, db):
    execute(db, "CREATE TABLE next_version (id BIGINT PRIMARY KEY); ALTER TABLE account ADD COLUMN next_version VARCHAR(10)")
"""


class Service:
    """A process that is started anew when it dies, after a second (`Restart=always`), by look_after()."""

    def __init__(self, farm: "Farm", name: str, command: list[str], listener: socket.socket | None = None) -> None:
        self._farm, self.name, self._listener = farm, name, listener
        shell = ["sh", "-c", HANDS_OVER % listener.fileno(), "sh"] if listener else []
        self._command, self.process, self.is_wanted = [*shell, *command], None, False
        self.log = farm.folder / f"{name}.log"

    def start(self) -> None:
        files = (self._listener.fileno(),) if self._listener else ()
        with self.log.open("ab") as log:
            options = {"cwd": self._farm.program, "env": self._farm.environ(), "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.process = subprocess.Popen(self._command, pass_fds=files, start_new_session=True, **options)
        self.is_wanted = True

    def stop(self) -> None:
        self.is_wanted = False
        self.process.terminate()
        self.process.wait(SECONDS)

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def kill(self, *, only_a_child: bool = False) -> None:
        """kill -9: the service with all its processes, or one that serves."""
        children = psutil.Process(self.process.pid).children()
        for each in children if only_a_child else [psutil.Process(self.process.pid), *children]:
            with suppress(psutil.NoSuchProcess):
                each.kill()

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


class Farm:
    """`program`: the folder of the version that is started next."""

    def __init__(self, folder: Path, front: int, database_url: str) -> None:
        self.folder, self.front, self.program = folder, front, HOME
        self.data, self._database_url = Server(folder / "data", DATABASE_URL=database_url), database_url
        DemoFolder(folder / "data").prepare()
        self.migrate()
        listeners = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2)]
        self.ports = tuple(each.getsockname()[1] for each in listeners)
        numbers = (str(PROCESSES), str(THREADS), str(GRACE))
        parent = [sys.executable, "-P", "-m", "portal.runtime.serving.parent", SERVED, "127.0.0.1", "0", *numbers]
        self.webs = [Service(self, f"web-{number}", parent, each) for number, each in enumerate(listeners)]
        self.workers = [Service(self, f"worker-{number}", [sys.executable, "-P", "-m", "portal.cli", "worker"]) for number in range(2)]

    @property
    def services(self) -> list[Service]:
        return [*self.webs, *self.workers]

    def environ(self) -> dict[str, str]:
        made = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        made |= {"PYTHONPATH": f"{self.program}:{self.program / 'site'}", "PYTHONUTF8": "1", "DATABASE_URL": self._database_url}
        return made | DemoFolder(self.folder / "data").environment() | {"PORT": str(self.front), "TRUSTED_PROXIES": "1"}

    def look_after(self) -> None:
        for each in self.services:
            if each.is_wanted and each.process.poll() is not None:
                time.sleep(1)
                each.start()

    def migrate(self) -> None:
        subprocess.run([sys.executable, "-P", "-c", MIGRATE], env=self.environ(), cwd=self.program, check=True, stdout=subprocess.DEVNULL)

    def upgrade(self) -> None:
        """The steps of the documents, from `ln` on: another folder, one more migration, one web server after the other."""
        following = self.folder / "next"
        following.mkdir()
        for name in PROGRAM:
            place = HOME / name
            shutil.copytree(place, following / name) if place.is_dir() else shutil.copy(place, following / name)
        (following / "migrations" / "9999_next_version.py").write_text(ONE_MORE, encoding="utf-8")
        for each in self.workers:
            each.stop()
        self.program = following
        self.migrate()
        for each, port in zip(self.webs, self.ports, strict=True):
            each.stop()
            each.start()
            self.wait_for(port)
        for each in self.workers:
            each.start()

    def wait_for(self, port: int) -> None:
        """As curl does: the port is open, so the answer comes when the server is there."""
        give_up = time.monotonic() + SECONDS
        while time.monotonic() < give_up:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as asked:
                asked.settimeout(SECONDS)
                asked.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if b" 200 " in asked.recv(100):
                    return
            time.sleep(0.1)
        raise AssertionError(f"nobody answers at {port}:\n{self.webs[0].said()[-3000:]}")

    def lines(self) -> list[str]:
        """Of what went wrong, tracebacks with all their lines."""
        return [line for each in self.services for line in each.said().splitlines() if " INFO " not in line]

    def end(self) -> None:
        for each in self.services:
            each.is_wanted = False
            if each.process and each.process.poll() is None:
                each.kill()
                each.process.wait(SECONDS)

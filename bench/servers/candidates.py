"""The servers that are compared: each with eight threads, one process unless it says more, and the same app."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

FACTORY, OBJECT, ASGI = "portal.demo.wsgi:from_environment()", "bench.servers.app:app", "bench.servers.app:asgi_app"
START_SECONDS, STOP_SECONDS = 60, 20
GUNICORN = "gunicorn --no-control-socket --log-level error --bind 127.0.0.1:{port}"
GRANIAN = "granian --host 127.0.0.1 --port {port} --no-ws --log-level error"


@dataclass
class Candidate:
    """`command`: a module of Python and its arguments. `reloads`: it knows SIGHUP."""

    name: str
    command: str
    needs: tuple[str, ...]
    reloads: bool = False
    port: int = 0
    process: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def is_installed(self) -> bool:
        return all(importlib.util.find_spec(name) for name in self.needs)

    def start(self, port: int, environ: Mapping[str, str]) -> None:
        self.port = port
        command = [sys.executable, "-P", "-m", *self.command.format(port=port).split()]
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command, env=environ | {"PORT": str(port)}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )
        give_up = time.monotonic() + START_SECONDS
        while not is_healthy(port):
            if self.process.poll() is not None or time.monotonic() > give_up:
                self.log.seek(0)
                raise RuntimeError(f"{self.name} did not start:\n{self.log.read().decode('utf-8', 'replace')[-2000:]}")
            time.sleep(0.1)

    def send(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def processes(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def megabytes(self) -> float:
        """Proportional: pages shared by several processes count once."""
        return sum(each.memory_full_info().pss for each in self.processes()) / 1e6

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        everybody = self.processes()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        for each in everybody:
            with suppress(psutil.NoSuchProcess):
                each.kill()


CANDIDATES = (
    Candidate("gunicorn gthread", f"{GUNICORN} --worker-class gthread --threads 8 {FACTORY}", ("gunicorn",), reloads=True),
    Candidate("gunicorn gevent", f"{GUNICORN} --worker-class gevent {FACTORY}", ("gunicorn", "gevent"), reloads=True),
    Candidate("gunicorn asgi, a2wsgi", f"{GUNICORN} --worker-class asgi {ASGI}", ("gunicorn", "a2wsgi"), reloads=True),
    Candidate("waitress", f"waitress --listen=127.0.0.1:{{port}} --threads=8 --no-ipv6 {OBJECT}", ("waitress",)),
    Candidate("granian", f"{GRANIAN} --interface wsgi --blocking-threads 8 {OBJECT}", ("granian",), reloads=True),
    Candidate("uvicorn, a2wsgi", f"uvicorn --port {{port}} --log-level error {ASGI}", ("uvicorn", "a2wsgi")),
    Candidate("hypercorn", f"hypercorn --bind 127.0.0.1:{{port}} --log-level error wsgi:{OBJECT}", ("hypercorn",)),
    Candidate("cheroot", "bench.servers.cherooted {port}", ("cheroot",)),
    Candidate(
        "ours, waitress",
        "portal.runtime.serving.parent portal.demo.wsgi:from_environment 127.0.0.1 {port} 1 8 30",
        ("waitress",),
        reloads=True,
    ),
)


def is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def environment(folder: Path) -> dict[str, str]:
    """A demo's settings, for an empty folder that is filled first."""
    from portal.demo import filling
    from portal.demo.companies import sandbox_companies
    from portal.demo.folder import DemoFolder
    from portal.demo.wsgi import create_demo
    from portal.runtime.settings import settings_from
    from portal.store import database as store
    from portal.store.opening import migrate_database

    environ = dict(os.environ) | DemoFolder(folder).prepare().environment()
    settings = settings_from(environ)
    migrate_database(settings)
    companies, books = sandbox_companies(settings)
    filling.make_ready(create_demo(settings, companies, books))
    books.close()
    store.close()
    return environ

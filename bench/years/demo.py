"""A demo of a checkout in a folder of its own, and the hosting side that it tells of its contracts."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

from years.browser import Browser, Lost
from years.staff import PASSWORD
from years.text import LOG

PERSONAS = ("new", "card", "osaipo", "bank", "renew", "failed", "ended")
PLANS = {"m6": "light", "m12": "business", "m36": "light"}  # the others: standard
STARTS_WITHIN = 300.0  # seconds: a fresh checkout makes its environment first


@contextmanager
def hosting_side() -> Iterator[tuple[str, list[dict]]]:
    """Its address, and what it was told."""
    told: list[dict] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        server.shutdown()


@contextmanager
def demo(checkout: Path, folder: Path, hosting: str, logins: Iterable[str]) -> Iterator[str]:
    """Its address, once it answers and all of these have accounts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base, environ = f"http://127.0.0.1:{port}", os.environ | {"PROVISION_URL": hosting, "PROVISION_SECRET": "0123456789abcdef" * 2}
    command = [checkout.resolve() / "run", "demo", "--port", str(port), "--data", folder]
    with (folder / LOG).open("w") as log, subprocess.Popen(command, env=environ, stdout=log, stderr=log) as process:
        try:
            _wait_for(base, process)
            secrets = json.loads((folder / "secrets.json").read_text())
            _add_accounts(checkout.resolve(), logins, os.environ | secrets | {"DEMO": "1", "DATA_FOLDER": str(folder)})
            yield base
        except (Exception, SystemExit):
            print((folder / LOG).read_text(), file=sys.stderr)
            raise
        finally:
            process.send_signal(signal.SIGINT)


def _wait_for(base: str, process: subprocess.Popen) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return Browser(base).visit("/demo")
        except (URLError, Lost):  # nobody listens yet; the personas are still being made
            if process.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def _add_accounts(checkout: Path, logins: Iterable[str], environ: dict[str, str]) -> None:
    """In their order: so everybody has the same place in every run."""
    for login in sorted(set(logins).difference(PERSONAS)):
        about = ["--name", f"三年 {login}", "--email", f"{login}@example.jp", "--plan", PLANS.get(login, "standard")]
        command = [checkout / "run", "portal", "account", "add", login, *about, "--password-stdin"]
        subprocess.run(command, env=environ, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)

"""A mail server and a hosting side that take everything and keep nothing, in a process of their own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

from bench.customer import SPAWN
from tests.real.server import free_port


@contextmanager
def receivers() -> Iterator[tuple[str, str]]:
    """SMTP_URL and PROVISION_URL."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


class Mails:
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return "250 OK"


class Hosting(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _serve(addresses: Connection) -> None:
    mails = Controller(Mails(), hostname="127.0.0.1", port=free_port())
    mails.start()
    hosting = ThreadingHTTPServer(("127.0.0.1", 0), Hosting)
    Thread(target=hosting.serve_forever, daemon=True).start()
    addresses.send((f"smtp://127.0.0.1:{mails.port}", f"http://127.0.0.1:{hosting.server_address[1]}/"))
    while True:
        time.sleep(60)

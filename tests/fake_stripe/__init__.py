"""A stateful stand-in for Stripe's API, as far as the portal uses it: in this process, on a port of its own.

What it does is taken from Stripe's published documentation (docs/stripe.md has the sources). It is for tests alone: no line of the program
knows of it, and Stripe's SDK speaks to it as to Stripe.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.fake_stripe.api import create_api
from tests.fake_stripe.world import World


class Handler(WSGIRequestHandler):
    def log(self, type: str, message: str, *arguments: object) -> None:
        """Nothing."""

    def connection_dropped(self, error: BaseException, environ: dict | None = None) -> None:
        """An answer is to be lost: the line is closed without it."""
        self.close_connection = True


class FakeStripe:
    """`world`: what it knows; `url`: where it listens."""

    def __init__(self) -> None:
        self.world = World()
        self._server = make_server("127.0.0.1", 0, create_api(self.world), threaded=True, request_handler=Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.world.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    fake = FakeStripe()
    try:
        yield fake
    finally:
        fake.stop()

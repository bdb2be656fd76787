"""The server in this process, turned by hand: nothing depends on how fast the machine is."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.runtime.serving.process import Server, make_server, turn
from tests.serving.tiny import answer


class Stage:
    """`ask` sends and turns the loop until there is an answer, or nothing more to do."""

    def __init__(self, app: Any) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.server: Server = make_server(app, listener, threads=2)
        self._clients: list[socket.socket] = []

    def connect(self, sent: bytes = b"") -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), 5)
        self._clients.append(client)
        client.sendall(sent)
        self.turns()
        return client

    def turns(self, count: int = 5) -> None:
        for _ in range(count):
            turn(self.server, 0.01)

    def answer(self, client: socket.socket, until: Callable[[bytes], bool] = lambda got: b"\r\n\r\n" in got) -> bytes:
        """What comes until `until` is true or the server closes; fails after ten seconds."""
        got, give_up = b"", time.monotonic() + 10
        client.setblocking(False)
        while not until(got):
            assert time.monotonic() < give_up, f"no answer, only {got[-200:]!r}"
            self.turns(1)
            try:
                part = client.recv(65536)
            except BlockingIOError:
                continue
            if not part:
                break
            got += part
        client.setblocking(True)
        return got

    def is_closed(self, client: socket.socket) -> bool:
        self.turns()
        client.setblocking(False)
        try:
            return client.recv(1) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True

    def later(self, seconds: float) -> None:
        self.server.end_overdue(time.monotonic() + seconds)
        self.turns()

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.server.task_dispatcher.shutdown()
        for connection in list(self.server.active_channels.values()):
            connection.end()
            connection.handle_close()
        self.server.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage(answer)
    yield made
    made.close()

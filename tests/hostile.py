"""Clients that hold a server's connections and never finish: each kind does what a broken network or an attacker does.

Only for servers of this machine. Everything ends with the `with` block.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
SECOND = 1.0
ADDRESS = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: identity\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"  # the portal reads such a body, so whoever waits for it waits here
POST = "POST /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n" + FORM + "Content-Length: 20000\r\n\r\nlogin="
TINY_BUFFER = 2048  # the kernel rounds it up
PIPELINED = 40


@dataclass(frozen=True)
class Kind:
    """`opening` is sent at once; then each second one byte of `drip`, or one byte of the answer is read."""

    name: str
    opening: str
    drip: str = ""
    reads_slowly: bool = False
    reads_first: bool = False


REQUEST = ADDRESS + "\r\n"
KINDS = (
    Kind("half a header", ADDRESS),
    Kind("half a body", POST),
    Kind("open and silent", ""),
    Kind("open after an answer", REQUEST, reads_first=True),
    Kind("a byte of header a second", ADDRESS, drip="X-Slow: " + "a" * 10_000),
    Kind("a byte of body a second", POST, drip="a" * 10_000),
    Kind("a byte of answer a second", REQUEST * PIPELINED, reads_slowly=True),
)


@dataclass
class Crowd:
    """`closed` is how many of its connections the server has ended by itself so far."""

    kind: Kind
    sockets: list[socket.socket] = field(default_factory=list)
    closed: int = 0

    def step(self, second: int) -> None:
        """What each of them does once a second."""
        for each in list(self.sockets):
            try:
                if self.kind.drip:
                    each.send(self.kind.drip[second : second + 1].encode())
                if self.kind.reads_slowly:
                    each.recv(1)
                elif not each.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError
            except BlockingIOError:
                continue
            except OSError:
                self._ended(each)

    def _ended(self, each: socket.socket) -> None:
        self.sockets.remove(each)
        self.closed += 1
        each.close()


@contextmanager
def crowd(kind: Kind, count: int, port: int, *, path: str = "/login") -> Iterator[Crowd]:
    """`count` connections of that kind, kept as they are until the block ends."""
    opened, stop = Crowd(kind), threading.Event()
    with ExitStack() as stack:
        for _ in range(count):
            opened.sockets.append(_connect(kind, port, path))
        stack.callback(lambda: [each.close() for each in opened.sockets])
        keeper = threading.Thread(target=_keep, args=(opened, stop), daemon=True)
        keeper.start()
        stack.callback(keeper.join)
        stack.callback(stop.set)
        yield opened


def _connect(kind: Kind, port: int, path: str) -> socket.socket:
    each = socket.socket()
    if kind.reads_slowly:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TINY_BUFFER)
    each.settimeout(30)
    each.connect((HOST, port))
    with suppress(ConnectionError):
        each.sendall(kind.opening.format(path=path, port=port).encode())
        if kind.reads_first:
            read_answer(each)
    each.setblocking(False)
    return each


def _keep(opened: Crowd, stop: threading.Event) -> None:
    second, started = 0, time.monotonic()
    while not stop.wait(max(0.05, started + (second + 1) * SECOND - time.monotonic())):
        opened.step(second)
        second += 1


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and head of one whole answer with a Content-Length. Raises ConnectionError if it is cut."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(connection)
    return int(head.split(b" ", 2)[1]), head


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionError("the answer was cut")
    return part

"""A line to the server that breaks where a test says: a TCP relay that reads as much HTTP as it needs to know which request it carries."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Self

HEAD_END = b"\r\n\r\n"


class Break(Enum):
    """Where in one exchange the connection is reset."""

    BEFORE = "nothing was sent"
    IN_REQUEST = "half the request was sent"
    BEFORE_ANSWER = "no answer came"
    IN_ANSWER = "half the answer came"

    @property
    def arrived(self) -> bool:
        """True if the server has the whole request."""
        return self in (Break.BEFORE_ANSWER, Break.IN_ANSWER)


class Line:
    """`url` is the server's address through this line. `breaks(method, path)` says where to break that exchange, or None."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.breaks: Callable[[str, str], Break | None] = lambda method, path: None
        self.broken: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, method: str, path: str, where: Break, times: int = 1) -> Self:
        """Break the next exchanges with this address, and count them in `broken`."""
        left = [times]

        def breaks(asked: str, address: str) -> Break | None:
            if (asked, address) != (method, path) or not left[0]:
                return None
            left[0] -= 1
            return where

        self.breaks = breaks
        return self

    def lose(self, *files: str) -> Self:
        """These files never come."""
        self.breaks = lambda method, path: Break.BEFORE if path in files else None
        return self

    def mend(self) -> Self:
        self.breaks = lambda method, path: None
        return self

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        with browser, suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as server:
            while self._exchange(browser, server):
                pass
            _reset(browser)

    def _exchange(self, browser: socket.socket, server: socket.socket) -> bool:
        """Carry one request and its answer. False when the line is broken, or either side has ended it."""
        head, body = _message(browser)
        if not head:
            return False
        method, path = head.split(b" ", 2)[:2]
        where = self.breaks(method.decode(), path.decode().partition("?")[0])
        if where is not None:
            self.broken.append(f"{method.decode()} {path.decode()}: {where.value}")
        if where is Break.BEFORE:
            return False
        if where is Break.IN_REQUEST:
            server.sendall((head + body)[: len(head) + len(body) // 2])
            return False
        server.sendall(head + body)
        head, body = _message(server, has_body=method != b"HEAD")
        if where is Break.BEFORE_ANSWER or not head:
            return False
        browser.sendall((head + body)[: (len(head) + len(body)) // 2] if where else head + body)
        return where is None and b"connection: close" not in head.lower()


def _message(side: socket.socket, *, has_body: bool = True) -> tuple[bytes, bytes]:
    """The head and the body of one message; empty when the other side has ended the connection."""
    read = b""
    while HEAD_END not in read:
        more = side.recv(65536)
        if not more:
            return b"", b""
        read += more
    head, _, body = read.partition(HEAD_END)
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while has_body and len(body) < length:
        more = side.recv(65536)
        if not more:
            break
        body += more
    return head + HEAD_END, body


def _reset(side: socket.socket) -> None:
    """Closed with a reset, as a line does that breaks; not with the polite end of a connection."""
    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

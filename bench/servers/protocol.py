"""What a server does with an old client, a long header, a large body and two requests at once."""

import socket
import time
from contextlib import suppress

from tests.serving.customers import connect

LARGE_BODY, LONG_HEADER = 50_000_000, 200_000


def protocol_facts(port: int) -> dict[str, str]:
    return {
        "Server": _header(_said(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"), "server"),
        "HTTP/1.0": _status(_said(port, b"GET /healthz HTTP/1.0\r\n\r\n")) + ", closed",
        "HTTP/1.0 keep-alive": _kept(port, b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        "HTTP/1.1 keep-alive": _kept(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        "a header of 200 kB": _status(_said(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * LONG_HEADER + b"\r\n\r\n")),
        "an address of 60 kB": _status(
            _said(port, b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        ),
        "a body of 50 MB, answered after": _large_body(port),
    }


def _said(port: int, sent: bytes) -> bytes:
    """Everything that the server answers until it closes, at most for five seconds."""
    got = b""
    with connect(port) as connection:
        connection.settimeout(5)
        with suppress(OSError):
            connection.sendall(sent)
        with suppress(OSError):
            while part := connection.recv(65536):
                got += part
    return got


def _kept(port: int, sent: bytes) -> str:
    with connect(port) as connection:
        connection.settimeout(5)
        for count in range(3):
            try:
                connection.sendall(sent)
                if not connection.recv(65536):
                    return f"closed after {count}"
            except OSError:
                return f"closed after {count}"
            time.sleep(0.2)
    return "kept"


def _large_body(port: int) -> str:
    """Sent in pieces, until the server answers or closes."""
    head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: {LARGE_BODY}\r\n\r\n"
    with connect(port) as connection:
        connection.sendall(head.encode())
        sent = 0
        connection.settimeout(0.02)
        while sent < LARGE_BODY:
            try:
                answer = connection.recv(65536)
                return f"{_status(answer)} {sent / 1e6:.1f} MB" if answer else f"closed {sent / 1e6:.1f} MB"
            except TimeoutError:
                pass
            except OSError:
                return f"reset {sent / 1e6:.1f} MB"
            with suppress(socket.timeout, OSError):
                sent += connection.send(b"a" * 1_000_000)
        connection.settimeout(10)
        with suppress(OSError):
            return f"{_status(connection.recv(65536))} {sent / 1e6:.1f} MB"
    return "no answer"


def _status(answer: bytes) -> str:
    return answer.split(b" ", 2)[1].decode() if answer.startswith(b"HTTP/") else "nothing"


def _header(answer: bytes, name: str) -> str:
    lines = answer.split(b"\r\n\r\n")[0].split(b"\r\n")
    return next((line.split(b":", 1)[1].strip().decode() for line in lines if line.lower().startswith(name.encode() + b":")), "-")

"""What every conversation with another server needs: an end, and to know whether it leaves this machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any


@contextmanager
def at_most(seconds: float, connection: Any) -> Iterator[None]:
    """A server that says a letter every few seconds is no better than one that is silent. `connection` has a `sock`."""
    timer = threading.Timer(seconds, _cut_off, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cut_off(connection: Any) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)

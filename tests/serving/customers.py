"""Customers who go on asking while a server is told to load itself anew or to end, and count what they lost."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.hostile import HOST, read_answer

SECONDS = 20.0
PAUSE = 0.01


@dataclass
class Tally:
    """`lost`: sent on a new connection and never answered whole. `cut`: the same on a kept one, before any byte came."""

    asked: int = 0
    lost: list[str] = field(default_factory=list)
    cut: int = 0
    longest: float = 0


def connect(port: int, seconds: float = SECONDS, *, address: str = HOST) -> socket.socket:
    """`address`: the client's own."""
    connection = socket.create_connection((HOST, port), seconds, source_address=(address, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(path: str, cookie: str = "", *, close: bool = False, body: str | None = None) -> bytes:
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n"
    head += f"Cookie: {cookie}\r\n" if cookie else ""
    head += "Connection: close\r\n" if close else ""
    if body is not None:
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n{body or ''}".encode()


def under_load(port: int, act: Callable[[], None], *, before: float, after: float, path: str = "/login", ends: bool = False) -> Tally:
    """Two open a connection for each request, two keep theirs; `act` happens between. `ends`: nobody answers afterwards."""
    tally, stop = Tally(), threading.Event()

    def the_act() -> None:
        time.sleep(before)
        act()
        time.sleep(after)
        stop.set()

    calls = [the_act, *(lambda keeps=keeps: _customer(port, path, tally, stop, keeps=keeps, ends=ends) for keeps in (True, False) * 2)]
    at_once(calls)
    return tally


def at_once(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def _customer(port: int, path: str, tally: Tally, stop: threading.Event, *, keeps: bool, ends: bool) -> None:
    connection, is_kept = None, False
    while not stop.is_set():
        try:
            connection, is_kept = (connection, True) if connection else (connect(port), False)
        except OSError as error:
            if ends and isinstance(error, ConnectionError):
                return
            tally.lost.append(repr(error))
            continue
        if not (_ask(connection, path, tally, keeps=keeps, is_kept=is_kept) and keeps):
            connection.close()
            connection = None
        time.sleep(PAUSE)
    if connection:
        connection.close()


def _ask(connection: socket.socket, path: str, tally: Tally, *, keeps: bool, is_kept: bool) -> bool:
    """False if the connection is of no more use."""
    tally.asked += 1
    began = time.monotonic()
    try:
        connection.sendall(request(path, close=not keeps))
        status, head = read_answer(connection)
    except OSError as error:
        if is_kept and isinstance(error, ConnectionError):
            tally.cut += 1
        else:
            tally.lost.append(repr(error))
        return False
    if status != 200:
        tally.lost.append(f"status {status}")
    tally.longest = max(tally.longest, time.monotonic() - began)
    return b"connection: close" not in head.lower()

"""Customers who ask for pages: how many a second, how long each takes, and which answers never came."""

import re
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.hostile import read_answer
from tests.serving.customers import at_once, connect, request

PAGES = {"control panel": "/", "contract": "/contract", "account": "/account"}
PATIENCE = 6.0  # of a customer on a page of her own connection


@dataclass
class Times:
    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))] if self.seconds else float("inf")

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("inf")


def sign_in(port: int, login: str = "new", password: str = "demo-pass") -> str:
    """The cookie of a customer who has signed in."""
    with connect(port) as connection:
        connection.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        page = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    cookie = "; ".join(re.findall(r"(?im)^set-cookie: ([^;]+)", page))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    fields = {"csrf_token": token, "next": "", "login": login, "password": password}
    with connect(port) as connection:
        connection.sendall(request("/login", cookie, close=True, body=urlencode(fields)))
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    if " 303 " not in answer.split("\r\n")[0]:
        raise RuntimeError(f"nobody could sign in: {answer[:200]}")
    return "; ".join(re.findall(r"(?im)^set-cookie: ([^;]+)", answer)) or cookie


def ask_fresh(port: int, path: str, cookie: str, times: Times) -> None:
    """One request on a connection of its own."""
    started = time.monotonic()
    try:
        with connect(port, PATIENCE) as connection:
            connection.sendall(request(path, cookie, close=True))
            status, _ = read_answer(connection)
        if status != 200:
            raise OSError(f"status {status}")
    except OSError as error:
        times.lost.append(repr(error))
    times.seconds.append(time.monotonic() - started)


def ask_in_turns(port: int, path: str, cookie: str, count: int, clients: int = 4) -> tuple[float, Times]:
    """`clients` at once, each on one kept connection: requests a second, and their times."""
    times, started = Times(), time.monotonic()

    def ask() -> None:
        with connect(port) as connection:
            for _ in range(count // clients):
                began = time.monotonic()
                connection.sendall(request(path, cookie))
                read_answer(connection)
                times.seconds.append(time.monotonic() - began)

    at_once([ask] * clients)
    return len(times.seconds) / (time.monotonic() - started), times

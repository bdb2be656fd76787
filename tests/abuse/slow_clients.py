"""60 hostile connections of each kind against a demo of this machine, directly and, where nginx is installed, through deploy/nginx.conf.

Ends with 1 if a page took more than half a second longer than without them. Loopback only; about five minutes.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

from portal.web.assets import asset_url
from tests.hostile import KINDS, crowd, read_answer
from tests.nginx import PROGRAM, nginx
from tests.real.server import Server
from tests.serving.customers import connect, request

HOSTILE, PAGES, LONGER = 60, 20, 0.5
CUSTOMER = "127.0.0.2"  # another network than the hostile one's


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo").start()
        try:
            bad = campaign("directly", server.port)
            if PROGRAM:
                with nginx(Path(folder), (server.port, server.port), tls=False) as front:
                    bad += campaign("through nginx", front.https)
            else:
                print("left out: nginx is not installed (apt-get install nginx)")
        finally:
            server.stop()
    print("\n".join(bad) or "no page took more than half a second longer")
    return 1 if bad else 0


def campaign(way: str, port: int) -> list[str]:
    cookie, bad = a_session(port), []
    usual = slowest(port, cookie)
    print(f"{way}: slowest page alone {usual * 1000:.0f} ms")
    for kind in KINDS:
        with crowd(kind, HOSTILE, port, path=asset_url("vendor/htmx.min.js") if kind.reads_slowly else "/login"):
            time.sleep(1)
            longest = slowest(port, cookie)
        print(f"{way}: {kind.name}: {longest * 1000:.0f} ms", flush=True)
        bad += [f"{way}, {kind.name}: {longest:.2f} s"] if longest > usual + LONGER else []
    return bad


def a_session(port: int) -> str:
    """Of a browser that keeps its cookies, as customers' do: a new session for each page would reach the limit of this network."""
    with connect(port, address=CUSTOMER) as connection:
        connection.sendall(request("/login", close=True))
        return re.findall(rb"(?im)^set-cookie: ([^;]+)", read_answer(connection)[1])[0].decode()


def slowest(port: int, cookie: str) -> float:
    longest = 0.0
    for _ in range(PAGES):
        began = time.monotonic()
        with connect(port, address=CUSTOMER) as connection:
            connection.sendall(request("/login", cookie, close=True))
            status, _ = read_answer(connection)
            assert status == 200, status
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.05)
    return longest


if __name__ == "__main__":
    sys.exit(main())

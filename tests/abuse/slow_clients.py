"""60 hostile connections of each kind against a demo of this machine, directly and, where nginx is installed, through deploy/nginx.conf.

Ends with 1 if a page took more than half a second longer than without them. Loopback only; about five minutes.
"""

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
    usual, bad = slowest(port), []
    print(f"{way}: slowest page alone {usual * 1000:.0f} ms")
    for kind in KINDS:
        with crowd(kind, HOSTILE, port, path=asset_url("vendor/htmx.min.js") if kind.reads_slowly else "/login"):
            time.sleep(1)
            longest = slowest(port)
        print(f"{way}: {kind.name}: {longest * 1000:.0f} ms", flush=True)
        bad += [f"{way}, {kind.name}: {longest:.2f} s"] if longest > usual + LONGER else []
    return bad


def slowest(port: int) -> float:
    longest = 0.0
    for _ in range(PAGES):
        began = time.monotonic()
        with connect(port) as connection:
            connection.sendall(request("/login", close=True))
            assert read_answer(connection)[0] == 200
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.05)
    return longest


if __name__ == "__main__":
    sys.exit(main())

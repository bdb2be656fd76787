"""60 hostile connections of each kind against a demo of this machine, directly and, where nginx is installed, through docs/nginx.conf.

Ends with 1 if a page took more than half a second longer than without them. Loopback only; about five minutes.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.web.assets import asset_url
from tests.hostile import KINDS, crowd, read_answer
from tests.real.server import Server, free_port
from tests.serving.customers import connect, request

HOSTILE, PAGES, LONGER = 60, 20, 0.5
NGINX = "/usr/sbin/nginx"
AROUND = """pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{inside} }}
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo").start()
        try:
            bad = campaign("directly", server.port)
            if shutil.which(NGINX):
                with nginx(Path(folder), server.port) as port:
                    bad += campaign("through nginx", port)
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


@contextmanager
def nginx(folder: Path, portal: int) -> Iterator[int]:
    """docs/nginx.conf as it is, but for ports, host and the certificate."""
    port, text = free_port(), (Path(__file__).parents[2] / "docs" / "nginx.conf").read_text("utf-8")
    upstream, _, rest = text.partition("server {\n    listen 80;")
    inside = upstream + "server {" + rest.partition("server {")[2]
    inside = re.sub(r"listen \[::\]:443 ssl http2;|ssl_\w+ [^;]*;", "", inside).replace(
        "listen 443 ssl http2;", f"listen 127.0.0.1:{port};"
    )
    inside = inside.replace("127.0.0.1:8000", f"127.0.0.1:{portal}").replace("portal.example.jp", "127.0.0.1")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, inside=inside))
    process = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    try:
        time.sleep(1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


if __name__ == "__main__":
    sys.exit(main())

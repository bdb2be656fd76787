"""nginx of this machine with deploy/nginx.conf as it stands, but for ports, folders and the certificate."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.server import free_port

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
NAME = "portal.example.jp"
PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
USER = "user root;\n" if os.geteuid() == 0 else ""  # its folders for bodies are the test's
AROUND = """{user}pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{ client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{inside} }}
"""


@dataclass(frozen=True)
class Nginx:
    http: int
    https: int
    certificate: Path
    file: Path


@contextmanager
def nginx(folder: Path, upstreams: tuple[int, int], *, tls: bool = True) -> Iterator[Nginx]:
    """In front of the web servers at these ports. Without `tls` its port for https speaks plain HTTP, for clients that cannot."""
    made = configured(folder, upstreams, tls=tls)
    process = subprocess.Popen([str(PROGRAM), "-c", str(made.file), "-g", "daemon off;"])
    try:
        _wait_for(made.https)
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def configured(folder: Path, upstreams: tuple[int, int], *, tls: bool = True) -> Nginx:
    made = Nginx(free_port(), free_port(), folder / "fullchain.pem", folder / "nginx.conf")
    text = re.sub(r"^ *listen \[::\]:.*$", "", CONFIGURATION.read_text("utf-8"), flags=re.MULTILINE)
    text = text.replace("listen 80", f"listen 127.0.0.1:{made.http}").replace("listen 443", f"listen 127.0.0.1:{made.https}")
    text = text.replace("/etc/ssl/portal", str(folder)).replace("/var/www/acme", str(folder / "acme"))
    for ours, port in zip(("127.0.0.1:8001", "127.0.0.1:8002"), upstreams, strict=True):
        assert ours in text
        text = text.replace(ours, f"127.0.0.1:{port}")
    if tls:
        make_certificate(folder)
    else:
        text = re.sub(r"ssl_\w+ [^;]*;", "", text).replace(" ssl http2", "").replace(NAME, "127.0.0.1")
    made.file.write_text(AROUND.format(user=USER, folder=folder, inside=text), encoding="utf-8")
    return made


def make_certificate(folder: Path) -> None:
    """Signed by itself, as the document does it."""
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem"))
    about = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *about, *files], check=True, capture_output=True)


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < give_up, "nginx does not start"
            time.sleep(0.02)

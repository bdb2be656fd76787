"""nginx of this machine with deploy/nginx.conf as it stands, but for ports, folders and the certificate."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.real.server import free_port

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding")
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
def nginx(folder: Path, upstreams: tuple[int, ...], *, tls: bool = True, https: int = 0) -> Iterator[Nginx]:
    """In front of the web servers at these ports. Without `tls` its port for https speaks plain HTTP, for clients that cannot."""
    made = configured(folder, upstreams, tls=tls, https=https)
    with started(made.file, made.https):
        yield made


@contextmanager
def started(file: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen([str(PROGRAM), "-c", str(file), "-g", "daemon off;"])
    try:
        _wait_for(port)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def configured(folder: Path, upstreams: tuple[int, ...], *, tls: bool = True, https: int = 0) -> Nginx:
    made = Nginx(free_port(), https or free_port(), folder / "fullchain.pem", folder / "nginx.conf")
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


def over_tls(port: int, certificate: Path, name: str = NAME, seconds: float = 60) -> Callable[..., Iterable[bytes]]:
    """What answers at this port of 127.0.0.1 as an application for tests/browser.py. Raises OSError or HTTPException where nothing does."""
    trust = ssl.create_default_context(cafile=str(certificate))

    def ask(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = {key[5:].replace("_", "-").title(): value for key, value in environ.items() if key.startswith("HTTP_")} | {"Host": name}
        sent |= {"Content-Type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {}
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with closing(HTTPSConnection("127.0.0.1", port, timeout=seconds, context=trust)) as connection:
            connection.sock = trust.wrap_socket(socket.create_connection(("127.0.0.1", port), seconds), server_hostname=name)
            connection.request(environ["REQUEST_METHOD"], quote(environ["PATH_INFO"].encode("latin-1")) + query, body, sent)
            answer = connection.getresponse()
            whole = answer.read()
        start_response(f"{answer.status} {answer.reason}", [pair for pair in answer.getheaders() if pair[0].lower() not in HOP_BY_HOP])
        return [whole]

    return ask

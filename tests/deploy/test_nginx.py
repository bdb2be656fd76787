"""The portal in real use behind the nginx of this machine, with deploy/nginx.conf: what customers get, and what reaches the portal."""

import contextlib
import re
import select
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from flask import Flask, request, url_for

from portal.app import create_app
from portal.runtime.serving.process import Server, make_server, turn
from portal.store import database as store
from tests.hostile import read_answer
from tests.nginx import AROUND, CONFIGURATION, NAME, PROGRAM, USER, Nginx, configured, nginx, started
from tests.real.server import free_port

pytestmark = pytest.mark.skipif(
    not (PROGRAM and shutil.which("openssl")), reason="nothing was tried behind nginx: it or openssl is missing (apt-get install nginx)"
)
ATTACK = "203.0.113.9"


class Upstream:
    """One web server of the portal, in a thread of this process."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        listener = socket.create_server(("127.0.0.1", port))
        self.port = listener.getsockname()[1]
        self._server: Server = make_server(app, listener, threads=2)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            turn(self._server, 0.05)
        self._server.task_dispatcher.shutdown()
        for connection in list(self._server.active_channels.values()):
            connection.handle_close()
        self._server.close()

    def die(self) -> None:
        self._stop.set()
        self._thread.join()


@dataclass
class Stage:
    app: Flask
    front: Nginx
    servers: list[Upstream]
    addresses: list[str]
    """Of the clients, as the portal understood them."""

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
        trust = ssl.create_default_context(cafile=str(self.front.certificate))
        connection = HTTPSConnection("127.0.0.1", self.front.https, timeout=20, context=trust)
        connection.sock = trust.wrap_socket(socket.create_connection(("127.0.0.1", self.front.https), 20), server_hostname=NAME)
        sent = {"Host": NAME} | {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer, answer.read()


@pytest.fixture
def stage(settings, companies, tmp_path: Path) -> Iterator[Stage]:
    store.close()
    real = replace(settings, demo=False, public_url=f"https://{NAME}", trusted_proxies=1)
    app, addresses = create_app(real, companies=companies), list[str]()
    app.before_request(lambda: addresses.append(request.remote_addr or ""))
    servers = [Upstream(app), Upstream(app)]
    with nginx(tmp_path, (servers[0].port, servers[1].port)) as front:
        yield Stage(app, front, servers, addresses)
    for each in servers:
        each.die()


def test_nginx_finds_nothing_wrong_in_its_file(tmp_path: Path) -> None:
    made = configured(tmp_path, (8001, 8002))

    done = subprocess.run([str(PROGRAM), "-t", "-c", str(made.file)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_who_floods_waits_alone(tmp_path: Path) -> None:
    """200 requests of one network at once: some wait at nginx, some are refused in Japanese, and nobody else notices."""
    app = Flask("counts")
    app.add_url_rule("/login", view_func=lambda: request.headers["X-Forwarded-For"])
    server = Upstream(app)
    with nginx(tmp_path, (server.port, server.port), tls=False) as front, contextlib.ExitStack() as open_until_the_end:

        def asks(address: str) -> socket.socket:
            asked = socket.create_connection(("127.0.0.1", front.https), 20, source_address=(address, 0))
            asked.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return open_until_the_end.enter_context(asked)

        flood = [asks("127.0.0.2") for _ in range(200)]
        assert read_answer(asks("127.0.0.3"))[0] == 200

        answered = select.select(flood, [], [], 0)[0]
        texts = [each.recv(65_536).decode() for each in answered]
        refused = [text for text in texts if " 429 " in text.splitlines()[0]]
        assert len(answered) < len(flood)
        assert len(refused) > 20
        assert all("続けて多くのページが開かれました" in text and "Retry-After: 10\r\n" in text for text in refused)
    server.die()


def test_files_of_staff_have_time_and_no_other_door(tmp_path: Path) -> None:
    """A page has a minute, here a second. Whoever shuts out other networks from staff's pages shuts them out from staff's files."""
    app, asked = Flask("slow"), list[str]()
    app.before_request(lambda: asked.append(request.path) or time.sleep(1.5))
    for path in ("/staff/day", "/staff/journal/2026-11/freee.csv"):
        app.add_url_rule(path, endpoint=path, view_func=lambda: "made")
    server = Upstream(app)

    def status(front: Nginx, path: str) -> int:
        with contextlib.closing(HTTPConnection("127.0.0.1", front.https, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": "127.0.0.1"})
            return connection.getresponse().status

    made = configured(tmp_path, (server.port, server.port), tls=False)
    made.file.write_text(made.file.read_text("utf-8").replace("proxy_read_timeout 60s", "proxy_read_timeout 1s"), "utf-8")
    with started(made.file, made.https):
        assert status(made, "/staff/day") == 503
        asked.clear()
        assert (status(made, "/staff/journal/2026-11/freee.csv"), len(asked)) == (200, 1)
    made.file.write_text(made.file.read_text("utf-8").replace("# deny all;", "deny all;"), "utf-8")
    with started(made.file, made.https):
        assert [status(made, path) for path in ("/staff/day", "/staff/journal/2026-11/freee.csv")] == [403, 403]
    server.die()


def test_half_of_an_ipv6_address_is_a_network(tmp_path: Path) -> None:
    made_network = re.findall(r"(?ms)^map .*?^}", CONFIGURATION.read_text("utf-8"))[0]
    asked = f"listen 127.0.0.1:{(port := free_port())}; set_real_ip_from 127.0.0.1; real_ip_header Asks; return 200 $portal_network;"
    file = tmp_path / "nginx.conf"
    file.write_text(AROUND.format(user=USER, folder=tmp_path, inside=f"{made_network} server {{ {asked} }}"), "utf-8")
    with started(file, port):

        def network(address: str) -> bytes:
            with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
                connection.request("GET", "/", headers={"Asks": address})
                return connection.getresponse().read()

        for address in ("2001:db8:0:a0a::1", "2001:db8:0:a0a:ffff:1:2:3"):  # "\n" is a byte as any other
            assert network(address) == bytes.fromhex("20010db800000a0a")
        assert network("192.0.2.7") == bytes([192, 0, 2, 7])


def test_a_customer_behind_nginx(stage: Stage) -> None:
    """One test for all of it: the portal and nginx start once."""
    page, _ = stage.ask("/login", Accept_Encoding="br")
    assert (page.status, page.headers["Content-Encoding"], page.headers["Strict-Transport-Security"][:7]) == (200, "br", "max-age")
    assert page.headers.get_all("Content-Security-Policy") == [page.headers["Content-Security-Policy"]]
    assert page.headers["Server"] == "nginx"
    assert "no-store" in page.headers["Cache-Control"] or "no-cache" in page.headers["Cache-Control"]
    assert page.headers["Set-Cookie"].startswith("__Host-")

    public, _ = stage.ask("/legal/tokutei")
    again, nothing = stage.ask("/legal/tokutei", If_None_Match=public.headers["ETag"])
    assert (public.status, again.status, nothing) == (200, 304, b"")
    assert again.headers["ETag"] == public.headers["ETag"]

    _prove_the_dictionary(stage)
    _prove_the_limits(stage)
    _prove_the_address(stage)
    _prove_one_server_is_enough(stage)


def _prove_the_dictionary(stage: Stage) -> None:
    """RFC 9842: made once, kept for a year, and pages against it pass nginx as they are."""
    pages = stage.app.extensions["page_dictionary"]
    with stage.app.test_request_context():
        address = url_for("page_dictionary.show", tag=pages.tag)
    made, text = stage.ask(address, Accept_Encoding="identity")
    assert made.status == 200
    assert made.headers["Use-As-Dictionary"]
    assert "max-age=31536000" in made.headers["Cache-Control"]
    assert text == pages.dictionary.text

    page, small = stage.ask("/login", Accept_Encoding="br, dcz", Available_Dictionary=pages.dictionary.named)
    assert page.headers["Content-Encoding"] == "dcz"
    assert len(small) < 3_000
    public, _ = stage.ask("/legal/tokutei", Accept_Encoding="br, dcz", Available_Dictionary=pages.dictionary.named)
    assert (public.headers["Content-Encoding"], "Available-Dictionary" in public.headers["Vary"]) == ("dcz", True)


def _prove_the_limits(stage: Stage) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    large, said = stage.ask("/login", "POST", b"a" * 70_000, **form)
    assert (large.status, "入力された内容が長すぎます" in said.decode()) == (413, True)
    huge, said = stage.ask("/login", "POST", b"a" * 6_000_000, **form)
    assert (huge.status, "入力された内容が長すぎます" in said.decode()) == (413, True)
    assert huge.headers["Strict-Transport-Security"]
    assert stage.ask("/metrics")[0].status == 404

    with socket.create_connection(("127.0.0.1", stage.front.http), 5) as plain:
        plain.sendall(f"POST /notices/stripe HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 0\r\n\r\n".encode())
        assert b" 403 " in plain.recv(100)
    with socket.create_connection(("127.0.0.1", stage.front.http), 5) as plain:
        plain.sendall(f"GET /login?a=b HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        assert f"https://{NAME}/login?a=b".encode() in plain.recv(1000)
    with socket.create_connection(("127.0.0.1", stage.front.http), 5) as plain:
        plain.sendall(b"GET /login HTTP/1.1\r\nHost: another.example.com\r\n\r\n")
        assert plain.recv(100) == b""

    # clients that send nothing hold nginx, and no thread of the portal (all kinds of them: tests/abuse/slow_clients.py)
    held = [socket.create_connection(("127.0.0.1", stage.front.https), 5) for _ in range(20)]
    assert stage.ask("/login")[0].status == 200
    for each in held:
        each.close()


def _prove_the_address(stage: Stage) -> None:
    """Of the client as nginx saw it: what the client itself writes is worth nothing."""
    stage.addresses.clear()
    stage.ask("/login", X_Forwarded_For=ATTACK, X_Real_Ip=ATTACK, Forwarded=f"for={ATTACK}")
    assert stage.addresses == ["127.0.0.1"]


def _prove_one_server_is_enough(stage: Stage) -> None:
    stage.servers[0].die()
    assert {stage.ask("/login")[0].status for _ in range(6)} == {200}
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert {stage.ask("/login", "POST", b"login=a", **form)[0].status for _ in range(4)} <= {303, 400, 422}
    stage.servers[1].die()
    away, said = stage.ask("/login")
    assert (away.status, away.headers["Retry-After"], "ただいま接続できません" in said.decode()) == (503, "30", True)
    stage.servers[0] = Upstream(stage.app, stage.servers[0].port)
    assert stage.ask("/login")[0].status == 200

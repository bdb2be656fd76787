"""Start gunicorn, and check its port and health."""

import errno
import socket
import sys
import time

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from portal.runtime.settings import Settings
from portal.store.opening import Refused


def gunicorn_command(settings: Settings, program: str, *more: str) -> list[str]:
    """One process with threads. No control socket: two instances of one user would share it. `program`: the WSGI app."""
    options = [
        "--bind",
        f"{_in_an_address(settings.host)}:{settings.port}",
        "--worker-class",
        "gthread",
        "--threads",
        str(settings.threads),
        "--no-control-socket",
    ]
    return [sys.executable, "-P", "-m", "gunicorn", *options, *more, program]


def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """True if the server responds. Asked directly, ignoring proxy environment variables."""
    with PoolManager(retries=False, timeout=5) as http:
        try:
            return http.request("GET", f"http://{_in_an_address(host)}:{port}{path}").status == 200
        except HTTPError:
            return False


def refuse_taken_port(host: str, port: int, *, patience: float = 0) -> None:
    """Raises Refused if the port is in use, after retrying for `patience` seconds."""
    give_up = time.monotonic() + patience
    while reason := _why_not(host, port):
        if time.monotonic() >= give_up:
            raise Refused(reason)
        time.sleep(0.2)


def _in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _why_not(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does, so connections in TIME_WAIT do not matter
        try:
            listener.bind((host, port))
            listener.listen(1)
        except PermissionError:
            return f"ポート{port}を使う権限がありません。1024以上の番号を指定してください。"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"ポート{port}はほかのプログラムが使っています。別の番号を指定してください（例：--port {_next(port)}）。"
            return f"{host} のポート{port}で待ち受けできません（{error.strerror}）。"
    return None


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000

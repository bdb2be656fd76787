"""The command that starts the web server, and checks of its port and health."""

import errno
import os
import socket
import sys
import time

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from portal.runtime.settings import Settings
from portal.store.opening import Refused


def serve_command(settings: Settings, program: str, *, grace: float) -> list[str]:
    """`program` makes the WSGI app: `portal.app:from_environment`. `grace`: seconds to finish what was asked before the end."""
    module = "portal.runtime.serving.parent"
    numbers = (settings.port, settings.processes, settings.threads, grace, int(settings.log_json))
    return [sys.executable, "-P", "-m", module, program, settings.host, *map(str, numbers)]


def has_its_socket() -> bool:
    """True if systemd holds the port for us."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """True if the server responds. Asked directly, ignoring proxy environment variables."""
    with PoolManager(retries=False, timeout=5) as http:
        try:
            return http.request("GET", f"http://{_in_an_address(host)}:{port}{path}").status == 200
        except HTTPError:
            return False


def refuse_taken_port(host: str, port: int, said_by: str, *, patience: float = 0) -> None:
    """Raises Refused if the port is in use, after retrying for `patience` seconds. `said_by`: what names the port, `--port ` or `PORT=`."""
    give_up = time.monotonic() + patience
    while reason := _why_not(host, port, said_by):
        if time.monotonic() >= give_up:
            raise Refused(reason)
        time.sleep(0.2)


def _in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _why_not(host: str, port: int, said_by: str) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does, so connections in TIME_WAIT do not matter
        try:
            listener.bind((host, port))
            listener.listen(1)
        except PermissionError:
            return f"ポート{port}を使う権限がありません。1024以上の番号を指定してください。"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"ポート{port}はほかのプログラムが使っています。別の番号を指定してください（例：{said_by}{_next(port)}）。"
            return f"{host} のポート{port}で待ち受けできません（{error.strerror}）。"
    return None


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000

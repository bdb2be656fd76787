"""One serving process. parent.py hands it the open port; it says when it is ready, and ends when it is told or its parent is gone."""

import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from portal.runtime import garbage
from portal.runtime.metrics import COUNTS, count_in
from portal.runtime.serving import limits
from portal.runtime.serving.connection import Connection

SPARE_FILES = 200  # for the database, locks and mails
TURN_SECONDS = 1.0
FULL, FREE_AGAIN = 0.9, 0.8  # of the connections


class Server(TcpWSGIServer):
    channel_class = Connection
    is_ending = False

    def maintenance(self, now: float) -> None:
        """Each second: end what takes too long, and near the limit what has waited longest. Share what was counted."""
        COUNTS.flush()
        self.end_overdue(time.monotonic())
        connections = list(self.active_channels.values())
        if len(connections) > FULL * limits.CONNECTIONS:
            waiting = sorted((each for each in connections if not each.requests), key=lambda each: each.since)
            for connection in waiting[: len(connections) - int(FREE_AGAIN * limits.CONNECTIONS)]:
                connection.end()

    def end_overdue(self, now: float) -> None:
        for connection in list(self.active_channels.values()):
            connection.end_if_overdue(now)

    def stop_accepting(self) -> None:
        """Take who has connected already, and close our copy of the port; who comes later is served by another process, if there is one."""
        self.is_ending, self.accepting = True, False
        self._map.pop(self._fileno, None)
        known = -1
        while known != len(self.active_channels):
            known = len(self.active_channels)
            self.handle_accept()
        self.socket.close()


def main(program: str, listener: int, ready: int, parent: int, threads: int, grace: float, counts: Path) -> None:
    """Serve until SIGTERM or SIGINT, or until the parent is gone. `counts`: the file in which all processes count together."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # meant for the parent, where a terminal sends it to all
    _allow_files()
    app = load(program)
    count_in(counts)
    server = make_server(app, socket.socket(fileno=listener), threads)
    stop = StopSignal(server)
    garbage.look_seldom()
    os.write(ready, b"1")
    os.close(ready)
    while not stop.is_set and os.getppid() == parent:
        turn(server)
    end(server, grace)


def load(program: str) -> Any:
    """`portal.app:from_environment`: what makes the WSGI app."""
    module, _, name = program.partition(":")
    return getattr(import_module(module), name)()


def make_server(app: Any, listener: socket.socket, threads: int) -> Server:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    listener.setblocking(False)
    adjustments = Adjustments(
        threads=threads,
        backlog=limits.BACKLOG,
        connection_limit=limits.CONNECTIONS,
        cleanup_interval=1,
        asyncore_use_poll=True,
        max_request_body_size=limits.LARGEST_BODY + 1,
        max_request_header_size=limits.LARGEST_HEADER,
        clear_untrusted_proxy_headers=False,  # app.py reads as many of them as TRUSTED_PROXIES says
        log_socket_errors=False,
        ident=None,
        server_name=str(listener.getsockname()[0]),  # for clients that send no Host
    )
    adjustments.takes_files_of = getattr(app, "takes_files_of", lambda _cookies: True)
    address = (listener.family, listener.type, listener.proto, listener.getsockname())
    return Server(app, _sock=listener, adj=adjustments, sockinfo=address, bind_socket=False)


def turn(server: Server, seconds: float = TURN_SECONDS) -> None:
    wasyncore.loop(seconds, map=server._map, use_poll=True, count=1)


def end(server: Server, grace: float) -> None:
    """Answer everything that has been asked; a kept connection may ask once more, and reads that it is the last time."""
    server.stop_accepting()
    began = time.monotonic()
    while server.active_channels and time.monotonic() < began + grace:
        server.maintenance(0)
        turn(server, 0.1)
        if time.monotonic() > began + grace * limits.ENDING_IDLE_SHARE:
            for connection in list(server.active_channels.values()):
                if connection.is_idle:
                    connection.end()
    server.task_dispatcher.shutdown(timeout=0.1)
    COUNTS.flush()


class StopSignal:
    def __init__(self, server: Server) -> None:
        self.is_set = False
        self._wake: Callable[[], None] = server.pull_trigger
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_set = True
        self._wake()


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.CONNECTIONS + SPARE_FILES
    if soft < wanted and hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]), float(sys.argv[6]), Path(sys.argv[7]))

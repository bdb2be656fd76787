"""A hosting side: a real HTTP server in a thread, which checks signatures with the very code of docs/provisioning.md."""

import hashlib
import hmac
import json
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[3] / "docs/provisioning.md"
TAKEN = 204


def documented() -> Callable[[Any, bytes, str], bool]:
    """`is_genuine` as the document tells a receiver to write it."""
    [code] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    names: dict[str, Any] = {"re": re, "hmac": hmac, "hashlib": hashlib, "time": time}
    exec(code, names)
    return names["is_genuine"]


@dataclass(frozen=True)
class ReceivedEvent:
    """One event as it was received."""

    key: str
    body: bytes
    is_genuine: bool
    target: str
    method: str

    @property
    def fields(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class HostingSide:
    """`answers` are used up one after the other: a status, "hang up" or "silence". After them everything is answered `then`."""

    secret: str
    answers: list[int | str] = field(default_factory=list)
    then: int = TAKEN
    seconds_per_event: float = 0
    tls: ssl.SSLContext | None = None
    received: list[ReceivedEvent] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _port: int = 0

    def start(self) -> "HostingSide":
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_port
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._stopping.set()
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self._port}/hooks/keiyaku?from=portal"

    @property
    def keys(self) -> list[str]:
        return [got.key for got in self.received]

    @property
    def copies(self) -> Counter[str]:
        return Counter(self.keys)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        side, is_genuine = self, documented()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                genuine = is_genuine(self.headers, body, side.secret)
                side.received.append(ReceivedEvent(self.headers["Keiyaku-Id"], body, genuine, self.path, self.command))
                time.sleep(side.seconds_per_event)
                side._answer(self)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        answer = self.answers.pop(0) if self.answers else self.then
        if answer == "silence":
            self._stopping.wait(30)
        if isinstance(answer, str):
            request.close_connection = True
            return
        request.send_response(answer)
        if 300 <= answer < 400:
            request.send_header("Location", "/elsewhere")
        request.end_headers()
        if answer != TAKEN:
            request.wfile.write(f"said with {answer}".encode())

"""One client's connection. It has a time for each step, and one request at a time."""

import socket
import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel

from portal.runtime.serving.limits import (
    ANSWER_SECONDS,
    HEADER_SECONDS,
    IDLE_SECONDS,
    LARGEST_LINGERING,
    LINGER_SECONDS,
    REQUEST_SECONDS,
)
from portal.runtime.serving.request import HEADERS, Answer, Refusal, Request, refusal


class Connection(HTTPChannel):
    """`since`: when the present step began. A thread works for it only while `requests` is not empty."""

    parser_class, task_class, error_task_class = Request, Answer, Refusal
    has_answered = False
    is_unread = False  # the client may still be sending when the answer is out
    thrown_away = -1  # bytes, once it lingers

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.since = time.monotonic()
        super().__init__(*args, **kwargs)

    @property
    def is_lingering(self) -> bool:
        return self.thrown_away >= 0

    @property
    def is_idle(self) -> bool:
        return not self.requests and self.request is None and not self.total_outbufs_len

    def limit(self) -> float | None:
        """Seconds that the present step may take. None while the portal works."""
        if self.requests:
            return None
        if self.is_lingering:
            return LINGER_SECONDS
        if self.total_outbufs_len:
            return ANSWER_SECONDS
        if self.request is not None:
            return REQUEST_SECONDS if self.request.headers_finished else HEADER_SECONDS
        return IDLE_SECONDS if self.has_answered else HEADER_SECONDS

    def end_if_overdue(self, now: float) -> None:
        limit = self.limit()
        if limit is None or now - self.since <= limit:
            return
        if self.request is not None and not self.total_outbufs_len and not self.close_when_flushed:
            self._say_too_late()
        else:
            self.end()

    def end(self) -> None:
        """At the next turn of the loop, whatever is still to be sent."""
        self.is_unread, self.will_close = False, True

    def _say_too_late(self) -> None:
        status, page = refusal(408, self.addr[0])
        head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in HEADERS), f"Content-Length: {len(page)}", "Connection: close"]
        self.is_unread, self.request, self.close_when_flushed, self.since = True, None, True, time.monotonic()
        with suppress(Exception):
            self.write_soon("\r\n".join([*head, "", ""]).encode() + page)

    # ---- what waitress calls -----------------------------------------------------------------------------------------

    def received(self, data: bytes) -> bool:
        """As in waitress, but without pipelining: what comes behind a request is dropped, and the connection ends with its answer."""
        with self.requests_lock:
            while data and not self.requests and not self.will_close and not self.close_when_flushed:
                if self.request is None:
                    self.request, self.since = self.parser_class(self.adj), time.monotonic()
                data = data[self.request.received(data) :]
                if self.request.completed:
                    self._take(has_more=bool(data))
                elif self.request.expect_continue and self.request.headers_finished and not self.sent_continue:
                    self.send_continue()
        return True

    def _take(self, *, has_more: bool) -> None:
        request, self.request, self.sent_continue = self.request, None, False
        if request.empty:
            return
        request.connection_close = request.connection_close or has_more
        self.is_unread = has_more or request.is_unread or request.error is not None
        self.requests.append(request)
        self.server.add_task(self)

    def service(self) -> None:
        super().service()
        self.has_answered, self.since = True, time.monotonic()

    def readable(self) -> bool:
        return self.is_lingering or super().readable()

    def handle_read(self) -> None:
        if not self.is_lingering:
            return super().handle_read()
        with suppress(OSError):
            data = self.socket.recv(self.adj.recv_bytes)
            self.thrown_away += len(data)
            if data and self.thrown_away < LARGEST_LINGERING:
                return None
        return self.end()

    def handle_close(self) -> None:
        """After an early answer it lingers first: to close with unread bytes resets the connection, and the answer may be lost."""
        if not (self.is_unread and self.connected and not self.is_lingering):
            return super().handle_close()
        self.will_close, self.thrown_away, self.since = False, 0, time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            super().handle_close()
        return None

"""Reading a request, and the answers to what is no request. What is too large goes to the app without its body: the app says so."""

import copy
import re
from typing import Any
from weakref import WeakSet

from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from portal import security_log
from portal.rules.accounts.networks import network_of
from portal.runtime.serving.limits import LARGEST_BODY, LARGEST_UPLOAD, UPLOADS, UPLOADS_AT_ONCE
from portal.security_log import SecurityEvent

REASONS = {
    400: ("Bad Request", "送られた内容を読み取れませんでした"),
    408: ("Request Timeout", "時間内に届きませんでした"),
    431: ("Request Header Fields Too Large", "アドレスか Cookie が長すぎます"),
    500: ("Internal Server Error", "ただいま処理できませんでした"),
    501: ("Not Implemented", "この送り方には対応していません"),
}
EVENTS = {408: SecurityEvent.TOO_SLOW, 431: SecurityEvent.TOO_LARGE, 500: SecurityEvent.TROUBLE_OF_OURS}
PAGE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
<title>{title}</title></head><body><h1>{title}</h1><p>何も変更されていません。もう一度お試しください。</p></body></html>
"""
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none';form-action 'none';base-uri 'none';frame-ancestors 'none'"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),  # without TLS, as in a demo, browsers ignore it (RFC 6797, 8.1)
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
NOT_SENT = re.compile(rb"(?<=^HTTP/1.\d \d{3} )[^\r\n]*|\r\nDate: [^\r\n]*")  # HTTP/2 has no reason phrase either


def refusal(code: int, address: str) -> tuple[str, bytes]:
    """Status line and page for what never reached the app, which leaves its line in the log here. `address`: of the connection."""
    with security_log.request_begins("", network_of(address)):
        security_log.note(EVENTS.get(code, SecurityEvent.BAD_REQUEST))
    reason, title = REASONS.get(code, REASONS[400])
    return f"{code} {reason}", PAGE.format(title=title).encode()


class Request(HTTPRequestParser):
    """`is_unread`: answered before its body has been read, after which the connection must end."""

    is_unread = False
    uploads: "WeakSet[Request]" = WeakSet()

    def parse_header(self, header_plus: bytes) -> None:
        """A few uploads at a time may be larger than what is typed."""
        super().parse_header(header_plus)
        is_large = self.content_length > LARGEST_BODY
        if is_large and self.command == "POST" and self.path == UPLOADS and self._gets_a_place():
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = LARGEST_UPLOAD + 1
            self.uploads.add(self)

    def _gets_a_place(self) -> bool:
        """Asked before anything of the body is read. Strangers get none, else a few of them would keep staff's files out for a minute."""
        return len(self.uploads) < UPLOADS_AT_ONCE and self.adj.takes_files_of(self.headers.get("COOKIE", ""))

    def received(self, data: bytes) -> int:
        used = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error, self.body_rcv, self.is_unread = None, None, True
            self.headers["CONTENT_LENGTH"] = str(max(self.content_length, LARGEST_UPLOAD + 1))  # too large for every view
            self.connection_close = True
        return used


class Answer(WSGITask):
    """Says `Connection: close` where the process ends, or where more was sent than one request. No Date: see portal.web.headers."""

    def start(self) -> None:
        super().start()
        if self.channel.server.is_ending or self.request.connection_close:
            self.set_close_on_finish()

    def build_response_header(self) -> bytes:
        return NOT_SENT.sub(b"", super().build_response_header(), count=2)


class Refusal(ErrorTask):
    """No version and no English text of the library."""

    def execute(self) -> None:
        self.status, page = refusal(self.request.error.code, self.channel.addr[0])
        headers: list[Any] = [*HEADERS, ("Content-Length", str(len(page)))]
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(page)
        self.write(page)

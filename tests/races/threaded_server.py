"""The portal behind real sockets with a thread for each request, and many people pressing one button."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from portal.sandbox.books import Books
from portal.store import database as store
from tests.browser import Browser
from tests.concurrency import at_once


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


class Threads(ThreadedWSGIServer):
    """Each thread closes its connections, because these threads are short-lived."""

    books: Books

    def process_request_thread(self, request, client_address) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            store.close()
            self.books.close()


@contextmanager
def served(app: Flask, books: Books, port: int = 0) -> Iterator[int]:
    """The port: that one, or any that is free."""
    server = Threads("127.0.0.1", port, app, Quiet)
    server.books, server.daemon_threads, server.block_on_close = books, False, True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class RawPress:
    """A post, ready to be sent by many at one moment. The answer: status and address."""

    path: str
    body: bytes
    headers: dict[str, str]

    def on(self, port: int) -> tuple[int, str]:
        return ask(port, "POST", self.path, self.body, self.headers)

    def at_once(self, port: int, times: int) -> list[tuple[int, str]]:
        return at_once(*[lambda: self.on(port)] * times)


class Press(RawPress):
    """A button of the page that a browser shows. `path`: the form is sent there instead."""

    def __init__(self, browser: Browser, label: str, path: str = "") -> None:
        button = browser.page.button(label)
        form = browser.page.form_of(button)
        path = path or urlsplit(urljoin(browser.now.url, form.get("action") or browser.now.url)).path
        body, content_type = browser.page.sent(form, browser.page.submission(form, button))
        super().__init__(path, body, {"Content-Type": content_type, "Cookie": cookie(browser)})


def cookie(browser: Browser) -> str:
    known = [browser.client.get_cookie(name, domain="127.0.0.1", path=path) for name, path in (("session", "/"), ("staff", "/staff"))]
    return "; ".join(f"{found.key}={found.value}" for found in known if found)


def ask(port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        response.read()
        return response.status, urlsplit(response.headers.get("Location", "")).path
    finally:
        connection.close()

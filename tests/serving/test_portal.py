"""The portal itself behind the server, as a browser that speaks plain HTTP reads it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.runtime.serving.limits import LARGEST_BODY
from tests.serving.conftest import Stage


@pytest.fixture
def portal(app: Flask) -> Iterator[Stage]:
    made = Stage(app)
    yield made
    made.close()


def test_a_form_that_is_too_large_is_refused_in_japanese_before_it_is_read(portal):
    client = portal.connect(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1))
    head, _, page = portal.answer(client, lambda got: False).partition(b"\r\n\r\n")

    assert b" 413 " in head.split(b"\r\n")[0]
    assert "入力された内容が長すぎます" in page.decode()
    assert b"Content-Security-Policy: default-src 'self';object-src 'none'" in head
    assert b"Connection: close" in head


def test_the_server_adds_nothing_to_the_headers(portal, app):
    head = portal.answer(portal.connect(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).partition(b"\r\n\r\n")[0]
    names = {line.split(b":")[0].decode().lower() for line in head.split(b"\r\n")[1:]}

    assert names == {name.lower() for name, _ in app.test_client().get("/login").headers}

"""The portal itself behind the server, as a browser that speaks plain HTTP reads it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.runtime.serving.limits import LARGEST_BODY, LARGEST_UPLOAD, UPLOADS, UPLOADS_AT_ONCE
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


POST = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"


def test_the_address_that_takes_files_reads_more_than_any_other(portal):
    """Nobody is signed in, so the answer is the way to the sign-in page: the body was read, and not refused."""
    size = LARGEST_BODY * 8
    taken = portal.answer(portal.connect(POST % (UPLOADS.encode(), size) + b"x" * size))

    assert b" 413 " not in taken.split(b"\r\n")[0]
    refused = portal.answer(portal.connect(POST % (UPLOADS.encode(), LARGEST_UPLOAD + 1)))
    assert b" 413 " in refused.split(b"\r\n")[0]


def test_only_a_few_files_are_taken_at_once(portal):
    """The others are refused before they are read, so that nobody fills memory or disk."""
    begun = [portal.connect(POST % (UPLOADS.encode(), LARGEST_BODY * 2)) for _ in range(UPLOADS_AT_ONCE)]
    portal.turns(20)

    refused = portal.answer(portal.connect(POST % (UPLOADS.encode(), LARGEST_BODY * 2)))
    assert b" 413 " in refused.split(b"\r\n")[0]
    for client in begun:
        client.sendall(b"x" * LARGEST_BODY * 2)
        assert b" 413 " not in portal.answer(client).split(b"\r\n")[0]

"""The portal itself behind the server, as a browser that speaks plain HTTP reads it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.actions.accounts.authentication import device_mark, new_nonce
from portal.runtime.serving.limits import LARGEST_BODY, LARGEST_UPLOAD, UPLOADS, UPLOADS_AT_ONCE
from portal.runtime.settings import Settings
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


def a_file(size: int, cookie: str = "") -> bytes:
    """The header of a request that brings one."""
    head = f"POST {UPLOADS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n"
    return (head + (f"Cookie: staff-device={cookie}\r\n" if cookie else "") + "\r\n").encode()


@pytest.fixture
def passed(settings: Settings) -> str:
    """The mark of a browser that staff have signed in with."""
    return device_mark("STAFF/keiri", settings.secret_key, new_nonce(settings.secret_key))


def is_too_large(answer: bytes) -> bool:
    return b" 413 " in answer.split(b"\r\n")[0]


def test_the_address_that_takes_files_reads_more_than_any_other(portal, passed):
    """Nobody is signed in, so the answer is the way to the sign-in page: the body was read, and not refused."""
    size = LARGEST_BODY * 8

    assert not is_too_large(portal.answer(portal.connect(a_file(size, passed) + b"x" * size)))
    assert is_too_large(portal.answer(portal.connect(a_file(LARGEST_UPLOAD + 1, passed))))


def test_only_a_few_files_are_taken_at_once(portal, passed):
    """The others are refused before they are read, so that nobody fills memory or disk."""
    begun = [portal.connect(a_file(LARGEST_BODY * 2, passed)) for _ in range(UPLOADS_AT_ONCE)]
    portal.turns(20)

    assert is_too_large(portal.answer(portal.connect(a_file(LARGEST_BODY * 2, passed))))
    for client in begun:
        client.sendall(b"x" * LARGEST_BODY * 2)
        assert not is_too_large(portal.answer(client))


@pytest.mark.parametrize("mark", ["", "x~y.z", "%ff~%ed%a0%80.x"])
def test_the_file_of_a_stranger_takes_no_place(portal, mark):
    """Else a few connections that send nothing would keep staff's files out for a minute, again and again."""
    assert is_too_large(portal.answer(portal.connect(a_file(LARGEST_BODY * 2, mark))))

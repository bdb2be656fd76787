"""One client's connection: what it may send, for how long, and what it reads in the end."""

import pytest

from portal.runtime.serving import limits
from tests.written_log import written_log

GET = b"GET / HTTP/1.1\r\nHost: portal\r\n\r\n"
HALF_HEADER = b"GET / HTTP/1.1\r\nHost: por"
POST = b"POST / HTTP/1.1\r\nHost: portal\r\nContent-Length: %d\r\n\r\n"
HALF_BODY = POST % 1000 + b"a=1"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_kept_connection_is_answered_again(stage):
    client = stage.connect(GET)
    first = stage.answer(client)
    client.sendall(GET)
    second = stage.answer(client)

    assert (status(first), status(second)) == (200, 200)
    assert b"server:" not in first.lower()


def test_an_old_client_is_answered_and_let_go(stage):
    client = stage.connect(b"GET / HTTP/1.0\r\n\r\n")

    assert status(stage.answer(client)) == 200
    assert stage.is_closed(client)


def test_two_requests_at_once_are_not_served_at_once(stage):
    """Else one connection could make the server keep any number of answers."""
    client = stage.connect(GET * 50)
    answers = stage.answer(client, lambda got: False)

    assert answers.count(b"HTTP/1.1 200") == 1
    assert b"Connection: close" in answers


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        (b"", limits.HEADER_SECONDS),
        (HALF_HEADER, limits.HEADER_SECONDS),
        (HALF_BODY, limits.REQUEST_SECONDS),
    ],
    ids=["silent", "half a header", "half a body"],
)
def test_a_request_that_does_not_come_ends_the_connection(stage, sent, seconds):
    client = stage.connect(sent)
    stage.later(seconds - 1)
    assert not stage.is_closed(client)

    stage.later(seconds + 1)

    answer = stage.answer(client, lambda got: False)
    assert (status(answer) == 408 and "時間内に届きませんでした" in answer.decode()) if sent else answer == b""


def test_a_byte_a_second_does_not_lengthen_the_time(stage):
    client = stage.connect(HALF_HEADER)
    stage.later(limits.HEADER_SECONDS - 1)
    client.sendall(b"t")
    stage.turns()
    stage.later(limits.HEADER_SECONDS + 1)

    assert status(stage.answer(client)) == 408


def test_a_kept_connection_may_rest_for_longer(stage):
    client = stage.connect(GET)
    stage.answer(client)
    stage.later(limits.IDLE_SECONDS - 1)
    assert not stage.is_closed(client)

    stage.later(limits.IDLE_SECONDS + 1)

    assert stage.is_closed(client)


def test_an_answer_that_nobody_takes_ends_the_connection(stage):
    clients = [stage.connect(GET.replace(b"/ ", b"/large ")) for _ in range(2)]
    connections = list(stage.server.active_channels.values())
    for each in connections:  # as if the kernel took no byte more
        each.send = lambda data, do_close=True: 0
    stage.turns(20)
    stage.later(limits.ANSWER_SECONDS + 1)

    assert not stage.server.active_channels
    assert clients


@pytest.mark.parametrize(
    "sent",
    [
        POST % (limits.LARGEST_BODY + 1),
        (POST % 50_000_000) + b"a" * 100_000,
        b"POST / HTTP/1.1\r\nHost: portal\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * 65535 + b"\r\nff\r\n" + b"a" * 255,
    ],
    ids=["announced", "and coming", "in chunks"],
)
def test_a_body_that_is_too_large_reaches_the_app_unread(stage, sent):
    """The app sees the length, and answers in its own words; tests/serving/test_program.py sees the page."""
    lengths = []
    stage.server.application = lambda environ, start: lengths.append(environ["CONTENT_LENGTH"]) or _answer(environ, start)
    client = stage.connect(sent)
    answer = stage.answer(client, lambda got: False)

    assert int(lengths[0]) > limits.LARGEST_BODY
    assert answer.endswith(b"got 0")
    assert b"Connection: close" in answer


def test_an_early_answer_is_not_lost_to_a_client_that_is_still_sending(stage):
    client = stage.connect(POST % 50_000_000)
    client.sendall(b"a" * 500_000)
    stage.turns(100)

    assert stage.answer(client, lambda got: False).endswith(b"got 0")
    client.sendall(b"a" * 100_000)
    stage.turns(30)
    stage.later(limits.LINGER_SECONDS + 1)
    assert not stage.server.active_channels


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"GET /" + b"a" * limits.LARGEST_HEADER + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nCookie: " + b"a" * limits.LARGEST_HEADER + b"\r\n\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\nabcd", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;a\nb\r\nabcd\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 400),
    ],
    ids=["address", "header", "nonsense", "length", "encoding", "two lengths", "signed length", "gap", "chunk", "null byte"],
)
def test_what_is_no_request_gets_a_japanese_answer(stage, sent, code):
    answer = stage.answer(stage.connect(sent), lambda got: False)

    assert status(answer) == code
    assert 'lang="ja"' in answer.decode()
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert b"Strict-Transport-Security: max-age=31536000" in answer
    assert b"waitress" not in answer.lower()


def test_a_request_with_two_ways_to_say_its_length_is_the_last_of_its_connection(stage):
    smuggled = b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET

    assert stage.answer(stage.connect(smuggled), lambda got: False).count(b"HTTP/1.1 ") == 1


def test_what_never_reached_the_portal_leaves_a_line_in_the_log(stage):
    with written_log() as log:
        stage.answer(stage.connect(b"himitsu\r\n\r\n"), lambda got: False)
        slow = stage.connect(HALF_HEADER)
        stage.later(limits.HEADER_SECONDS + 1)
        stage.answer(slow, lambda got: False)

    assert [(line["event"], line["network"]) for line in log.events] == [("bad_request", "127.0.0.1"), ("too_slow", "127.0.0.1")]
    assert "himitsu" not in log.text


def test_near_the_limit_the_longest_waiting_make_room(stage, monkeypatch):
    monkeypatch.setattr(limits, "CONNECTIONS", 10)
    early = [stage.connect(HALF_HEADER) for _ in range(5)]
    late = [stage.connect(HALF_HEADER) for _ in range(5)]
    stage.server.maintenance(0)
    stage.turns()

    assert [stage.is_closed(each) for each in early] == [True, True, False, False, False]
    assert not any(stage.is_closed(each) for each in late)


def _answer(environ, start):
    start("200 OK", [("Content-Length", "5")])
    return [b"got 0"]

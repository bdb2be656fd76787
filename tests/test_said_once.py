"""A trouble that lasts is said once, then with back-off; a request's line stays, because a customer may quote its number."""

import logging
import secrets

import pytest
from peewee import OperationalError

from portal.runtime.logs import HIDDEN, mask_card_numbers
from portal.runtime.said_once import SaidOnce
from portal.security_log import request_begins


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said(clock: Clock):
    waiting, kept = [], []
    once = SaidOnce(clock, later=lambda _seconds, call: waiting.append(call))

    def log(error: Exception | None = None, message: str = "the job %s failed", *args: object, level: int = logging.ERROR) -> str:
        """What is written: "", "line" or "traceback"."""
        try:
            raise error or KeyError
        except Exception as raised:
            info = (type(raised), raised, raised.__traceback__) if error else None
        record = logging.LogRecord("portal.jobs", level, "x.py", 1, message, args or ("mails",), info)
        is_said = once.filter(record)
        kept.append(record.getMessage())
        return "" if not is_said else "traceback" if record.exc_info else "line"

    log.texts, log.waiting = kept, waiting
    return log


BROKEN, AWAY = ValueError("a bug"), OperationalError("server closed the connection")


def test_the_database_is_one_trouble_for_all_jobs(said, clock):
    found = []
    for clock.now in range(0, 600, 2):
        found += [said(AWAY, "the job %s failed", f"job {number}") for number in range(12)]

    assert found.count("line") == 6  # 0, 10, 30, 70, 150, 310 s
    assert found.count("") == len(found) - 6
    assert "times in" in said.texts[12 * 5]
    assert said.texts[0].startswith("the job job 0 failed: OperationalError: server closed the connection")


def test_a_trouble_that_comes_back_after_a_pause_is_said_at_once(said, clock):
    assert said(BROKEN) == "traceback"
    clock.now = 5
    assert said(BROKEN) == ""
    clock.now = 26
    assert said(BROKEN) == "traceback"


def test_a_request_keeps_its_line_and_loses_the_traceback(said):
    with request_begins("GET", "127.0.0.1"):
        assert [said(BROKEN), said(BROKEN)] == ["traceback", "line"]


def test_without_the_database_the_numbers_of_all_requests_stand_in_few_lines(said, clock, caplog):
    numbers = []
    for clock.now in range(60):
        for _ in range(20):
            with request_begins("GET", "127.0.0.1") as request:
                numbers += [request.id] if not said(AWAY) else []
    for call in said.waiting:
        call()

    lines = [record.getMessage() for record in caplog.records]
    assert len(numbers) == 1_200 - 3  # 0, 10, 30 s
    assert [number for line in lines for number in line.replace(",", "").split() if number in set(numbers)] == numbers
    assert len(lines) < 10


def test_numbers_of_digits_alone_beside_each_other_are_no_card_number(said, caplog, monkeypatch):
    monkeypatch.setattr(secrets, "token_hex", lambda _bytes: "42424242")
    for _ in range(4):
        with request_begins("GET", "127.0.0.1"):
            said(AWAY)
    for call in said.waiting:
        call()

    [line] = [mask_card_numbers(record.getMessage()) for record in caplog.records]
    assert line.count("42424242") == 3
    assert mask_card_numbers("42424242 42424242") == HIDDEN, "the negative control"


def test_different_troubles_are_each_said(said):
    assert [said(ValueError("a")), said(KeyError("b")), said(AWAY)] == ["traceback", "traceback", "line"]
    assert [said(None, "mail %s failed", 1), said(None, "mail %s failed", 2), said(None, "mail %s failed", 1)] == ["line", "line", ""]


def test_usual_lines_are_never_left_out(said):
    assert [said(None, level=logging.INFO) for _ in range(3)] == ["line"] * 3

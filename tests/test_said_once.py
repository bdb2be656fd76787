"""A trouble that lasts is said once, then with back-off; a request's line stays, because a customer may quote its number."""

import logging

import pytest
from peewee import OperationalError

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
    once, kept = SaidOnce(clock), []

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

    log.texts = kept
    return log


AWAY = OperationalError("server closed the connection")


def test_the_database_is_one_trouble_for_all_jobs(said, clock):
    found = []
    for clock.now in range(0, 600, 2):
        found += [said(AWAY, "the job %s failed", f"job {number}") for number in range(12)]

    assert found.count("traceback") == 6  # 0, 10, 30, 70, 150, 310 s
    assert found.count("") == len(found) - 6
    assert "times in" in said.texts[12 * 5]


def test_a_trouble_that_comes_back_after_a_pause_is_said_at_once(said, clock):
    assert said(AWAY) == "traceback"
    clock.now = 5
    assert said(AWAY) == ""
    clock.now = 26
    assert said(AWAY) == "traceback"


def test_a_request_keeps_its_line_and_loses_the_traceback(said):
    with request_begins("GET", "127.0.0.1"):
        assert [said(AWAY), said(AWAY)] == ["traceback", "line"]


def test_different_troubles_are_each_said(said):
    assert [said(ValueError("a")), said(KeyError("b")), said(AWAY)] == ["traceback"] * 3
    assert [said(None, "mail %s failed", 1), said(None, "mail %s failed", 2), said(None, "mail %s failed", 1)] == ["line", "line", ""]


def test_usual_lines_are_never_left_out(said):
    assert [said(None, level=logging.INFO) for _ in range(3)] == ["line"] * 3

"""Progress is shown on a terminal during long runs, rarely in logs, and never for short runs."""

import threading
from io import StringIO

import time_machine

from portal.jobs.progress import progress


class Terminal(StringIO):
    def isatty(self):
        return True


def shown(stream, seconds, things=100, total=None):
    """The stream after that many rows, each of which took that long."""
    with time_machine.travel(0.0, tick=False) as clock:

        def passing():
            for thing in range(things):
                clock.shift(seconds)
                yield thing

        assert list(progress(passing(), total or things, stream)) == list(range(things))
    return stream.getvalue()


def test_a_run_under_a_second_prints_no_progress():
    assert shown(Terminal(), 0.009) == ""
    assert shown(StringIO(), 0.009) == ""


def test_on_a_terminal_the_progress_line_is_overwritten_and_cleared():
    text = shown(Terminal(), 0.05)

    assert "\r20／100 アカウント（残り 00:04）" in text
    assert text.rpartition("\r")[0].rpartition("\r")[2].strip() == ""
    assert "\n" not in text


def test_without_a_terminal_a_progress_line_is_printed_now_and_then():
    lines = shown(StringIO(), 0.5).splitlines()

    assert lines[0].endswith("／100 アカウント（残り 00:40）")
    assert len(lines) in (4, 5)
    assert "\r" not in "".join(lines)


def test_more_rows_than_counted_show_a_question_mark_as_the_total():
    text = shown(Terminal(), 1, things=5, total=1)

    assert "5／? アカウント" in text
    assert "-" not in text


def test_progress_starts_no_thread():
    before = set(threading.enumerate())

    shown(Terminal(), 20, things=3)

    assert set(threading.enumerate()) <= before

"""Whoever waits sees how far it is; whoever does not, and a log, are left in peace."""

from io import StringIO

from portal.jobs.progress import Progress


class Terminal(StringIO):
    def isatty(self):
        return True


class Clock:
    """Goes on by so much with each look."""

    def __init__(self, seconds):
        self._seconds, self._now = seconds, 0.0

    def __call__(self):
        self._now += self._seconds
        return self._now


def shown(stream, seconds, things=100):
    assert list(Progress(things, stream, Clock(seconds)).over(range(things))) == list(range(things))
    return stream.getvalue()


def test_what_is_done_in_a_second_says_nothing():
    assert shown(Terminal(), 0.009) == ""
    assert shown(StringIO(), 0.009) == ""


def test_on_a_terminal_one_line_is_written_over_and_gone_in_the_end():
    text = shown(Terminal(), 0.05)

    assert text.startswith("\r20／100 アカウント（残り約4秒）\033[K\r24／100 ")
    assert text.endswith("\r\033[K")
    assert "\n" not in text


def test_elsewhere_there_is_a_line_now_and_then():
    lines = shown(StringIO(), 0.5).splitlines()

    assert lines[0] == "20／100 アカウント（残り約40秒）"
    assert len(lines) == 5
    assert "\r" not in "".join(lines)


def test_more_than_was_counted_is_no_nonsense():
    stream = Terminal()
    list(Progress(1, stream, Clock(1)).over(range(5)))

    assert "5／5 アカウント（残り約0秒）" in stream.getvalue()
    assert "-" not in stream.getvalue()

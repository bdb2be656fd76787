"""Requests that are lost while a server is told to load itself anew, or to end."""

import signal

from bench.servers.candidates import Candidate
from tests.serving.customers import Tally, under_load


def counted_reload(candidate: Candidate) -> str:
    return in_words(under_load(candidate.port, lambda: candidate.send(signal.SIGHUP), before=2, after=8))


def counted_stop(candidate: Candidate) -> str:
    return in_words(under_load(candidate.port, lambda: candidate.send(signal.SIGTERM), before=2, after=4, ends=True))


def in_words(tally: Tally) -> str:
    words = f"{tally.asked} asked, {len(tally.lost)} lost, {tally.cut} cut, {tally.longest * 1000:.0f} ms"
    return words + (f" ({tally.lost[0]})" if tally.lost else "")

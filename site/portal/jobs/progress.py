"""Progress of a long job on stderr: one updating line on a terminal, a new line now and then elsewhere."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TextIO, TypeVar

from tqdm import tqdm

T = TypeVar("T")
SILENT_SECONDS = 1.0  # a job shorter than this prints nothing
ON_A_TERMINAL, ELSEWHERE = 0.2, 10.0  # seconds between two progress lines


def progress(rows: Iterable[T], total: int, stream: TextIO | None = None) -> Iterable[T]:
    """The same rows, counted one by one."""
    stream = stream or sys.stderr
    bar, pause = (Quiet, ON_A_TERMINAL) if stream.isatty() else (Lines, ELSEWHERE)
    text = "{n_fmt}／{total_fmt} アカウント（残り {remaining}）"
    return bar(rows, total=total, file=stream, bar_format=text, leave=False, delay=SILENT_SECONDS, mininterval=pause, miniters=1)


@contextmanager
def room_to_print() -> Iterator[None]:
    """On a terminal, clear the progress line for a moment."""
    with tqdm.external_write_mode() if sys.stderr.isatty() else nullcontext():
        yield


class Quiet(tqdm):
    """tqdm without its monitor thread."""

    monitor_interval = 0


class Lines(Quiet):
    """For logs: whole lines, never overwritten."""

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        if msg is None:
            self.fp.write(f"{self}\n")
            self.fp.flush()
        return False

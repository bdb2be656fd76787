"""How far a long job is, on stderr: one line that is written over on a terminal, now and then a new one elsewhere."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
SILENT_SECONDS = 1.0  # whoever is done by then has said nothing
ON_A_TERMINAL, ELSEWHERE = 0.2, 10.0  # seconds between two signs of life


class Progress:
    def __init__(self, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._stream, self._clock = total, stream or sys.stderr, clock
        self._is_terminal = self._stream.isatty()
        self._started = self._said_at = clock()
        self._done, self._is_shown = 0, False

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """The same things, one by one, counted."""
        for thing in things:
            yield thing
            self._done += 1
            self._say_sometimes()
        self.clear()

    def clear(self) -> None:
        """Make room on a terminal for what is printed next."""
        if self._is_shown:
            self._write("\r\033[K")
            self._is_shown = False

    def _say_sometimes(self) -> None:
        now = self._clock()
        if now - self._started < SILENT_SECONDS or now - self._said_at < (ON_A_TERMINAL if self._is_terminal else ELSEWHERE):
            return
        self._said_at, self._is_shown = now, self._is_terminal
        self._write(f"\r{self._text(now)}\033[K" if self._is_terminal else f"{self._text(now)}\n")

    def _text(self, now: float) -> str:
        total = max(self._total, self._done)
        seconds = round((now - self._started) / self._done * (total - self._done))
        return f"{self._done:,}／{total:,} アカウント（残り約{_duration(seconds)}）"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _duration(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 90 else f"{round(seconds / 60)}分"

"""How many accounts the billing run handles in one transaction."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
MOST = 10
SECONDS = 0.04  # for the four transactions of a group, the longest of which nobody should wait for longer than about 20 ms


class Pace:
    """As many as fit into `seconds`, by the time that the last group took, the company's included: where a company takes its time, commits
    cost little beside it, and nobody's answer should wait for those of others.
    """

    def __init__(self, seconds: float = SECONDS, *, first: int = 1, now: Callable[[], float] = time.perf_counter) -> None:
        self._seconds, self._size, self._now = seconds, first, now

    def groups(self, rows: Iterable[T]) -> Iterator[list[T]]:
        """The rows in groups, each to be handled before the next one is asked for."""
        waiting = iter(rows)
        while group := list(islice(waiting, self._size)):
            begun = self._now()
            yield group
            each = max((self._now() - begun) / len(group), 1e-9)
            self._size = max(1, int(min(MOST, 2 * self._size, self._seconds / each)))

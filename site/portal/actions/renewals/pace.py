"""How many accounts of the billing run share one transaction."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from portal.store.database import is_postgresql

T = TypeVar("T")
SIZES = (1, 2, 4, 8, 12, 24, 48)  # few, because each one has texts of its own for all statements of a step, and to write them takes time
LEAST, MOST = 2, SIZES[-1]  # six rounds of eight questions to the company, as a batch is unless told otherwise
SECONDS = 0.03  # of one transaction on SQLite, where nobody else writes meanwhile: of a hundred waits of customers 99 are shorter
SECONDS_ON_POSTGRESQL = 0.1  # there only who wants one of these accounts waits, and who issues a paper for the last tenth of it


class Pace:
    """As many as fit into `seconds`, by the time that each of the last transaction took; at least LEAST, because what a transaction reads
    for all of its accounts costs as much for one. Each step of the run has a pace of its own.
    """

    def __init__(self, seconds: float = SECONDS, *, first: int = LEAST, now: Callable[[], float] = time.perf_counter) -> None:
        self._seconds, self._size, self._now = seconds, first, now

    def groups(self, rows: Sequence[T]) -> Iterator[Sequence[T]]:
        """The rows in groups, each to be handled before the next one is asked for."""
        while rows:
            size = _at_most(min(self._size, len(rows)))
            group, rows = rows[:size], rows[size:]
            begun = self._now()
            yield group
            each = max((self._now() - begun) / len(group), 1e-9)
            self._size = max(LEAST, int(min(MOST, 2 * self._size, self._seconds / each)))


def _at_most(size: int) -> int:
    return max(each for each in SIZES if each <= size)


def _pace() -> Pace:
    return Pace(SECONDS_ON_POSTGRESQL, first=MOST) if is_postgresql() else Pace(SECONDS)


@dataclass(frozen=True)
class Paces:
    """One for each step, because an account takes longest where a charge is settled, and least where nothing is left to do after it."""

    beginning: Pace = field(default_factory=_pace)
    settling: Pace = field(default_factory=_pace)
    going_on: Pace = field(default_factory=_pace)

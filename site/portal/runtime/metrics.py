"""What the web processes have counted since the server started: requests by address and class, their seconds, log lines of trouble.

Each process counts in memory, and once a second adds what is new to one file of all of them. Whichever process is asked adds up the file.
"""

import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from portal.security_log import Answered, Request

BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
MORE = "+Inf"
TABLE = "CREATE TABLE IF NOT EXISTS count (name TEXT, about TEXT, part TEXT, value REAL, PRIMARY KEY (name, about, part)) WITHOUT ROWID"
ADD = "INSERT INTO count VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value"
REQUESTS, BUCKETS, SECONDS, LINES, STARTS = "requests", "buckets", "seconds", "lines", "starts"

Key = tuple[str, str, str]


class Counts:
    """`file`: shared with the other processes of this server. None: this process is the only one."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self._lock, self._new = threading.Lock(), Counter[Key]()

    def add(self, name: str, about: str = "", part: str = "", amount: float = 1) -> None:
        with self._lock:
            self._new[name, about, part] += amount

    def flush(self) -> None:
        """Called once a second. A file that cannot be written to loses nothing: what is new is kept for the next time."""
        if self.file is None or not self._new:
            return
        with self._lock:
            new, self._new = self._new, Counter()
        try:
            with closing(self._opened()) as shared, shared:
                shared.executemany(ADD, [(*key, value) for key, value in new.items()])
        except sqlite3.Error:
            with self._lock:
                self._new.update(new)

    def totals(self) -> Mapping[Key, float]:
        """Of all processes of this server. Raises sqlite3.Error if the file cannot be read."""
        self.flush()
        with self._lock:
            found = Counter(self._new)
        if self.file is not None:
            with closing(self._opened()) as shared:
                found.update({(name, about, part): value for name, about, part, value in shared.execute("SELECT * FROM count")})
        return found

    def _opened(self) -> sqlite3.Connection:
        """Nothing here must survive a crash of the machine: no sync."""
        shared = sqlite3.connect(self.file, timeout=0.1)
        shared.execute("PRAGMA synchronous = off")
        shared.execute(TABLE)
        return shared


COUNTS = Counts()


def count_answer(request: Request, answered: Answered) -> None:
    COUNTS.add(REQUESTS, request.path, f"{answered.status // 100}xx")
    COUNTS.add(BUCKETS, request.path, str(next((bound for bound in BOUNDS if answered.seconds <= bound), MORE)))
    COUNTS.add(SECONDS, request.path, amount=answered.seconds)


class CountedLines(logging.Handler):
    """Counts what is logged from WARNING on, also what runtime/said_once.py leaves out; writes nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        COUNTS.add(LINES, record.levelname)


def count_in(file: Path | None) -> None:
    """From now on, this process counts together with all that have this file, and counts log lines."""
    COUNTS.file = file
    COUNTS.add(STARTS)
    logging.getLogger().addHandler(CountedLines(logging.WARNING))


def as_text(gauges: Mapping[str, float]) -> str:
    """In the text format of Prometheus. `gauges`: values of this moment, by their names with labels."""
    return "".join(f"{line}\n" for line in [*_counted(COUNTS.totals()), *_of_this_moment(gauges)])


def _counted(totals: Mapping[Key, float]) -> Iterator[str]:
    yield "# TYPE portal_web_process_starts_total counter"
    yield f"portal_web_process_starts_total {totals.get((STARTS, '', ''), 0):g}"
    yield "# TYPE portal_log_lines_total counter"
    for level, _, value in _of(LINES, totals):
        yield f'portal_log_lines_total{{level="{level}"}} {value:.0f}'
    yield "# TYPE portal_requests_total counter"
    for path, status, value in _of(REQUESTS, totals):
        yield f'portal_requests_total{{route="{path}",class="{status}"}} {value:.0f}'
    yield "# TYPE portal_request_seconds histogram"
    for path in sorted({path for name, path, _ in totals if name == BUCKETS}):
        yield from _histogram(path, totals)


def _of(wanted: str, totals: Mapping[Key, float]) -> list[tuple[str, str, float]]:
    return sorted((about, part, value) for (name, about, part), value in totals.items() if name == wanted)


def _histogram(path: str, totals: Mapping[Key, float]) -> Iterator[str]:
    so_far = 0.0
    for bound in (*BOUNDS, MORE):
        so_far += totals.get((BUCKETS, path, str(bound)), 0)
        yield f'portal_request_seconds_bucket{{route="{path}",le="{bound}"}} {so_far:.0f}'
    yield f'portal_request_seconds_sum{{route="{path}"}} {totals.get((SECONDS, path, ""), 0):.6f}'
    yield f'portal_request_seconds_count{{route="{path}"}} {so_far:.0f}'


def _of_this_moment(gauges: Mapping[str, float]) -> Iterator[str]:
    said = ""
    for name, value in gauges.items():
        family = name.partition("{")[0]
        if family != said:
            yield f"# TYPE {family} gauge"
        said = family
        yield f"{name} {value:.10g}"

"""The sandbox's books: one SQLite file, whatever database the portal uses. Safe for many threads and processes; commits are durable."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from portal.sandbox.books.connection import connect
from portal.sandbox.books.opening import open_wallets
from portal.sandbox.books.schema import NAMES, STATEMENTS

JAPAN = timezone(timedelta(hours=9))
_wall: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def live_by(wall: Callable[[], datetime]) -> None:
    """As portal.clock.live_by."""
    global _wall
    _wall = wall


def real_now() -> datetime:
    """Whole milliseconds, as they are stored."""
    now = _wall()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stored(moment: datetime) -> str:
    """ISO 8601 in UTC with a fixed length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


class Books:
    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._own = threading.local()
        with self.write() as connection:
            for statement in STATEMENTS:
                connection.execute(statement)
            open_wallets(connection, stored(real_now()))

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from the start, so what it reads stays true until it ends."""
        connection = self.reader()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def reader(self) -> sqlite3.Connection:
        """This thread's connection. A forked process never uses its parent's connection."""
        held = getattr(self._own, "held", None)
        if held is None or held.process != os.getpid():
            held = self._own.held = connect(self.path)
        return held.connection

    def no_longer_wait_for_the_disk(self) -> None:
        """Until close(), this thread's commits are safe from a crash of the program, but not from one of the machine."""
        self.reader().execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close this thread's connection. The next call opens another."""
        self._own.__dict__.clear()

    def offset_days(self) -> int:
        """How many days the demo's clock is ahead of the real one."""
        row = self.reader().execute("SELECT offset_days FROM demo_clock").fetchone()
        return row["offset_days"] if row else 0

    def set_offset_days(self, days: int) -> None:
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO demo_clock (id, offset_days) VALUES (1, ?)", (days,))

    def now(self) -> datetime:
        """The current moment on the demo's clock, in UTC."""
        return real_now() + timedelta(days=self.offset_days())

    def today(self) -> date:
        """The current date in Japan on the demo's clock."""
        return self.now().astimezone(JAPAN).date()

    def clear(self) -> None:
        """Empty every table, also the demo's clock, and give the wallets their first points. The file stays."""
        with self.write() as connection:
            for name in NAMES:
                connection.execute(f"DELETE FROM {name}")  # noqa: S608 (names of our own)
            open_wallets(connection, stored(real_now()))

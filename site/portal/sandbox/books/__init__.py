"""The pretend companies' books: one SQLite file, whatever the portal uses. For many threads and processes; what they say is on the disk."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from portal.sandbox.books.connection import connect
from portal.sandbox.books.opening import open_wallets
from portal.sandbox.books.schema import NAMES, STATEMENTS

JAPAN = timezone(timedelta(hours=9))


def real_now() -> datetime:
    """Whole milliseconds, as they are stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stored(moment: datetime) -> str:
    """ISO 8601 in UTC, of one length, so that text sorts as time."""
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
        """One transaction that holds the file's only write lock from its first moment: what is read in it stays true until it ends."""
        connection = self.reader()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def reader(self) -> sqlite3.Connection:
        """This thread's connection; a forked process never touches its parent's."""
        held = getattr(self._own, "held", None)
        if held is None or held.process != os.getpid():
            held = self._own.held = connect(self.path)
        return held.connection

    def close(self) -> None:
        """Closes this thread's connection; the next call opens another."""
        self._own.__dict__.clear()

    def offset_days(self) -> int:
        """How many days the demo's clock is ahead of the real one."""
        row = self.reader().execute("SELECT offset_days FROM demo_clock").fetchone()
        return row["offset_days"] if row else 0

    def set_offset_days(self, days: int) -> None:
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO demo_clock (id, offset_days) VALUES (1, ?)", (days,))

    def now(self) -> datetime:
        """The moment in the demo's world, UTC."""
        return real_now() + timedelta(days=self.offset_days())

    def today(self) -> date:
        """The day in Japan in the demo's world."""
        return self.now().astimezone(JAPAN).date()

    def clear(self) -> None:
        """Empties every table, the demo's clock too, and fills the wallets as at first; the file stays."""
        with self.write() as connection:
            for name in NAMES:
                connection.execute(f"DELETE FROM {name}")  # noqa: S608 (names of our own)
            open_wallets(connection, stored(real_now()))

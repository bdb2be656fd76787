"""Open the books' SQLite file."""

import os
import sqlite3
import time
from pathlib import Path

BUSY_SECONDS = 5


class Held:
    """A connection that is closed when its thread ends, even during interpreter shutdown."""

    _own_process = staticmethod(os.getpid)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.process = self._own_process()

    def __del__(self) -> None:
        if self.process == self._own_process():
            self.connection.close()


def connect(path: Path) -> Held:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    held = Held(connection)
    connection.row_factory = sqlite3.Row
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    return held


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Retry the switch to WAL: SQLite does not wait for other openers here, whatever the busy timeout."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)

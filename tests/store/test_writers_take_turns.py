"""SQLite writers queue in order of arrival; readers never wait."""

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import peewee
import pytest

import models
from models import Event
from portal import clock
from portal.store import database as store
from portal.store.locks import Held, file_lock

ROOT = Path(__file__).parents[2]
AT_MOST = 5  # seconds: what a writer waits, all in all
BIND = (
    "import sys, time\n"
    "from models import Event\n"
    "from portal.store.database import bind, database, ensure_connection\n"
    "bind(sys.argv[1])\n"
    "ensure_connection()\n"
)
WRITES_ONCE = BIND + "print(1, flush=True)\nwith database.atomic('EXCLUSIVE'):\n    pass"
HOLDS = BIND + "with database.atomic():\n    print('mine', flush=True)\n    time.sleep(60)"
WRITES_ALL_THE_TIME = BIND + (
    "from portal import clock\n"
    "print('begins', flush=True)\n"
    "while True:\n"
    "    with database.atomic():\n"
    "        Event.create(entity='loop', to_state='s', actor='a', reason='', at=clock.now())"
)


def write(entity="mine"):
    Event.create(entity=entity, to_state="s", actor="a", reason="", at=clock.now())


def is_queue_empty(url):
    """True if nobody holds the writer lock."""
    try:
        with file_lock(Path(f"{url.removeprefix('sqlite:///')}.writer-lock")):
            return True
    except Held:
        return False


@contextmanager
def another_process(program, url):
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
    other = subprocess.Popen([sys.executable, "-P", "-c", program, url], env=environ, stdout=subprocess.PIPE, text=True)
    try:
        other.stdout.readline()
        yield other
    finally:
        other.kill()
        other.communicate()


@contextmanager
def a_writer_without_queueing(url):
    """A program that writes without queueing."""
    stranger = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    yield
    stranger.close()


def test_the_writer_queue_is_free_after_a_transaction(database):
    with store.database.atomic():
        assert is_queue_empty(database)
        with store.database.atomic():
            write()
        with suppress(ZeroDivisionError), store.database.atomic():
            write()
            _ = 1 / 0

    assert is_queue_empty(database)
    assert Event.select().count() == 1


def test_other_writers_continue_after_a_failed_commit(database):
    def write_for_nobody():
        with store.database.atomic():
            store.database.execute_sql("PRAGMA defer_foreign_keys = 1")
            models.Session.create(token_hash="x", account=404, data="{}", created_at=clock.now(), seen_at=clock.now())

    with pytest.raises(peewee.IntegrityError):
        write_for_nobody()

    with another_process(WRITES_ONCE, database) as other:
        assert other.wait(10) == 0
    assert models.Session.select().count() == 0


def test_a_write_without_a_transaction_queues_too(database):
    held = []
    watch = lambda sql: held.append(not is_queue_empty(database)) if sql.startswith("INSERT") else None  # noqa: E731
    store.database.connection().set_trace_callback(watch)

    write()

    assert held == [True]
    assert is_queue_empty(database)


def test_other_writers_continue_after_a_lost_connection(database):
    store.database.begin()
    lost = store.database.connection()
    store.database.obj._state.reset()
    lost.close()

    store.ensure_connection()
    write()

    assert Event.select().count() == 1


def test_readers_never_wait(database):
    write()
    with another_process(HOLDS, database):
        started = time.monotonic()
        assert Event.select().count() == 1
        with store.database.atomic("DEFERRED"):
            assert Event.select().count() == 1

        assert time.monotonic() - started < 4  # the patience of a writer is five


def test_a_writer_waits_five_seconds_and_says_what_sqlite_says(database):
    write()
    with another_process(HOLDS, database):
        started = time.monotonic()
        with pytest.raises(peewee.OperationalError, match="locked"):
            write()
        waited = time.monotonic() - started

    assert AT_MOST - 0.1 < waited < AT_MOST + 3
    assert is_queue_empty(database)
    write()


def test_waiting_in_the_queue_and_for_sqlite_is_five_seconds_in_all(database):
    write()
    with a_writer_without_queueing(database):
        first = threading.Thread(target=_fails_to_write)
        first.start()
        time.sleep(2)
        started = time.monotonic()
        with pytest.raises(peewee.OperationalError, match="locked"), store.database.atomic():
            write()
        waited = time.monotonic() - started
        first.join()

    assert waited < AT_MOST + 1.5
    assert is_queue_empty(database)
    assert store.database.execute_sql("PRAGMA busy_timeout").fetchone()[0] == AT_MOST * 1000


def _fails_to_write():
    store.ensure_connection()
    with suppress(peewee.OperationalError):
        write()
    store.close()


def test_the_queue_lock_of_a_killed_process_is_released_at_once(database):
    write()
    with another_process(HOLDS, database) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()

        started = time.monotonic()
        write()

    assert time.monotonic() - started < 4  # the patience of a writer is five


def test_a_constant_writer_delays_a_waiter_only_once(database):
    """Measured in the other writer's rows, not in time."""
    overtaken = []
    with another_process(WRITES_ALL_THE_TIME, database):
        for _ in range(30):
            time.sleep(0.01)
            before = _last_id()
            with store.database.atomic():
                overtaken.append(_last_id() - before)
                write()

    assert statistics.median(overtaken) <= 3


def _last_id():
    return Event.select(peewee.fn.MAX(Event.id)).scalar() or 0


def test_writes_work_without_a_queue_file(database):
    path = database.removeprefix("sqlite:///")
    Path(f"{path}.writer-lock").unlink(missing_ok=True)
    Path(f"{path}.writer-lock").mkdir()

    with store.database.atomic():
        write()
    write()

    assert Event.select().count() == 2


def test_an_in_memory_database_creates_no_queue_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    db = store.SafeSqlite(":memory:", autoconnect=False)
    with db.connection_context(), db.atomic():
        db.execute_sql("CREATE TABLE t (id)")
        db.execute_sql("INSERT INTO t VALUES (1)")

    assert list(tmp_path.iterdir()) == []

"""What happens to machines: each function does it to a running server, lets some steps pass, and undoes what does not heal by itself."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import psutil

from portal.sandbox.books import Books
from portal.store import database as store
from tests.abuse.wandering import Wanderers
from tests.real.server import Server

SMALLEST_FILE = 4096  # no file may grow beyond
COMES_UP_WITHIN = 60
LONGEST_STEP = 0.3  # seconds; a press may be several requests


def kill_everything(wanderers: Wanderers) -> None:
    """A power failure, while somebody presses."""
    with _a_step_on_its_way(wanderers):
        wanderers.server.kill()
    wanderers.server.start()


def kill_one_process(wanderers: Wanderers) -> None:
    with _a_step_on_its_way(wanderers), suppress(psutil.NoSuchProcess):
        wanderers.dice.choice(_children(wanderers)).kill()
    come_up(wanderers.server)


def stop_some_processes(wanderers: Wanderers) -> None:
    """SIGSTOP, and on after two seconds."""
    stopped = [each for each in _children(wanderers) if wanderers.dice.random() < 0.5]
    _to_each(stopped, psutil.Process.suspend)
    time.sleep(2)
    _to_each(stopped, psutil.Process.resume)


def fill_the_disk(wanderers: Wanderers) -> None:
    """A write beyond a few kilobytes fails, as on a full disk: in databases and logs alike."""
    limits = {}
    for each in _children(wanderers):
        with suppress(psutil.NoSuchProcess):
            limits[each] = each.rlimit(psutil.RLIMIT_FSIZE)
            each.rlimit(psutil.RLIMIT_FSIZE, (SMALLEST_FILE, limits[each][1]))
    for _ in range(10):
        wanderers.step()
    for each, limit in limits.items():
        with suppress(psutil.NoSuchProcess):
            each.rlimit(psutil.RLIMIT_FSIZE, limit)


def lock_the_database(wanderers: Wanderers) -> None:
    """Another writer holds its only lock, or the table of orders."""
    with wanderers.server.models():
        is_sqlite = wanderers.server.database_url.startswith("sqlite")
        other = store.database.connection()
        cursor = other.cursor()
        cursor.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        if not is_sqlite:
            cursor.execute('LOCK TABLE "order" IN EXCLUSIVE MODE')
        _visit_twice(wanderers)
        cursor.execute("ROLLBACK")


def _visit_twice(wanderers: Wanderers) -> None:
    for login in wanderers.dice.sample(wanderers.logins, 2):
        with suppress(OSError):
            wanderers.browsers[login].visit("/contract")


def let_days_pass(wanderers: Wanderers) -> None:
    turn_clock(wanderers.server, wanderers.dice.randint(1, 12))


def put_the_clock_back(wanderers: Wanderers) -> None:
    turn_clock(wanderers.server, -1)
    for _ in range(5):
        wanderers.step()
    turn_clock(wanderers.server, 1)


ACCIDENTS: tuple[Callable[[Wanderers], None], ...] = (
    kill_everything,
    kill_one_process,
    stop_some_processes,
    fill_the_disk,
    lock_the_database,
    let_days_pass,
    put_the_clock_back,
)


def come_up(server: Server) -> None:
    give_up = time.monotonic() + COMES_UP_WITHIN
    while not server.is_healthy():
        assert time.monotonic() < give_up, server.said()[-3000:]
        time.sleep(0.1)


def turn_clock(server: Server, days: int) -> None:
    """Behind the program's back, as a wrong system clock would."""
    with closing(Books(server.folder / "sandbox.db")) as books:
        books.set_offset_days(books.offset_days() + days)


@contextmanager
def _a_step_on_its_way(wanderers: Wanderers) -> Iterator[None]:
    step = threading.Thread(target=wanderers.step)
    step.start()
    time.sleep(wanderers.dice.random() * LONGEST_STEP)
    yield
    step.join()


def _children(wanderers: Wanderers) -> list[psutil.Process]:
    return wanderers.server.processes()[1:]


def _to_each(processes: list[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            act(each)

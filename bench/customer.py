"""A customer in a process of its own who fills in a form, about twenty times a second, and what each time took."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from peewee import OperationalError

from models import Order
from portal.actions.orders.drafts import remember
from portal.store import database as store

BETWEEN_WRITES = 0.05
SPAWN = multiprocessing.get_context("spawn")


class Customer:
    def __init__(self, waits: Connection) -> None:
        self._waits = waits

    def waits(self) -> list[float]:
        """Seconds, each of them since the last question."""
        self._waits.send("?")
        return self._waits.recv()


@contextmanager
def customer(url: str) -> Iterator[Customer]:
    """Every order that is a draft may be written to."""
    with somebody(_write_drafts, url) as found:
        yield found


@contextmanager
def somebody(what: Callable[..., None], *arguments: Any) -> Iterator[Customer]:
    """A process of its own that does `what`, which gets the end of a pipe first and calls `keep_writing` with it."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=what, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    yield Customer(ours)
    process.kill()
    process.join()


def keep_writing(asked: Connection, write: Callable[[], None]) -> None:
    """Writes about twenty times a second, and says how long each time took when it is asked."""
    waits: list[float] = []
    asked.send("ready")
    while True:
        if asked.poll(random.uniform(0.5, 1.5) * BETWEEN_WRITES):
            asked.recv()
            asked.send(waits)
            waits = []
        started = time.perf_counter()
        write()
        waits.append(time.perf_counter() - started)


def percentiles(waits: Sequence[float]) -> str:
    found = sorted(waits) or [0.0]
    parts = {f"p{share}": found[min(len(found) - 1, len(found) * share // 100)] for share in (50, 95, 99)} | {"max": found[-1]}
    return ", ".join(f"{name} {seconds * 1000:.1f}" for name, seconds in parts.items()) + f" ms ({len(waits):,} drafts)"


def _write_drafts(asked: Connection, url: str) -> None:
    store.bind(url)
    store.ensure_connection()
    drafts = [order.id for order in Order.select(Order.id).where(Order.state == "draft")]

    def write() -> None:
        order = Order.get_by_id(random.choice(drafts))
        with suppress(OperationalError):  # who waits five seconds is refused, and has waited
            remember(order, {"months": "12", "common_name": str(random.random())})

    keep_writing(asked, write)

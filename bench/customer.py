"""A customer in a process of its own who fills in a form, about twenty times a second, and what each time took."""

import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

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
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_write_drafts, args=(url, theirs), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    yield Customer(ours)
    process.kill()
    process.join()


def percentiles(waits: Sequence[float]) -> str:
    found = sorted(waits) or [0.0]
    parts = {f"p{share}": found[min(len(found) - 1, len(found) * share // 100)] for share in (50, 95, 99)} | {"max": found[-1]}
    return ", ".join(f"{name} {seconds * 1000:.1f}" for name, seconds in parts.items()) + f" ms ({len(waits):,} drafts)"


def _write_drafts(url: str, asked: Connection) -> None:
    store.bind(url)
    store.ensure_connection()
    drafts, waits = [order.id for order in Order.select(Order.id).where(Order.state == "draft")], []
    asked.send("ready")
    while True:
        if asked.poll(random.uniform(0.5, 1.5) * BETWEEN_WRITES):
            asked.recv()
            asked.send(waits)
            waits = []
        order = Order.get_by_id(random.choice(drafts))
        started = time.perf_counter()
        with suppress(OperationalError):  # who waits five seconds is refused, and has waited
            remember(order, {"months": "12", "common_name": str(random.random())})
        waits.append(time.perf_counter() - started)

"""What the numbers of papers cost: transfers confirmed on PostgreSQL by one process, by two, and by two without papers, in turns.

`papers.py [orders]`: confirmed in each round of each way (60). Prints orders per second, and for how long the next number is held of
how long a confirmation takes. Prints and judges nothing.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from models import Deposit, Order
from portal.actions.documents import papers
from portal.actions.mail import rendering
from portal.actions.payments import settle
from portal.actions.transfers.allocation import allocate
from portal.store import database as store
from tests import keys
from tests.abuse.papers import shop_in
from tests.databases import migrated, postgresql
from tests.purchase import CATALOG, Shop

ORDERS, ROUNDS = 60, 3
WAYS = {"one process": (1, True), "two processes": (2, True), "two processes, without papers": (2, False)}
FORK = get_context("fork")


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    keys.bind()
    rendering.bind(rendering.Letterhead(CATALOG.company, "http://127.0.0.1:8000", "info@kawasemi.example.jp", "bench"))
    with tempfile.TemporaryDirectory() as folder, postgresql("bench") as url:
        migrated(url)
        found: dict[str, list[tuple[float, list[tuple[float, float]]]]] = {way: [] for way in WAYS}
        for number in range(ROUNDS):
            for place, (way, (processes, with_papers)) in enumerate(WAYS.items()):
                found[way].append(_round(Path(folder), f"r{number}w{place}", orders, processes, with_papers=with_papers))
        for way, rounds in found.items():
            held, whole = (median(times[of] for _, all_times in rounds for times in all_times) * 1000 for of in (0, 1))
            rates = ", ".join(f"{rate:.1f}" for rate, _ in rounds)
            print(f"{way:30} {rates} orders/s; the number is held for {held:.1f} of {whole:.1f} ms")


def _round(folder: Path, name: str, orders: int, processes: int, *, with_papers: bool) -> tuple[float, list[tuple[float, float]]]:
    store.ensure_connection()
    shop = shop_in(folder)
    numbers = [_placed(shop, f"{name}of{each}") for each in range(orders)]
    store.close()
    started, pipes = time.perf_counter(), []
    for process in range(processes):
        here, there = FORK.Pipe()
        FORK.Process(target=_confirm, args=(folder, numbers[process::processes], with_papers, there)).start()
        pipes.append(here)
    times = [each for pipe in pipes for each in pipe.recv()]
    return orders / (time.perf_counter() - started), times


def _placed(shop: Shop, login: str) -> tuple[int, int]:
    order = shop.place_for_transfer(shop.draft(login))
    return order.id, shop.deposit(order.total_yen).id


def _confirm(folder: Path, numbers: list[tuple[int, int]], with_papers: bool, answer: Connection) -> None:
    store.ensure_connection()
    staff = shop_in(folder).staff
    if not with_papers:
        settle.papers.issue_receipts = lambda *_: None
    with _timed() as times:
        for order, deposit in numbers:
            order = Order.get_by_id(order)
            allocate(Deposit.get_by_id(deposit), order, order.total_yen, staff, "番号が一致", catalog=CATALOG)
    store.close()
    answer.send(times)


@contextmanager
def _timed() -> Iterator[list[tuple[float, float]]]:
    """Of each transaction that took a number, else of each: seconds from the number to the end of the commit, and from begin to there."""
    database, times, now = store.database.obj, [], {"begun": 0.0, "held": 0.0}
    begin, commit, hold = database.begin, database.commit, papers.hold

    def begun(*about: Any) -> None:
        now.update(begun=time.perf_counter(), held=0.0)
        begin(*about)

    def committed() -> Any:
        done = commit()
        end = time.perf_counter()
        times.append((end - (now["held"] or end), end - now["begun"]))
        return done

    def held(names: list[str]) -> None:
        hold(names)
        now["held"] = time.perf_counter()

    database.begin, database.commit, papers.hold = begun, committed, held
    yield times


if __name__ == "__main__":
    main()

"""Workers side by side on PostgreSQL: contracts per second, per second of their processors, and of the machine's, of one, two and four.

`workers.py [contracts] [due] [--only WORKERS]`: each number of workers has a database of its own, with as many contracts charged on one
day. Prints and judges nothing.
"""

import os
import sys
import time
from contextlib import redirect_stdout
from multiprocessing.connection import Connection
from pathlib import Path

from bench.contracts import fill
from bench.customer import SPAWN
from bench.renewals import CHARGE_DAY, Instant, opened
from bench.stores import empty_store
from models import Order
from portal.gateways.companies import Companies
from portal.jobs.context import context_for
from portal.jobs.table import JOBS
from portal.jobs.worker import ACCOUNTS_A_PASS

CONTRACTS, DUE = 4_000, 800
WORKERS = (1, 2, 4)


def main() -> None:
    words, _, only = " ".join(sys.argv[1:]).partition("--only")
    numbers = [int(text.replace(",", "")) for text in words.split()]
    contracts = numbers[0] if numbers else CONTRACTS
    due = numbers[1] if len(numbers) > 1 else min(DUE, contracts)
    for workers in map(int, only.split()) if only else WORKERS:
        with empty_store(is_postgresql=True) as found:
            filling = SPAWN.Process(target=fill, args=(found.url, contracts, contracts // due, CHARGE_DAY))
            filling.start()
            filling.join()
            found.copy()
            _measure(found.url, workers)


def _measure(url: str, workers: int) -> None:
    pipes = [SPAWN.Pipe() for _ in range(workers)]
    processes = [SPAWN.Process(target=_work, args=(url, theirs)) for _, theirs in pipes]
    for process in processes:
        process.start()
    for ours, _ in pipes:
        ours.recv()
    started, busy = time.perf_counter(), _busy()
    for ours, _ in pipes:
        ours.send("go")
    used = sum(ours.recv() for ours, _ in pipes)
    seconds, busy = time.perf_counter() - started, _busy() - busy
    for process in processes:
        process.join()
    opened(url)
    paid = Order.select().where(Order.kind == "auto", Order.paid_on == CHARGE_DAY).count()
    each = f"{paid / used:6.1f} per second of the workers' processors, {paid / busy:6.1f} of the machine's"
    print(f"{workers} workers: {paid / seconds:6.1f} contracts/s, {each} ({paid:,})", flush=True)


def _busy() -> float:
    """Seconds in which the machine's processors were at work, PostgreSQL's included, and whatever else runs."""
    with Path("/proc/stat").open() as file:
        user, nice, system, _idle, _waiting, irq, soft, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _work(url: str, asked: Connection) -> None:
    """As `portal worker` does: passes until one does nothing. Sends the seconds of the processor that it took."""
    context = context_for(opened(url), Companies(card=Instant()), accounts_a_pass=ACCOUNTS_A_PASS)
    [billing] = (job for job in JOBS if job.name == "billing")
    asked.send("ready")
    asked.recv()
    begun = time.process_time()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        while sum(1 for _ in billing.run(context)):
            pass
    asked.send(time.process_time() - begun)


if __name__ == "__main__":
    main()

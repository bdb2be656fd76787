"""Several `portal worker` on PostgreSQL: contracts per second, and per second of their processors and of the machine's, of one, two, four.

`workers.py [contracts] [due] [--only WORKERS] [--whole]`: each number of workers has a database of its own, with as many contracts charged
on one day. `--whole`: they also send the mails and tell the hosting side, here on this machine. Prints and judges nothing.
"""

import os
import sys
import threading
import time
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from peewee import fn

from bench.contracts import fill
from bench.customer import SPAWN
from bench.receivers import receivers
from bench.renewals import CHARGE_DAY, Instant, opened
from bench.stores import empty_store
from models import HostingEvent, Mail, Order, Payment
from portal.gateways.companies import Companies
from portal.jobs import worker
from portal.runtime import garbage

CONTRACTS, DUE = 4_000, 800
WORKERS = (1, 2, 4)


def main() -> None:
    is_whole = "--whole" in sys.argv
    words, _, only = " ".join(word for word in sys.argv[1:] if word != "--whole").partition("--only")
    numbers = [int(text.replace(",", "")) for text in words.split()]
    contracts = numbers[0] if numbers else CONTRACTS
    due = numbers[1] if len(numbers) > 1 else min(DUE, contracts)
    for workers in map(int, only.split()) if only else WORKERS:
        with empty_store(is_postgresql=True) as found:
            filling = SPAWN.Process(target=fill, args=(found.url, contracts, contracts // due, CHARGE_DAY))
            filling.start()
            filling.join()
            found.copy()
            with receivers() if is_whole else nullcontext((None, None)) as addresses:
                _measure(found.url, workers, addresses)


def _measure(url: str, workers: int, addresses: tuple[str | None, str | None]) -> None:
    pipes = [SPAWN.Pipe() for _ in range(workers)]
    processes = [SPAWN.Process(target=_work, args=(url, theirs, addresses)) for _, theirs in pipes]
    for process, (_, theirs) in zip(processes, pipes, strict=True):
        process.start()
        theirs.close()
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
    if addresses[0]:
        _print_night(seconds)
        return
    paid = Order.select().where(Order.kind == "auto", Order.paid_on == CHARGE_DAY).count()
    each = f"{paid / used:6.1f} per second of the workers' processors, {paid / busy:6.1f} of the machine's"
    print(f"{workers} workers: {paid / seconds:6.1f} contracts/s, {each} ({paid:,})", flush=True)


def _print_night(seconds: float) -> None:
    moments = Payment.select(fn.COUNT(Payment.id), fn.MIN(Payment.created_at), fn.MAX(Payment.updated_at))
    charges, began, paid = moments.join(Order).where(Order.kind == "auto", Order.paid_on == CHARGE_DAY).scalar(as_tuple=True)
    print(f"whole night: {seconds:.0f} s; {charges:,} charges after {_after(began, paid):.0f} s")
    for name, table in (("mails", Mail), ("events for the hosting side", HostingEvent)):
        count, last = table.select(fn.COUNT(table.id), fn.MAX(table.sent_at)).where(table.created_at >= began).scalar(as_tuple=True)
        left = table.select().where(table.created_at >= began, table.state == "waiting").count()
        print(f"{count:,} {name} after {_after(began, last):.0f} s, {left:,} left", flush=True)


def _after(began: datetime, moment: datetime) -> float:
    return (moment - began).total_seconds()


def _busy() -> float:
    """Seconds in which the machine's processors were at work, PostgreSQL's included, and whatever else runs."""
    with Path("/proc/stat").open() as file:
        user, nice, system, _idle, _waiting, irq, soft, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


class UntilIdle(threading.Event):
    """Stops the worker where it would pause for the third time in a row: once may be because another one was faster."""

    def __init__(self) -> None:
        super().__init__()
        self._idle = 0

    def wait(self, timeout: float | None = None) -> bool:
        self._idle = self._idle + 1 if timeout == worker.SECONDS_BETWEEN else 0
        if self._idle == 3:
            self.set()
        return super().wait(worker.SECONDS_IF_FULL)


def _work(url: str, asked: Connection, addresses: tuple[str | None, str | None]) -> None:
    """The very loop of `portal worker`, with all of its jobs. Sends the seconds of the processor that it took."""
    settings = replace(opened(url), smtp_url=addresses[0], provision_url=addresses[1], provision_secret="secret")
    garbage.look_seldom()
    asked.send("ready")
    asked.recv()
    begun = time.process_time()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        worker.run(settings, Companies(card=Instant()), stop=UntilIdle())
    asked.send(time.process_time() - begun)


if __name__ == "__main__":
    main()

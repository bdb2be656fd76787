"""Black-box steps against a true server and worker that are killed, stopped, locked out, filled up and put out of time, on both databases.

At the end everything heals and days pass; then both sides of the books must agree (tests/reconciliation.py), what a page called paid must
be paid, and no page may have been a 500. CAMPAIGN_STEPS (2000) and CAMPAIGN_SEED (1) may be set; about an hour.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from portal.sandbox.books import Books
from tests.abuse.accidents import ACCIDENTS, come_up, turn_clock
from tests.abuse.wandering import Wanderers
from tests.databases import postgresql
from tests.real.server import Server
from tests.reconciliation import Ledger, ledger

STEPS, SEED = int(os.environ.get("CAMPAIGN_STEPS", "2000")), int(os.environ.get("CAMPAIGN_SEED", "1"))
STEPS_BETWEEN_ACCIDENTS = 25
DAYS_TO_HEAL, SECONDS_A_DAY = 10, 60


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wrong = []
    for kind in os.environ.get("CAMPAIGN_DATABASES", "sqlite postgresql").split():
        with server_on(kind) as server:
            wrong += [f"{kind}: {fault}" for fault in campaign(kind, server)]
    print("\n".join(wrong) or "nothing was lost, nothing taken twice, nothing said that is not so")
    return 1 if wrong else 0


@contextmanager
def server_on(kind: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "postgresql":
            with postgresql("campaign") as url, running(Server(Path(folder) / "data", DATABASE_URL=url)) as server:
                yield server
        else:
            with running(Server(Path(folder) / "data")) as server:
                yield server


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        yield server.start()
    finally:
        server.kill()


def campaign(kind: str, server: Server) -> list[str]:
    wanderers, accidents = Wanderers(server, random.Random(SEED)), Counter[str]()
    began = time.monotonic()
    for number in range(1, STEPS + 1):
        if number % STEPS_BETWEEN_ACCIDENTS == 0:
            accident = ACCIDENTS[number // STEPS_BETWEEN_ACCIDENTS % len(ACCIDENTS)]
            accidents[accident.__name__] += 1
            accident(wanderers)
            print(f"{kind}: {number} steps, {time.monotonic() - began:.0f} s, {accident.__name__}", flush=True)
        wanderers.step()
    come_up(server)
    faults = healed(server)
    found = books_of(server)
    states = {order["number"]: order["state"] for order in found.orders}
    print(f"{kind}: {STEPS} steps in {time.monotonic() - began:.0f} s, {dict(accidents)}, {dict(wanderers.counts)}")
    print(f"{kind}: orders {dict(Counter(states.values()))}, {sum(charge['yen'] for charge in found.taken)} yen taken")
    print(f"{kind}: {len(wanderers.confirmed)} orders were called paid on a page", flush=True)
    lost = [f"{number} was called paid and is {states.get(number)}" for number in wanderers.confirmed if states.get(number) != "paid"]
    return wanderers.mistakes + faults + lost + found.charged_twice()


def healed(server: Server) -> list[str]:
    """Day after day the worker works; what is still wrong after the last."""
    faults: list[str] = []
    for _ in range(DAYS_TO_HEAL):
        turn_clock(server, 1)
        give_up = time.monotonic() + SECONDS_A_DAY
        while (faults := books_of(server).faults()) and time.monotonic() < give_up:
            time.sleep(1)
        if not faults:
            break
    return faults


def books_of(server: Server) -> Ledger:
    with server.models(), closing(Books(server.folder / "sandbox.db")) as books:
        return ledger(books)


if __name__ == "__main__":
    sys.exit(main())

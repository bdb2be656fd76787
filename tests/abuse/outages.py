"""50 customers browse and order by card and by transfer, behind nginx with two web servers and two workers, on both databases, while the
web servers are reloaded, killed (kill -9) and upgraded to a newer schema, and while the database is away for a minute.

Prints a table. Ends with 1 if a reload or the upgrade gave a 5xx or lost a request, if an effect was lost or doubled, or if a minute
without the database filled the log. OUTAGES_DATABASES and OUTAGES_CUSTOMERS may be set; about ten minutes on each database.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from models import Account, Order
from portal.enums import OrderState
from portal.sandbox.books import Books
from portal.store import database as store
from tests.abuse.customers import Crowd, Phase
from tests.abuse.farm import Farm, Service
from tests.databases import postgresql
from tests.nginx import PROGRAM, nginx
from tests.real.server import free_port
from tests.reconciliation import Ledger, ledger

CUSTOMERS, ACCOUNTS = int(os.environ.get("OUTAGES_CUSTOMERS", "50")), 1_500
AWAY_SECONDS, MOST_LINES, COMES_BACK_WITHIN, HEALS_WITHIN = 60, 50, 15, 240
HEAD = "| | requests | 503 of the portal | 503 of nginx | no answer | other 5xx | longest, s |\n| --- | --- | --- | --- | --- | --- | --- |"


def main() -> int:
    if not PROGRAM:
        print("left out: nginx is not installed (apt-get install nginx)")
        return 1
    wrong = []
    for kind in os.environ.get("OUTAGES_DATABASES", "sqlite postgresql").split():
        with tempfile.TemporaryDirectory() as folder, address(kind, Path(folder)) as url:
            wrong += [f"{kind}: {fault}" for fault in campaign(kind, Path(folder), url)]
    print("\n".join(wrong) or "nothing was lost, nothing doubled, and every reload and upgrade went unseen")
    return 1 if wrong else 0


@contextmanager
def address(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'portal.db'}"
        return
    with postgresql("outages") as url:
        yield url


def campaign(kind: str, folder: Path, url: str) -> list[str]:
    farm = Farm(folder, front := free_port(), url)
    with farm.data.models():
        add_accounts(farm)
    try:
        for each in farm.services:
            each.start()
        with nginx(folder, farm.ports, tls=False, https=front):
            for port in farm.ports:
                farm.wait_for(port)
            return everything(kind, farm, Crowd(front, [f"c{number}" for number in range(ACCOUNTS)], CUSTOMERS))
    finally:
        farm.end()


def add_accounts(farm: Farm) -> None:
    """One as the program makes it, and copies of it."""
    farm.data.add_account("pattern")
    store.ensure_connection()
    pattern = dict(Account.select().where(Account.login == "pattern").dicts().get())
    del pattern["id"]
    with store.database.atomic():
        for number in range(ACCOUNTS):
            Account.insert(pattern | {"login": f"c{number}", "email": f"c{number}@example.jp"}).execute()


def everything(kind: str, farm: Farm, crowd: Crowd) -> list[str]:
    crowd.begin()
    phases = [during(crowd, name, act, may_fail=may_fail) for name, act, may_fail in accidents(farm)]
    before = Counter(farm.lines())
    phases.append(during(crowd, "the database away for a minute", lambda: away(kind, farm), may_fail=True))
    lines = list((Counter(farm.lines()) - before).elements())
    time.sleep(COMES_BACK_WITHIN)
    phases.append(during(crowd, "and back", lambda: time.sleep(20)))
    crowd.end()
    print(f"\n{kind}, {CUSTOMERS} customers", HEAD, *phases, sep="\n")
    faults, counts = effects(farm, crowd)
    print(f"orders that a page had called paid or awaited: {dict(Counter(crowd.seen.values()))}; in the database: {counts}")
    print(f"lines of the log about the minute without the database: {len(lines)}", flush=True)
    faults += [f"{len(lines)} lines of the log about the minute without the database", *lines[:200]] if len(lines) >= MOST_LINES else []
    return [*(fault for phase in phases for fault in phase.faults), *faults]


def accidents(farm: Farm) -> list[tuple[str, Callable[[], object], bool]]:
    """A kill may cost who is just being answered an answer, and nothing else."""
    one, other = farm.webs
    return [
        ("nothing happens", lambda: time.sleep(20), False),
        ("both reloaded, three times", lambda: repeat(3, lambda: [each.reload() for each in farm.webs], pause=12), False),
        ("a serving process killed, three times", lambda: repeat(3, lambda: one.kill(only_a_child=True), pause=6), True),
        ("a web server killed, then the other", lambda: (killed(farm, one), killed(farm, other)), True),
        ("both workers killed", lambda: [killed(farm, each) for each in farm.workers], False),
        ("upgraded to a newer schema", lambda: (farm.upgrade(), time.sleep(5)), False),
    ]


def during(crowd: Crowd, name: str, act: Callable[[], object], *, may_fail: bool = False) -> Phase:
    phase = crowd.phase = Phase(name, may_fail)
    began = time.monotonic()
    act()
    time.sleep(5)
    print(f"{name}: {time.monotonic() - began:.0f} s, {dict(phase.answers)}", flush=True)
    return phase


def repeat(times: int, act: Callable[[], object], *, pause: float) -> None:
    for _ in range(times):
        act()
        time.sleep(pause)


def killed(farm: Farm, service: Service) -> None:
    service.kill()
    service.process.wait()
    farm.look_after()
    time.sleep(8)


def away(kind: str, farm: Farm) -> None:
    """PostgreSQL refuses every connection; SQLite's only lock is held by somebody else."""
    if kind == "sqlite":
        with farm.data.models():
            store.database.connection().cursor().execute("BEGIN IMMEDIATE")
            time.sleep(AWAY_SECONDS)
            store.database.connection().cursor().execute("ROLLBACK")
        return
    address = urlsplit(farm.data.database_url)
    name = address.path.lstrip("/")
    with psycopg.connect(urlunsplit(address._replace(path="/postgres")), autocommit=True) as beside:
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        beside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        time.sleep(AWAY_SECONDS)
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))


def effects(farm: Farm, crowd: Crowd) -> tuple[list[str], dict[str, int]]:
    """What is wrong in the books of both sides once the workers had time, and which orders pages spoke of that are not so."""
    give_up = time.monotonic() + HEALS_WITHIN
    while (found := books_of(farm)).faults() and time.monotonic() < give_up:
        time.sleep(5)
    with farm.data.models():
        rows = Order.select(Order.state, Account.login).join(Account).where(Account.login.startswith("c"), Order.state != OrderState.DRAFT)
        orders = [(row.account.login, row.state) for row in rows]
    live = Counter(login for login, state in orders if state in (OrderState.PLACED, OrderState.PAID))
    states = {login: state for login, state in orders if state in (OrderState.PLACED, OrderState.PAID)}
    faults = found.faults() + found.charged_twice()
    faults += [f"{login} has {count} orders" for login, count in live.items() if count > 1]
    faults += [f"{login} was told {said} and has {states.get(login)}" for login, said in crowd.seen.items() if states.get(login) != said]
    return faults, dict(Counter(str(state) for _, state in orders))


def books_of(farm: Farm) -> Ledger:
    with farm.data.models(), closing(Books(farm.folder / "data" / "sandbox.db")) as books:
        return ledger(books)


if __name__ == "__main__":
    sys.exit(main())

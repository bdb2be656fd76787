"""A night of automatic renewals: contracts per second beside the bare cost of the same rows, memory, and how long customers wait meanwhile.

`renewals.py [contracts] [due] [--postgresql | --without-writer-lock] [--slow-company]`: contracts (100,000), of which `due` are charged
on one day (a tenth). The company pays at once, or after 0.3 s. Prints and judges nothing.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NoReturn

import psutil

from bench.contracts import fill
from bench.customer import SPAWN, customer, percentiles
from bench.stores import PostgresqlStore, SqliteStore, empty_store
from bench.written import Written
from models import Order
from portal import clock
from portal.actions.renewals import billing_run
from portal.catalog import load_catalog
from portal.gateways.answers import CompanyUnreachable
from portal.gateways.card import Paid
from portal.gateways.companies import Companies
from portal.jobs import run_due
from portal.jobs.context import context_for
from portal.jobs.progress import progress
from portal.jobs.report import RunReport
from portal.jobs.table import JOBS
from portal.runtime import garbage
from portal.runtime.letterhead import write_mails_for
from portal.runtime.settings import Settings, sample_company
from portal.store import database as store

CONTRACTS = 100_000
WRITTEN_ALONE, WRITTEN_AGAIN = 500, 2_000
SECONDS_ALONE = 5
CHARGE_DAY = date(2030, 12, 5)
SECONDS_TO_ANSWER = 0.3 if "--slow-company" in sys.argv else 0


class Instant:
    """A card company in memory that always pays."""

    name = "sandbox"

    def prepare(self, token: str, yen: int, key: str) -> str:
        return key

    def charge(self, token: str, yen: int, key: str) -> Paid:
        time.sleep(SECONDS_TO_ANSWER)
        return Paid(f"of {key}", yen, clock.now())

    def movements(self, _since: object, _until: object) -> NoReturn:
        """What was charged is not compared: the contracts of the past are none of this company's."""
        raise CompanyUnreachable

    def remittances(self, _first: object, _last: object) -> tuple[()]:
        return ()


def main() -> None:
    numbers = [int(text.replace(",", "")) for text in sys.argv[1:] if not text.startswith("-")]
    contracts = numbers[0] if numbers else CONTRACTS
    due = numbers[1] if len(numbers) > 1 else contracts // 10
    with empty_store(is_postgresql="--postgresql" in sys.argv) as found:
        started = time.perf_counter()
        filling = SPAWN.Process(target=fill, args=(found.url, contracts, contracts // due, CHARGE_DAY))
        filling.start()
        filling.join()
        if filling.exitcode:
            sys.exit(filling.exitcode)
        found.copy()
        if "--without-writer-lock" in sys.argv:
            found.without_writer_lock()
        print(f"{found.name}: {contracts:,} contracts, {found.megabytes():,.0f} MB, written in {time.perf_counter() - started:.0f} s")
        _measure(found)


def _measure(found: SqliteStore | PostgresqlStore) -> None:
    settings = opened(found.url)
    with customer(found.url) as somebody:
        time.sleep(SECONDS_ALONE)
        alone = somebody.waits()
        garbage.look_seldom()
        one_by_one = _renew_one_by_one(settings)
        before, started, used = _paid(), time.perf_counter(), time.process_time()
        somebody.waits()
        with _counted() as statements, _memory() as megabytes:
            written = _renew(settings)
        seconds, used, meanwhile = time.perf_counter() - started, time.process_time() - used, somebody.waits()
    paid = _paid() - before
    print(f"renewed          {paid / seconds:6,.0f} contracts/s: {paid:,} in {seconds:.1f} s, beside the customer")
    print(f"processor        {used / paid * 1000:6.1f} ms and {statements.total() / paid:.1f} statements a contract")
    for name, rows in (("bare, one by one", one_by_one), ("bare, as written", written)):
        print(f"{name} {rows.again(found.connect_to_copy()):6,.0f} contracts/s: {rows}, nobody beside it")
    tenth, half = megabytes[len(megabytes) // 10], megabytes[len(megabytes) // 2]
    print(f"memory           {megabytes[0]:6,.0f} MB at the start, after a tenth of the time {tenth:,.0f}, after half of it {half:,.0f},")
    print(f"                 {megabytes[-1]:,.0f} at the end, at most {max(megabytes):,.0f}")
    print(f"customer alone   {percentiles(alone)}")
    print(f"customer beside  {percentiles(meanwhile)}", flush=True)


@contextmanager
def _counted() -> Iterator[Counter[str]]:
    """How many statements, those that begin and end a transaction left out. A number: a list of them would be memory of the run."""
    db, found = store.database.obj, Counter[str]()
    execute = db.execute_sql
    db.execute_sql = lambda *arguments: found.update(("statements",)) or execute(*arguments)
    yield found
    vars(db).pop("execute_sql", None)  # `Written`, which watches meanwhile, has taken it away with its own


def _paid() -> int:
    return Order.select().where(Order.kind == "auto", Order.paid_on == clock.today()).count()


def _renew_one_by_one(settings: Settings) -> Written:
    """Some contracts, each in transactions of its own: so the rows of all of them would be written if no two shared a statement."""
    written, context = Written(WRITTEN_ALONE), context_for(settings, Companies(card=Instant())).billing
    with written.watching():
        for schedule in islice(billing_run.all_due(), WRITTEN_ALONE):
            list(billing_run.process_together([schedule], context))
    return written


def _renew(settings: Settings) -> Written:
    """The very pass of `portal run-due`; what it says goes nowhere, its progress to stderr."""
    written = Written(WRITTEN_AGAIN)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), written.watching():
        [billing] = (job for job in JOBS if job.name == "billing")
        run_due.do(billing, context_for(settings, Companies(card=Instant()), watch=progress), RunReport(today=clock.today()))
    return written


def opened(url: str) -> Settings:
    days = (CHARGE_DAY - clock.day_of(clock.real_now())).days
    clock.turn_by(lambda: days)
    store.bind(url)
    store.ensure_connection()
    about = {"secret_key": "", "data_keys": (), "card_company": None, "notice_secret": "", "trusted_proxies": 0, "host": "", "port": 0}
    where = {"database_url": url, "data_folder": Path(), "company_folder": sample_company(), "public_url": "http://127.0.0.1:8000"}
    settings = Settings(demo=False, installation_id="bench", **where, **about)
    write_mails_for(load_catalog(settings.company_folder), settings)
    return settings


@contextmanager
def _memory() -> Iterator[list[float]]:
    """The megabytes of this process, twice a second."""
    process, over = psutil.Process(), threading.Event()
    found: list[float] = []

    def look() -> None:
        while not over.wait(0.5 if found else 0):
            found.append(process.memory_info().rss / 1e6)

    looking = threading.Thread(target=look)
    looking.start()
    yield found
    over.set()
    looking.join()


if __name__ == "__main__":
    main()

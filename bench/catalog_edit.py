"""A new catalog makes every account due in batches: how long that takes, and how long customers wait meanwhile.

`catalog_edit.py [accounts] [--postgresql] [--texts] --folder FOLDER`: a store of `at_size.py` (1,000,000), written if it is not there. One
customer fills in forms all the time, one has a day looked at again, which writes the very rows of the batches. Afterwards the store is as
before. With --texts old texts are emptied instead, which is done once: ten thousand mails of a million accounts.
"""

import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bench.asking import figure_of, filled
from bench.customer import customer, keep_writing, percentiles, somebody
from models import Account, Installation, Order, Schedule
from portal import clock
from portal.actions.privacy import texts
from portal.actions.renewals import schedule
from portal.catalog import load_catalog
from portal.runtime.settings import sample_company
from portal.store import database as store
from portal.store.database import database

ACCOUNTS, DRAFTS, SECONDS_ALONE = 1_000_000, 100, 5
DRAFT = {"kind": "new", "state": "draft", "typed": "{}", "revision": 0}


def main() -> None:
    accounts = next((int(text) for text in (text.replace(",", "") for text in sys.argv[1:]) if text.isdigit()), ACCOUNTS)
    folder = Path(sys.argv[sys.argv.index("--folder") + 1])
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        url = stack.enter_context(filled(accounts, folder, is_postgresql="--postgresql" in sys.argv))
        stack.enter_context(_kept(accounts))
        people = [stack.enter_context(each) for each in (customer(url), somebody(_wake, url, accounts))]
        time.sleep(SECONDS_ALONE)
        alone = [each.waits() for each in people]
        figure = figure_of(_empty_texts if "--texts" in sys.argv else _edit)
        beside = [each.waits() for each in people]
    print(f"done after {figure.clock:.1f} s, {figure.processor:.1f} of the processor")
    for what, quiet, busy in zip(("a form", "a day to look at"), alone, beside, strict=True):
        print(f"{what:<16} alone {percentiles(quiet)}\n{what:<16} beside {percentiles(busy)}")
    print(f"load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after")


def _edit() -> None:
    schedule.follow_catalog(secrets.token_hex(32), clock.today())
    print(f"{schedule.how_many_are_due(clock.today()):,} accounts are due")


def _empty_texts() -> None:
    for done in texts.empty_old_texts(load_catalog(sample_company()).retention):
        print(f"{done.rows:,} {done.what}")


@contextmanager
def _kept(accounts: int) -> Iterator[None]:
    """With drafts, which are taken away again, and the days of all accounts put back."""
    Installation.insert(id=1, installation_id="bench", is_demo=False).on_conflict_ignore().as_rowcount().execute()
    with database.atomic():
        database.execute_sql("CREATE TABLE bench_schedule AS SELECT account_id AS id, due_on FROM schedule")
        for account in random.sample(range(1, accounts + 1), DRAFTS):
            Order.create(number=f"draft{account}", account=account, created_at=clock.now(), **DRAFT)
    yield
    if store.is_postgresql():
        database.execute_sql("SET statement_timeout = 0")
    with database.atomic():
        Order.delete().where(Order.number.startswith("draft")).execute()
        database.execute_sql("CREATE UNIQUE INDEX bench_schedule_id ON bench_schedule(id)")
        database.execute_sql("UPDATE schedule SET due_on = (SELECT b.due_on FROM bench_schedule b WHERE b.id = account_id)")
        database.execute_sql("DROP TABLE bench_schedule")
    if store.is_postgresql():
        database.execute_sql("VACUUM ANALYZE schedule")


def _wake(asked: Connection, url: str, accounts: int) -> None:
    """Of random accounts: the row of the schedule is written, as by whatever a customer changes about renewals."""
    store.bind(url)
    store.ensure_connection()

    def write() -> None:
        with database.atomic():
            Schedule.wake(Account(id=random.randint(1, accounts)), clock.today())

    keep_writing(asked, write)


if __name__ == "__main__":
    main()

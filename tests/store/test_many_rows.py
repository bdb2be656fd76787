"""What is done to many rows: in batches where people may wait for it, and without a limit of time where they wait anyway."""

from datetime import timedelta

import pytest

from models import CountedTry
from portal import clock
from portal.actions.accounts import limits
from portal.rules.accounts.limits import Limited
from portal.store import batches, migrations
from portal.store import database as store
from tests.plans import Recorder


@pytest.mark.store
def test_what_is_over_is_deleted_in_batches(database: str) -> None:
    long_ago, now = clock.real_now() - timedelta(days=900), clock.real_now()
    tries = [{"kind": Limited.SEARCH, "who": f"{place}", "network": "", "at": long_ago} for place in range(2 * batches.A_BATCH)]
    CountedTry.insert_many([*tries, {"kind": Limited.SEARCH, "who": "new", "network": "", "at": now}]).execute()
    recorder = Recorder()
    with recorder.listening():
        deleted = limits.sweep(now)

    assert deleted == 2 * batches.A_BATCH
    assert [row.who for row in CountedTry.select()] == ["new"]
    assert all(" LIMIT " in text for text in recorder.statements)


def test_a_migration_may_take_longer_than_a_page(postgresql_databases, tmp_path) -> None:
    """An index of millions of rows does."""
    store.bind(postgresql_databases.fresh(tmp_path))
    store.ensure_connection()

    def limit() -> str:
        return store.database.execute_sql("SHOW statement_timeout").fetchone()[0]

    before = limit()
    with migrations._one_at_a_time():
        assert limit() == "0"

    assert limit() == before != "0"
    store.close()


def test_more_processes_of_postgresql_read_for_a_snapshot_and_for_no_page(postgresql_databases, tmp_path) -> None:
    store.bind(postgresql_databases.fresh(tmp_path))
    store.ensure_connection()

    def workers() -> str:
        return store.database.execute_sql("SHOW max_parallel_workers_per_gather").fetchone()[0]

    before = workers()
    with store.snapshot():
        meanwhile = workers()

    assert (before, meanwhile, workers()) == ("0", "2", "0")
    store.close()

"""What a renewal costs the database."""

import pytest

from models import Schedule
from portal.jobs.context import context_for
from portal.store import database as store
from tests.actions.renewals.contract import CHARGE, RENEWED_UNTIL, Contract, processes
from tests.plans import READS, as_if_full, whole_reads

pytestmark = pytest.mark.store

MOST = 45  # statements, those that begin and end a transaction left out

END_OF_AN_INDEX = "SELECT COALESCE(MAX("  # on PostgreSQL: the last number of the papers


def test_a_renewal_alone_is_at_most_45_statements_and_reads_no_big_table_whole(shop, calendar):
    """Where several share a transaction, each is fewer statements. What is read whole costs more each year."""
    contract = Contract(shop, calendar, "aki").buy()
    calendar.jump(CHARGE)
    row = Schedule.get(Schedule.account == contract.account)
    context = context_for(calendar.settings, shop.companies).billing

    statements = executed(lambda: processes([row], context))

    assert contract.ends_on == RENEWED_UNTIL
    assert len(statements) <= MOST + store.is_postgresql()  # which is asked for the lock of the papers' numbers
    with as_if_full():
        read_whole = [sql for sql, *values in statements if sql.startswith(READS) and whole_reads(sql, *values)]
    assert [sql for sql in read_whole if not sql.startswith(END_OF_AN_INDEX)] == []


def executed(act) -> list[tuple]:
    database, found = store.database.obj, []
    execute = database.execute_sql
    database.execute_sql = lambda *arguments: found.append(arguments) or execute(*arguments)
    act()
    del database.execute_sql
    return found

"""What a renewal costs the database."""

import pytest

from models import Schedule
from portal.jobs.context import context_for
from portal.store import database as store
from tests.actions.renewals.contract import CHARGE, RENEWED_UNTIL, Contract, processes

pytestmark = pytest.mark.store

MOST = 45  # statements, those that begin and end a transaction left out


def test_a_renewal_alone_is_at_most_45_statements(shop, calendar):
    """Where several share a transaction, each is fewer."""
    contract = Contract(shop, calendar, "aki").buy()
    calendar.jump(CHARGE)
    row = Schedule.get(Schedule.account == contract.account)
    context = context_for(calendar.settings, shop.companies).billing

    statements = counted(lambda: processes([row], context))

    assert contract.ends_on == RENEWED_UNTIL
    assert statements <= MOST + store.is_postgresql()  # which is asked for the lock of the papers' numbers


def counted(act) -> int:
    database, found = store.database.obj, []
    execute = database.execute_sql
    database.execute_sql = lambda *arguments: found.append(arguments) or execute(*arguments)
    act()
    del database.execute_sql
    return len(found)

"""What a renewal costs the database."""

import pytest

from models import Schedule
from portal.jobs.context import context_for
from portal.store import database as store
from tests.actions.renewals.contract import CHARGE, RENEWED_UNTIL, Contract, processes

pytestmark = pytest.mark.store

MOST = 45  # statements, those that begin and end a transaction left out


def test_a_renewal_is_at_most_45_statements_where_two_share_a_transaction(shop, calendar):
    contracts = [Contract(shop, calendar, login).buy() for login in ("aki", "haru")]
    calendar.jump(CHARGE)
    rows = [Schedule.get(Schedule.account == contract.account) for contract in contracts]
    context = context_for(calendar.settings, shop.companies).billing

    statements = counted(lambda: processes(rows, context))

    assert [contract.ends_on for contract in contracts] == [RENEWED_UNTIL] * 2
    assert statements / 2 <= MOST


def counted(act) -> int:
    database, found = store.database.obj, []
    execute = database.execute_sql
    database.execute_sql = lambda *arguments: found.append(arguments) or execute(*arguments)
    act()
    del database.execute_sql
    return len(found)

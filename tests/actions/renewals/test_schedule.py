"""The worker polls every two seconds, so its query must not read finished rows, however many there are."""

from datetime import UTC, datetime

import pytest

from models import Mail, Payment, Schedule
from portal import clock
from portal.actions.payments import abandoned
from portal.actions.renewals import schedule
from portal.actions.transfers import bank_orders
from portal.store import database as store

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
QUESTIONS = {
    "payment_to_ask_about": lambda: Payment.due(MOMENT),
    "mail_to_send": lambda: Mail.due(MOMENT, MOMENT, 50),
    "order_with_company_placed": lambda: list(abandoned.abandoned_orders()),
    "order_awaited": lambda: bank_orders.overdue_orders(frozenset()),
    "schedule_due": lambda: Schedule.due(clock.today(), MOMENT, 50),
    "schedule_due (due_on<?)": lambda: schedule.how_many_are_due(clock.today()),
    "INTEGER PRIMARY KEY": lambda: Schedule.due_after(7, clock.today(), MOMENT, 50),
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_due_accounts_are_found_by_an_index(index, database):
    plan = " ".join(_plan(QUESTIONS[index]))

    assert index in plan
    assert "SCAN t2" not in plan


def _plan(question) -> list[str]:
    statements, execute = [], store.database.obj.execute_sql
    store.database.obj.execute_sql = lambda sql, params=None: statements.append((sql, params)) or execute(sql, params)
    question()
    del store.database.obj.execute_sql
    [(sql, params)] = statements
    return [row[3] for row in store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]

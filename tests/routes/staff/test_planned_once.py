"""The counts of staff's menu are planned once for a connection, not for every page: PostgreSQL took longer for that than for counting."""

import pytest

from portal.store.database import database as rows
from tests.browser import Browser

PLANNED_EACH_TIME = 5  # PostgreSQL plans so often with the values before it compares


@pytest.mark.store(only="postgresql")
def test_the_query_of_a_staff_session_is_planned_once_and_no_other(desk: Browser) -> None:
    for _ in range(2 * PLANNED_EACH_TIME):
        desk.visit("/staff/files")

    [(text, kept)] = rows.execute_sql("SELECT statement, generic_plans FROM pg_prepared_statements").fetchall()
    assert '"awaited"' in text
    assert kept > 0

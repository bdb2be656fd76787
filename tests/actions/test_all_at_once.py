"""Several rows in one transaction, or one for each if that fails."""

import pytest

from models import Account
from portal.actions.row_by_row import Failed, all_at_once
from portal.store.database import database
from tests.factories import a_customer

pytestmark = pytest.mark.store


def renaming(calls, broken=(), *, at_most=9):
    def rename(rows):
        calls.append(len(rows))
        if len(rows) > at_most:
            raise ValueError("so many")
        with database.atomic():
            for row in rows:
                Account.update(name=f"{row.name}様").where(Account.id == row.id).execute()
                if row.login in broken:
                    raise ValueError("broken")
        return [row.login for row in rows]

    return rename


def people(*logins):
    return [a_customer(login, name=login) for login in logins]


def names():
    return [account.name for account in Account.select().order_by(Account.id)]


def test_rows_that_succeed_share_one_transaction(database):
    calls, rows = [], people("aki", "haru", "natsu")

    assert [done for _, done in all_at_once("account", rows, renaming(calls))] == ["aki", "haru", "natsu"]
    assert calls == [3]
    assert names() == ["aki様", "haru様", "natsu様"]


def test_a_row_that_fails_stops_no_other_and_nothing_is_done_twice(database):
    calls, rows = [], people("aki", "haru", "natsu")

    found = [done for _, done in all_at_once("account", rows, renaming(calls, broken={"haru"}))]

    assert found == ["aki", Failed("account", rows[1].id), "natsu"]
    assert calls == [3, 1, 1, 1]
    assert names() == ["aki様", "haru", "natsu様"]


def test_the_log_says_that_rows_failed_together_even_if_each_goes_well_alone(database, caplog):
    found = [done for _, done in all_at_once("account", people("aki", "haru"), renaming([], at_most=1))]

    assert found == ["aki", "haru"]
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("2 of the kind account failed together, each is tried alone: ValueError: so many (")

"""Rows that one transaction holds and another one refers to."""

import threading

import pytest

from models import Account, Event
from portal.actions import history
from portal.store import database as store
from portal.store.database import database, is_postgresql
from tests.factories import a_customer

pytestmark = pytest.mark.store


def write_an_event(account_id: int) -> None:
    """As a worker that is about to send a payment: it holds the payment's row, not the account's."""
    store.ensure_connection()
    try:
        with database.atomic():
            if is_postgresql():
                database.execute_sql("SET LOCAL lock_timeout = 1000")
            history.record("payment", "a-key", "created", "submitted", history.PORTAL, "sent", account=account_id)
    finally:
        store.close()


@pytest.mark.store(only="postgresql")  # SQLite has one writer at a time
def test_an_event_of_an_account_is_written_while_another_transaction_holds_the_account(database: str) -> None:
    """Else two transactions, one with the payment and one with the account, wait for each other."""
    account = a_customer()

    with store.database.atomic():
        Account.locked(account.id)
        writer = threading.Thread(target=write_an_event, args=(account.id,))
        writer.start()
        writer.join(timeout=10)
        written = Event.select().where(Event.entity == "payment a-key").count()

    assert not writer.is_alive()
    assert written == 1

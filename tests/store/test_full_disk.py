"""SQLite rolls a transaction back when the disk is full; the reported error must be the full disk, not the missing transaction."""

from contextlib import suppress

import peewee
import pytest

from models import Account, Event
from portal import clock
from portal.actions import history
from portal.actions.payments import webhooks
from portal.gateways.card import CompanyEvent
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store.database import database
from tests.purchase import CATALOG

A_LOT = "多" * 1_000_000


@pytest.fixture
def small_disk(database):
    """Ten pages more, and the disk is full."""
    pages = store.database.execute_sql("PRAGMA page_count").fetchone()[0]
    store.database.execute_sql(f"PRAGMA max_page_count = {pages + 10}")


def fill_the_disk():
    Event.create(entity="e", to_state="s", actor="a", reason=A_LOT, at=clock.now())


def test_the_error_of_a_full_disk_is_reported(small_disk):
    @database.atomic()
    def write():
        Account.create(login="a", password_hash="", name="a", email="a", plan="a", created_at=clock.now())
        fill_the_disk()

    with pytest.raises(peewee.OperationalError, match="full"):
        write()

    assert database.transaction_depth() == 0
    assert Account.select().count() == 0


def test_the_error_of_a_full_disk_is_reported_in_a_nested_transaction(small_disk):
    @database.atomic()
    def write():
        history.record("order", 1, None, "draft", "test", "", account=None)
        with database.atomic():
            fill_the_disk()

    with pytest.raises(peewee.OperationalError, match="full"):
        write()

    assert database.transaction_depth() == 0
    assert Event.select().count() == 0


def test_nothing_is_written_after_sqlite_rolled_a_transaction_back(small_disk):
    """Code that continued after the error would run without a transaction and store half of it."""

    @database.atomic()
    def write():
        history.record("order", 1, None, "draft", "test", "", account=None)
        with suppress(peewee.OperationalError), database.atomic():
            fill_the_disk()
        history.record("order", 2, None, "draft", "test", "", account=None)

    with pytest.raises(peewee.OperationalError, match="ended"):
        write()

    assert Event.select().count() == 0


def test_writes_work_again_once_there_is_disk_space(small_disk):
    with pytest.raises(peewee.OperationalError), database.atomic():
        fill_the_disk()
    database.execute_sql("PRAGMA max_page_count = 1000000")

    with database.atomic():
        fill_the_disk()

    assert Event.select().count() == 1


def test_money_received_during_a_full_disk_is_settled_later(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    result = shop.company.lookup(order.latest_payment.key)
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages}")
    notice = CompanyEvent("notice-1", order.latest_payment.key, result)

    with pytest.raises(peewee.OperationalError, match="full"):
        webhooks.receive("card", notice, A_LOT, CATALOG)
    assert shop.states(order) == ("placed", ["unknown"])

    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert webhooks.receive("card", notice, A_LOT, CATALOG)
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()

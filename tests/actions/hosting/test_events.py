"""A hosting event is recorded once, in the transaction of its cause, with the body that will be sent."""

import json
import threading
import time
from datetime import UTC, date, datetime

import pytest
import time_machine
from peewee import IntegrityError

from models import Account, Event, HostingEvent
from portal.actions.hosting.events import NewEvent, queue, queue_all
from portal.enums import HostingEventKind, HostingEventState
from portal.store import database as store
from tests.actions.hosting.contracts import START, TERM, a_contract, events, only, start, stop
from tests.concurrency import at_once

pytestmark = pytest.mark.store


def test_an_event_is_recorded_once(contract):
    assert start(contract)
    assert not start(contract)
    assert stop(contract)
    assert [event.key for event in events()] == ["start term 12", f"stop subscription {contract.id} 2027-12-01"]


def test_eight_concurrent_writers_record_an_event_once(contract):
    assert sorted(at_once(*[lambda: start(contract)] * 8)) == [False] * 7 + [True]
    assert len(events()) == 1
    assert Event.select().where(Event.entity == f"provisioning {only().id}").count() == 1


def test_a_rolled_back_change_leaves_no_event(contract):
    with store.database.atomic() as transaction:
        start(contract)
        transaction.rollback()

    assert not events()


def test_recording_an_event_twice_does_not_break_its_transaction(contract):
    start(contract)
    with store.database.atomic():
        assert not start(contract)
        assert stop(contract)

    assert len(events()) == 2


def test_the_body_names_the_event_the_account_and_the_contract(contract):
    with time_machine.travel(datetime(2026, 11, 22, 1, 23, 45, tzinfo=UTC), tick=False):
        queue_all([NewEvent(START, contract, "start term 12", contract.account, quantity=3, **TERM)])

    assert json.loads(only().body) == {
        "id": "start term 12",
        "kind": "start",
        "account": "new",
        "plan": "standard",
        "subscription": contract.id,
        "product": "server",
        "variant": "standard",
        "quantity": 3,
        "starts_on": "2026-11-22",
        "ends_on": "2027-11-30",
        "order_number": "12345678",
        "at": "2026-11-22T01:23:45Z",
    }


def test_unknown_values_in_the_body_are_null(contract):
    queue(HostingEventKind.END, contract, key="end subscription 5")

    body = json.loads(only().body)
    assert (body["kind"], body["quantity"], body["starts_on"], body["ends_on"], body["order_number"]) == ("end", 1, None, None, None)


def test_the_stored_body_does_not_change_with_the_contract(contract):
    start(contract)
    Account.update(login="renamed", plan="premium").execute()
    assert not start(contract)

    assert '"account": "new", "plan": "standard"' in only().body


def test_an_event_key_of_another_contract_raises_an_error(contract):
    start(contract)

    with pytest.raises(IntegrityError):
        start(a_contract("other"))
    assert len(events()) == 1


@pytest.mark.parametrize("key", ["", " ", "開始 12", "start\r\nX: y", "start  term", "x" * 129])
def test_an_event_key_that_fits_no_header_raises_an_error(contract, key):
    with pytest.raises(ValueError, match="no name"):
        queue(START, contract, key=key)
    assert not events()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "begin"}, {"quantity": 0}, {"state": "sending"}, {"state": "sent"}, {"ends_on": date(2026, 11, 21)}],
    ids=str,
)
def test_the_database_refuses_inconsistent_events(contract, wrong):
    start(contract)
    values = only().__data__ | {"id": None, "key": "another"}

    with pytest.raises(IntegrityError), store.database.atomic():
        HostingEvent.create(**values | wrong)
    assert HostingEvent.create(**values)


def test_events_of_concurrent_changes_are_numbered_in_commit_order(contract):
    """Otherwise the second could be sent while the first is not committed yet."""
    is_told = threading.Event()

    def first() -> None:
        with store.database.atomic():
            start(contract)
            is_told.set()
            time.sleep(0.3)

    def second() -> list[str]:
        is_told.wait(10)
        stop(contract)
        return [event.kind for event in events()]

    assert at_once(first, second)[1] == ["start", "stop"]


def test_the_query_for_due_events_does_not_scan_sent_events(contract):
    if store.is_postgresql():
        pytest.skip("how PostgreSQL reads a table of three rows says nothing")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    statements = []
    execute = store.database.obj.execute_sql
    store.database.obj.execute_sql = lambda sql, *rest: statements.append((sql, *rest)) or execute(sql, *rest)
    HostingEvent.due(moment, moment, 50)
    del store.database.obj.execute_sql
    [(sql, values)] = statements

    plan = " ".join(str(row) for row in store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
    assert "hosting_event_order" in plan
    assert "SCAN t1'" not in plan


def test_a_new_event_is_waiting(contract):
    start(contract)

    assert (only().state, only().state_label, only().tries) == (HostingEventState.WAITING, "連絡待ち", 0)
    assert (only().kind_label, only().product) == ("利用開始", "server")

"""Events are sent completely, in order and once; where the result is unknown they are repeated under the same key."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from peewee import OperationalError

from models import Event, HostingEvent
from portal import clock
from portal.actions import outgoing
from portal.actions.hosting import events as hosting_events
from portal.actions.hosting.events import send_again
from portal.actions.outgoing import Trouble
from portal.enums import HostingEventState
from portal.gateways.hosting import Refused, Unavailable, WebhookHosting
from portal.jobs import worker
from portal.store import database as store
from tests.actions.hosting import careless
from tests.actions.hosting.contracts import a_contract, events, only, start, stop
from tests.concurrency import at_once
from tests.passes import tell_hosting as send_due

pytestmark = pytest.mark.store
HOME = Path(__file__).parents[3]


class Scripted:
    """A hosting side that fails with the given errors in turn, then accepts everything."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.keys: list[str] = []

    def send(self, key: str, body: str) -> None:
        assert store.database.transaction_depth() == 0
        if self.troubles:
            raise self.troubles.pop(0)
        self.keys.append(key)


def history() -> list[str]:
    return [event.to_state for event in Event.select().where(Event.entity == f"provisioning {only().id}").order_by(Event.id)]


def states() -> list[str]:
    return [event.state for event in events()]


def after_the_lease() -> time_machine.travel:
    return time_machine.travel(clock.real_now() + outgoing.LEASE + timedelta(seconds=1), tick=False)


def passes(time, hosting, minutes: int) -> None:
    """One pass a minute, with enough batches for every due event."""
    for _ in range(minutes):
        time.shift(timedelta(minutes=1))
        for _ in range(4):
            send_due(hosting)


def test_a_sent_event_is_written_to_the_history(contract, side, hosting):
    start(contract)

    assert send_due(hosting) == 1
    assert send_due(hosting) == 0
    [got] = side.received
    assert (got.key, got.body.decode(), got.is_genuine) == ("start term 12", only().body, True)
    assert only().is_sent
    assert only().sent_at is not None
    assert history() == ["waiting", "sent"]


def test_without_a_hosting_side_events_stay_waiting(contract):
    start(contract)

    assert send_due(None) == 0
    assert (only().state, only().tries) == (HostingEventState.WAITING, 0)


def test_the_worker_sends_waiting_events(contract, side, settings, companies):
    start(contract)
    worker.run_once(settings, companies)
    assert not side.received

    worker.run_once(replace(settings, provision_url=side.url, provision_secret=side.secret), companies)

    assert [got.is_genuine for got in side.received] == [True]
    assert only().is_sent


# -- order -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [500, 422, "hang up"])
def test_events_of_a_contract_stay_in_order_and_do_not_block_other_contracts(contract, side, hosting, trouble):
    other = a_contract("other")
    with time_machine.travel(clock.now(), tick=False) as time:
        side.answers = [trouble] * 3
        start(contract)
        send_due(hosting)
        stop(contract)
        start(other, 13)
        for _ in range(3):
            send_due(hosting)
        assert states()[:2] == ["waiting", "waiting"]
        assert events()[1].tries == 0
        passes(time, hosting, 60)

    assert set(states()) == {"sent"}
    assert [key for key in dict.fromkeys(side.keys) if "13" not in key] == ["start term 12", f"stop subscription {contract.id} 2027-12-01"]
    last = {key: place for place, key in enumerate(side.keys)}
    assert last["start term 12"] < side.keys.index(f"stop subscription {contract.id} 2027-12-01")


def test_without_ordering_a_stop_is_sent_before_its_start(contract, side, hosting):
    """The negative control."""
    start(contract)
    stop(contract)
    side.answers = [500]
    careless.send_all(hosting)

    assert states() == ["waiting", "sent"]


def test_an_event_in_flight_holds_back_the_next_one_of_its_contract(contract):
    start(contract)
    stop(contract)
    assert events()[0].claim(clock.now(), clock.real_now() + outgoing.LEASE)

    assert send_due(Scripted()) == 0
    with after_the_lease():
        side = Scripted()
        assert send_due(side) + send_due(side) == 2
    assert side.keys == [event.key for event in events()]


def test_four_workers_send_the_events_of_each_contract_in_order(contract, side):
    side.seconds_per_event = 0.01
    contracts = [contract, *(a_contract(f"customer{number}") for number in range(4))]
    for place, each in enumerate(contracts):
        start(each, place)
        stop(each, date(2027, 1, 1))
        stop(each, date(2027, 2, 1))

    def work() -> int:
        return sum(send_due(WebhookHosting(side.url, side.secret)) for _ in range(20))

    assert sum(at_once(*[work] * 4)) == 15
    assert set(side.copies.values()) == {1}
    for each in contracts:
        mine = [got.key for got in side.received if got.fields["subscription"] == each.id]
        assert mine == [event.key for event in events() if event.subscription_id == each.id]


# -- once --------------------------------------------------------------------------------------------------------------


def test_four_workers_send_each_event_once(contract, side):
    side.seconds_per_event = 0.02
    for number in range(12):
        start(a_contract(f"customer{number}"), number)

    got = at_once(*[lambda: send_due(WebhookHosting(side.url, side.secret))] * 4)

    assert sum(got) == 12
    assert sorted(side.copies.values()) == [1] * 12
    assert {event.tries for event in events()} == {1}


def test_without_a_claim_workers_send_an_event_more_than_once(contract, side):
    """The negative control."""
    side.seconds_per_event = 0.5
    start(contract)
    at_once(*[lambda: careless.send_all(WebhookHosting(side.url, side.secret))] * 4)

    assert side.copies["start term 12"] > 1


def killed(url: str, side, how: str) -> None:
    """A worker that is killed before it reads the answer."""
    store.close()
    command = [sys.executable, "-m", "tests.actions.hosting.killed", url, side.url, side.secret, how]
    environ = {"PYTHONPATH": f"{HOME}:{HOME / 'site'}", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=HOME, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    store.ensure_connection()


def test_a_worker_killed_after_sending_leads_to_a_repeat_under_the_same_key(database, contract, side, hosting):
    start(contract)
    stop(contract)
    killed(database, side, "after")
    assert states() == ["sending", "waiting"]
    assert send_due(hosting) == 0

    with after_the_lease():
        assert send_due(hosting) + send_due(hosting) == 2

    assert side.keys == ["start term 12", "start term 12", f"stop subscription {contract.id} 2027-12-01"]
    assert side.received[0].body == side.received[1].body
    assert all(got.is_genuine for got in side.received)


def test_a_worker_killed_before_sending_loses_no_event(database, contract, side, hosting):
    start(contract)
    killed(database, side, "before")
    assert not side.received

    with after_the_lease():
        send_due(hosting)
    assert side.keys == ["start term 12"]


def test_an_event_marked_as_sent_too_early_is_lost_when_the_worker_is_killed(database, contract, side, hosting):
    """The negative control."""
    start(contract)
    killed(database, side, "careless")

    with after_the_lease():
        send_due(hosting)
    assert only().is_sent
    assert not side.received


def test_a_worker_whose_lease_expired_may_only_record_that_the_event_was_sent(contract, side):
    start(contract)
    late = only()
    late.claim(clock.now(), clock.real_now() - timedelta(seconds=1))
    quick = only()
    quick.claim(clock.now(), clock.real_now() + outgoing.LEASE)
    to_side = hosting_events.ToHostingSide(side)
    outgoing.write_failed(late, to_side, HostingEventState.WAITING, Trouble("too late", is_away=True))
    assert only().state == HostingEventState.SENDING
    outgoing.write_sent(late, to_side, HostingEventState.WAITING)
    outgoing.write_failed(quick, to_side, HostingEventState.WAITING, Trouble("away", is_away=True))

    assert only().is_sent
    assert history() == ["waiting", "sent"]


def test_a_database_outage_during_sending_is_waited_out(contract, monkeypatch):
    start(contract)
    troubles = [OperationalError("database is locked")] * 2
    real = HostingEvent.mark_sent

    def sometimes(self, at):
        if troubles:
            raise troubles.pop()
        return real(self, at)

    monkeypatch.setattr(HostingEvent, "mark_sent", sometimes)
    monkeypatch.setattr(outgoing, "SECONDS_TO_WRITE_IT_DOWN", (0.01, 0.01, 0.01))

    assert send_due(Scripted()) == 1
    assert only().is_sent


def test_the_demo_clock_does_not_move_a_lease(contract):
    start(contract)
    only().claim(clock.now(), clock.real_now() + outgoing.LEASE)
    clock.turn_by(lambda: 400)
    try:
        assert send_due(Scripted()) == 0
    finally:
        clock.turn_by(lambda: 0)


# -- again -------------------------------------------------------------------------------------------------------------


def test_a_refused_event_is_retried_with_growing_pauses_and_shown_as_failed_after_a_week(contract):
    start(contract)
    waited = []
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(15):
            before = clock.now()
            assert send_due(Scripted(Refused("422 unknown plan"))) == 0
            waited.append((only().next_try_at - before, only().state))
            time.move_to(only().next_try_at)
        assert send_due(Scripted()) == 1

    assert [round(pause.total_seconds() / 60) for pause, _ in waited] == [1, 5, 15, 60, 360, *[1440] * 10]
    assert [state for _, state in waited] == ["waiting"] * 12 + ["failed"] * 3
    assert history() == ["waiting", "waiting", "failed", "sent"]


def test_a_refusal_is_recorded_once_per_reason(contract):
    start(contract)
    with time_machine.travel(clock.now(), tick=False) as time:
        for reason in ("422 unknown plan", "422 unknown plan", "409 no such server"):
            send_due(Scripted(Refused(reason)))
            time.move_to(only().next_try_at)

    reasons = [event.reason for event in Event.select().where(Event.actor == "worker").order_by(Event.id)]
    assert reasons == ["422 unknown plan", "409 no such server"]
    assert only().last_error == "409 no such server"


def test_an_unreachable_hosting_side_is_retried_at_least_every_15_minutes(contract):
    start(contract)
    with time_machine.travel(clock.now(), tick=False) as time:
        for later in (*[timedelta()] * 10, timedelta(days=7), timedelta()):
            time.shift(later)
            send_due(Scripted(Unavailable("away")))
            assert only().next_try_at - clock.now() <= timedelta(minutes=15)
            time.move_to(only().next_try_at)
        assert only().is_failed
        assert send_due(Scripted()) == 1

    assert history() == ["waiting", "failed", "sent"]


def test_an_unreachable_hosting_side_is_tried_once_per_pass(contract):
    for number in range(5):
        start(a_contract(f"customer{number}"), number)
    side = Scripted(*[Unavailable("away")] * 5)
    send_due(side)

    assert len(side.troubles) == 4
    assert sum(event.tries for event in events()) == 1


def test_a_refused_event_does_not_block_other_contracts(contract):
    start(contract)
    start(a_contract("other"), 13)
    side = Scripted(Refused("422 unknown plan"))

    assert send_due(side) == 1
    assert side.keys == ["start term 13"]


def test_a_bug_in_the_client_loses_no_event(contract, caplog):
    start(contract)

    assert send_due(Scripted(KeyError("a mistake"))) == 0
    assert only().state == HostingEventState.WAITING
    assert only().next_try_at > clock.now()
    assert "cannot be sent" in caplog.text


@pytest.mark.parametrize("trouble", [500, 503, 301, 404, 408, 425, 429, "hang up"])
def test_an_unstable_hosting_side_gets_every_event_in_the_end(contract, side, hosting, trouble):
    side.then = 500
    side.answers = [trouble] * 4
    with time_machine.travel(clock.now(), tick=False) as time:
        start(contract)
        passes(time, hosting, 30)
        assert only().state == HostingEventState.WAITING
        side.answers, side.then = [], 200
        passes(time, hosting, 75)

    assert only().is_sent
    assert set(side.keys) == {"start term 12"}
    assert {got.target for got in side.received} == {"/hooks/keiyaku?from=portal"}


def test_after_an_hours_outage_every_event_arrives_once_within_15_minutes(contract, side, hosting):
    side.stop()
    with time_machine.travel(clock.now(), tick=False) as time:
        start(contract)
        stop(contract)
        passes(time, hosting, 60)
        assert states() == ["waiting", "waiting"]
        side.start()
        passes(time, hosting, 15)

    assert side.keys == ["start term 12", f"stop subscription {contract.id} 2027-12-01"]


def test_no_event_is_sent_inside_a_transaction(contract):
    start(contract)
    with pytest.raises(RuntimeError), store.database.atomic():
        send_due(Scripted())
    assert only().tries == 0


# -- staff -------------------------------------------------------------------------------------------------------------


def test_resending_by_staff_starts_the_retry_pauses_again(contract):
    start(contract)
    send_due(Scripted(Refused("422 unknown plan")))
    first = only()

    assert send_again(first, "staff hanako")
    assert only().pauses == 0
    assert send_due(Scripted()) == 1
    assert Event.select().where(Event.actor == "staff hanako", Event.to_state == "waiting").count() == 1


def test_staff_cannot_resend_an_event_that_is_in_flight_or_sent(contract):
    start(contract)
    only().claim(clock.now(), clock.real_now() + outgoing.LEASE)
    assert not send_again(only(), "staff hanako")
    only().mark_sent(clock.now())

    assert not send_again(only(), "staff hanako")
    assert only().is_sent

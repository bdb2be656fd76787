"""サーバー連絡: staff see events that the hosting side has not accepted, with the reason, and resend them."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from models import Event, HostingEvent
from portal import clock
from portal.enums import HostingEventState
from portal.gateways.hosting import Refused
from portal.runtime.settings import Settings
from tests.actions.hosting.contracts import a_contract, events, start, stop
from tests.browser import Browser
from tests.budgets import Ledger, Meter
from tests.passes import tell_hosting as send_due
from tests.staff_desk import Clerk, sign_in


class Refusing:
    def send(self, key: str, body: str) -> None:
        raise Refused("422 <b>unknown plan</b>")


class Taking:
    def send(self, key: str, body: str) -> None:
        pass


def test_events_not_accepted_yet_are_listed_with_their_reason(desk: Browser) -> None:
    contract = a_contract()
    start(contract)
    stop(contract)
    send_due(Refusing())

    desk.visit("/staff/").follow("サーバー連絡")

    assert desk.h1 == "サーバー連絡"
    assert desk.says("利用開始（サーバー）")
    assert desk.says("連絡待ち")
    assert desk.says("422 <b>unknown plan</b>")
    assert desk.says("サーバー側の連絡先が設定されていない")
    send_due(Taking())
    assert len(desk.reload().page.soup.select("tbody tr")) == 2, "its pause is not over"


def test_accepted_events_are_not_listed(desk: Browser) -> None:
    start(a_contract())
    send_due(Taking())

    assert desk.visit("/staff/provisioning").says("すべて伝わっています")
    desk.visit(f"/staff/provisioning/{events()[0].id}")
    assert desk.says("連絡済み")
    assert not desk.page.soup.select("main form")


def test_staff_resend_a_waiting_event(desk: Browser) -> None:
    start(a_contract())
    send_due(Refusing())

    desk.visit("/staff/provisioning").follow("利用開始（サーバー）")
    assert desk.says("start term 12")
    desk.press("もう一度送る")

    assert desk.says("受け付けました")
    assert desk.says("担当者 keiri")
    assert HostingEvent.get().pauses == 0
    assert send_due(Taking()) == 1


def test_staff_cannot_resend_an_event_in_flight(desk: Browser) -> None:
    start(a_contract())
    desk.visit(f"/staff/provisioning/{events()[0].id}")
    HostingEvent.update(state=HostingEventState.SENDING, claimed_until=clock.real_now()).execute()

    assert desk.press("もう一度送る").says("受け付けませんでした")


def test_staff_cannot_resend_an_event_accepted_meanwhile(desk: Browser) -> None:
    start(a_contract())
    desk.visit(f"/staff/provisioning/{events()[0].id}")
    send_due(Taking())

    assert desk.press("もう一度送る").says("受け付けませんでした")
    assert HostingEvent.get().is_sent


def test_an_event_refused_for_a_week_needs_attention(desk: Browser) -> None:
    start(a_contract())
    send_due(Refusing())
    assert not desk.visit("/staff/attention").says("利用開始")
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        send_due(Refusing())

    assert desk.visit("/staff/attention").says("利用開始（サーバー）")
    assert desk.says("422 <b>unknown plan</b>")
    assert desk.follow("利用開始（サーバー）").says("連絡できていません")


def test_the_list_of_events_can_be_searched(desk: Browser) -> None:
    start(a_contract())
    start(a_contract("other"), 13)

    for text, rows in (("other", 1), ("term 12", 1), ("12345678", 2), ("見本新", 2), ("どこにもない", 0)):
        desk.visit("/staff/provisioning").fill("検索", text).press("検索する")
        assert len(desk.page.soup.select("tbody tr")) == rows, text


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "-1", "abc"])
def test_an_invalid_event_number_is_not_found(desk: Browser, number: str) -> None:
    assert desk.visit(f"/staff/provisioning/{number}").status == 404


def test_a_post_without_a_csrf_token_resends_nothing(desk: Browser) -> None:
    start(a_contract())
    send_due(Refusing())
    before = Event.select().count()
    desk.post_raw(f"/staff/provisioning/{events()[0].id}/again", csrf=False)

    assert (desk.status, Event.select().count(), HostingEvent.get().pauses) == (400, before, 1)


def test_many_waiting_events_keep_the_pages_within_their_budget(app: Flask, settings: Settings, clerk: Clerk) -> None:
    contracts = [a_contract(f"customer{number}") for number in range(30)]
    for place, contract in enumerate(contracts):
        start(contract, place)
        stop(contract)
    HostingEvent.update(state=HostingEventState.FAILED, last_error="ホスティング側の返事：422 " + "unknown plan " * 20).execute()
    meter = Meter(app)
    ledger = Ledger(meter, Browser(meter, settings.public_url))
    desk = sign_in(ledger.browser, clerk)
    for address in ("provisioning", "provisioning?page=2", "provisioning?q=customer", f"provisioning/{events()[0].id}", "attention"):
        assert desk.visit(f"/staff/{address}").status == 200
        ledger.page(address)

    assert not ledger.over

"""On the demo's first day every persona is in its described state, as a visitor reads it."""

from datetime import date

import pytest
import time_machine

from models import Account, Order
from portal.demo import filling, turning
from portal.demo.personas import PERSONAS
from portal.enums import DomainState
from portal.rules.certificates.certificate_status import CertificateStatus
from tests.demo.test_filling import TODAY
from tests.reconciliation import ledger

READS = {
    "new": ["サーバーのご契約はまだありません"],
    "card": ["入金確認済", "次回ご契約内容を更新する", "2027年11月5日（金）"],
    "osaipo": ["入金確認済", "次回ご契約内容を更新する", "2027年11月15日（月）"],
    "bank": ["お振込待ち"],
    "part": ["一部入金", "あと440円のお振り込みが必要です"],
    "renew": ["2026年11月30日（月）", "自動更新は設定されていません", "契約更新の操作へ進む"],
    "failed": ["自動更新のお支払いができませんでした", "2026年11月15日（日）に、再手続きします", "お支払い手続きへ"],
    "soon": ["2026年11月15日（日）に、再手続きします"],
    "ssl": ["独自SSL（EV SSL）", "2027年9月5日（日）"],
    "reserved": ["予約した内容で、自動で更新されます"],
    "ended": ["停止中", "2026年11月14日（土）までにお支払いいただくと", "契約更新の操作へ進む"],
}


@pytest.fixture
def filled(app):
    with time_machine.travel(TODAY):
        filling.make_ready(app)
        yield app


def test_every_persona_is_in_its_described_state(filled, browser, books):
    for login, sentences in READS.items():
        browser.sign_in(login).visit("/contract")
        missing = [sentence for sentence in sentences if not (browser.says(sentence) or browser.offers(sentence))]
        browser.press("ログアウト")
        assert missing == [], login

    browser.sign_in("ssl").visit("/ssl")
    assert {status.label for status in CertificateStatus} - set(browser.text("tbody").split()) == set()
    browser.visit("/domains")
    assert browser.says(DomainState.CONFIRMED.label)
    assert browser.says(DomainState.NOT_FOUND.label)
    assert ledger(books).faults() == []


def test_a_year_passes_over_the_personas_without_an_error(filled, books):
    turning.forward(filled, date(2027, 11, 20))

    found = ledger(books)
    assert found.faults() == []
    charged = [(order["account"], str(order["paid_on"])) for order in found.orders if order["kind"] == "auto" and order["state"] == "paid"]
    assert {each for each in charged if each[0] != "soon"} == {
        ("card", "2027-11-05"),
        ("reserved", "2027-11-05"),
        ("osaipo", "2027-11-15"),
        ("ssl", "2027-09-05"),
    }
    assert len([each for each in charged if each[0] == "soon"]) == 13


@pytest.mark.parametrize("first", ["2026-11-09", "2026-11-10", "2026-11-13"])
def test_the_next_event_is_the_charge_of_the_persona_soon(app, first):
    with time_machine.travel(f"{first} 10:00+09:00"):
        filling.make_ready(app, [persona for persona in PERSONAS if persona.login in ("soon", "ended", "failed")])
        turning.turn_to_next(app)

    assert Order.select().where(Order.account == Account.by_login("soon"), Order.kind == "auto", Order.state == "paid").count() == 1

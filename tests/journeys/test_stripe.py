"""Paying, renewing and stopping with Stripe as the card company, on pages without JavaScript."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from models import Account, Mail, Order, Payment, PaymentMethod, Schedule
from portal import clock
from portal.actions.payments.comparing import compare
from portal.enums import MailKind, Method
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from tests import balance, steps
from tests.fake_stripe import FakeStripe, fake_stripe, intents
from tests.fake_stripe.browser import ShoppingBrowser
from tests.gateways.stripe_bench import stripe_company
from tests.gateways.test_stripe import sent
from tests.passes import ask_about_payments, run_job
from tests.purchase import later

YEN = 13_200
GOOD, ASKS, REFUSED, WANTS_ITS_HOLDER = "4242 4242 4242 4242", "4000 0000 0000 3220", "4000 0000 0000 0341", "4000 0027 6000 3184"
PAYS_ONCE = "4000 0000 0000 9995"


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with fake_stripe() as fake:
        yield fake


@pytest.fixture
def companies(fake: FakeStripe, settings: Settings) -> Companies:
    return Companies(card=stripe_company(fake, settings.installation_id, settings.public_url))


@pytest.fixture
def browser(app: Flask, settings: Settings, fake: FakeStripe, newcomer: str) -> ShoppingBrowser:
    return ShoppingBrowser(app, settings.public_url, stripe=fake.url)


def taken(fake: FakeStripe) -> list[int]:
    return [charge["amount"] for charge in fake.world.all_of("charge")]


def to_the_next_event(fake: FakeStripe, settings: Settings, companies: Companies) -> None:
    """Turn both clocks to the next day on which the worker has anything to do with the contract, and let it work."""
    days = (min(row.due_on for row in Schedule.select()) - clock.day_of(clock.real_now())).days
    clock.turn_by(lambda: days)
    fake.world.offset_seconds = days * 86_400
    run_job("billing", settings, companies)


def to_the_charge(fake: FakeStripe, settings: Settings, companies: Companies) -> Payment:
    before = Payment.select().count()
    for _ in range(20):
        to_the_next_event(fake, settings, companies)
        if Payment.select().count() > before:
            return Payment.select().order_by(Payment.id.desc()).get()
    raise AssertionError("no charge came")


def test_a_purchase_takes_the_money_once_and_reaches_the_contract(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_card_page(browser)
    assert browser.now.url.startswith(fake.url)
    assert browser.says("ログインID：new")

    browser.enter_card(GOOD)
    assert browser.says("Visa 下4桁 4242")
    browser.press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert browser.says("入金確認済", "#status")
    assert taken(fake) == balance.received() == [YEN]
    assert fake.world.all_of("payment_intent")[0]["metadata"]["key"] == Payment.get().key


def test_the_forms_may_lead_to_stripe_and_nowhere_else(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_payment(browser)

    assert f"form-action 'self' {fake.url};" in browser.headers["Content-Security-Policy"]


def test_3d_secure_is_asked_at_the_entry(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_card_page(browser).enter_card(ASKS)
    assert browser.h1 == "本人認証"
    browser.press("認証しない")
    assert browser.says("本人認証ができませんでした")
    browser.enter_card(ASKS).press("認証する").press("OK")

    assert browser.says("入金確認済", "#status")
    assert taken(fake) == [YEN]


def test_going_back_from_stripe_pays_nothing_and_leads_on(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_card_page(browser).follow("戻る")

    assert browser.h1 == "カード情報の入力が終わっていません"
    assert taken(fake) == []
    browser.visit(fake.world.all_of("checkout.session")[0]["url"]).enter_card(GOOD).press("OK")
    assert taken(fake) == [YEN]


@pytest.mark.parametrize(
    ("number", "reason"), [(REFUSED, "カード会社の承認が得られませんでした"), (WANTS_ITS_HOLDER, "カード会社が本人認証を求めています")]
)
def test_a_declined_card_is_said_and_another_one_pays(browser: ShoppingBrowser, fake: FakeStripe, number: str, reason: str) -> None:
    steps.to_the_card_page(browser).enter_card(number)
    if browser.h1 == "本人認証":
        browser.press("認証する")
    browser.press("OK")

    assert browser.says(reason)
    assert taken(fake) == []
    browser.visit(f"/orders/{Order.get().number}/payment").press("クレジットカード情報入力").enter_card(GOOD).press("OK")
    assert taken(fake) == balance.received() == [YEN]


def test_a_lost_answer_is_found_by_the_worker_and_by_the_event(
    browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies
) -> None:
    fake.world.loses = {"/confirm$": 2}
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    assert browser.says("お支払い確認中")

    with later(minutes=2):
        ask_about_payments(settings, companies)

    assert browser.visit("/contract").says("入金確認済")
    headers, body = sent(fake.world.events[0])
    for _ in range(2):
        browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)
        assert browser.text() == "ok\n"
    assert taken(fake) == balance.received() == [YEN]


def test_the_event_alone_settles_a_lost_answer(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    fake.world.loses = {"/confirm$": 2}
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")

    headers, body = sent(fake.world.events[0])
    browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)

    assert balance.received() == [YEN]
    assert browser.visit("/contract").says("入金確認済")


def test_an_event_of_something_else_in_the_same_stripe_account_is_answered(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    event = json.loads(json.dumps(fake.world.events[0]))
    event["data"]["object"]["metadata"] = {"key": "another-portal-o1-a1"}

    headers, body = sent(event)
    browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)

    assert (browser.status, browser.text()) == (200, "ok\n")


def test_the_card_renews_by_itself(browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")

    payment = to_the_charge(fake, settings, companies)

    assert (payment.state, payment.is_automatic) == ("succeeded", True)
    assert taken(fake) == balance.received() == [YEN, YEN]


def test_a_renewal_that_is_refused_is_tried_again(
    browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies
) -> None:
    steps.to_the_card_page(browser).enter_card(PAYS_ONCE).press("OK")

    first, second = to_the_charge(fake, settings, companies), to_the_charge(fake, settings, companies)

    assert [(payment.state, payment.code) for payment in (first, second)] == [("declined", "insufficient_funds")] * 2
    assert first.created_at.date() != second.created_at.date()
    assert taken(fake) == [YEN]


def test_a_renewal_that_stripe_cannot_be_told_of_is_made_once_it_can(
    browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies
) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    fake.world.refuses = [503] * 200
    payment = to_the_charge(fake, settings, companies)
    assert payment.state == "unknown"

    fake.world.refuses = []
    with later(minutes=10):
        ask_about_payments(settings, companies)
        run_job("billing", settings, companies)

    assert taken(fake) == balance.received() == [YEN, YEN]


def was_warned() -> bool:
    return Mail.select().where(Mail.kind == MailKind.CARD_EXPIRES).exists()


def updated(fake: FakeStripe, **card: object) -> tuple[dict[str, str], bytes]:
    stored = fake.world.all_of("payment_method")[0]
    stored["card"] |= card
    fake.world.tell("payment_method.automatically_updated", stored)
    return sent(json.loads(json.dumps(fake.world.events[-1])))


def test_a_card_that_the_network_renews_is_shown_and_charged_with_its_new_last_day(
    browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies
) -> None:
    month = clock.today() + timedelta(days=60)
    steps.to_the_card_page(browser).enter_card(GOOD, f"{month.month}/{month.year % 100}").press("OK")
    headers, body = updated(fake, last4="9999", exp_year=2098)

    for _ in range(2):
        browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)
    assert browser.text() == "ok\n"

    assert browser.visit("/contract").says("Visa 下4桁 9999")
    assert to_the_charge(fake, settings, companies).state == "succeeded"
    assert not was_warned()


def test_without_the_update_the_card_has_expired_by_then(
    browser: ShoppingBrowser, fake: FakeStripe, settings: Settings, companies: Companies
) -> None:
    """The negative control."""
    month = clock.today() + timedelta(days=60)
    steps.to_the_card_page(browser).enter_card(GOOD, f"{month.month}/{month.year % 100}").press("OK")

    assert to_the_charge(fake, settings, companies).code == "expired_card"
    assert was_warned()


@pytest.mark.parametrize("change", [{"exp_year": 2020}, {"exp_year": 2098, "customer": "cus_of_somebody_else"}])
def test_an_older_update_and_one_of_a_card_that_is_not_ours_change_nothing(
    browser: ShoppingBrowser, fake: FakeStripe, change: dict
) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD, "12/35").press("OK")
    stored = fake.world.all_of("payment_method")[0]
    stored["customer"] = change.pop("customer", stored["customer"])
    headers, body = updated(fake, **change)

    browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)

    assert (browser.status, browser.text()) == (200, "ok\n")
    assert PaymentMethod.get().expires == date(2035, 12, 31)


def test_a_reset_deletes_card_and_customer_at_stripe(browser: ShoppingBrowser, fake: FakeStripe) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")

    browser.visit("/contract").follow("支払い方法をリセットする").press("OK")

    assert [customer.get("deleted") for customer in fake.world.all_of("customer")] == [True]
    assert PaymentMethod.get().state == "detached"
    assert Account.get(login="new").renewal_setting is None


def test_without_a_card_company_no_card_is_offered(settings: Settings, newcomer: str) -> None:
    from portal.app import create_app

    app = create_app(replace(settings, card_company=None), companies=Companies())
    browser = ShoppingBrowser(app, settings.public_url, stripe="http://nobody.invalid")

    steps.to_the_payment(browser)

    assert not browser.offers("クレジットカード情報入力")


def test_stripes_list_agrees_with_the_books_and_a_refund_made_there_is_found(
    browser: ShoppingBrowser, fake: FakeStripe, companies: Companies
) -> None:
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    today, reference = clock.today(), Payment.get().company_reference
    assert compare(Method.CARD, companies.card, today, today).differences == ()

    fake.world.make("charge", "ch", payment_intent="pi_of_another_shop", metadata={}, amount=1)
    intents.move(fake.world, "charge", fake.world.all_of("charge")[-1], 1)
    intents.refund(fake.world, {"payment_intent": reference, "amount": "500"})
    intents.move(fake.world, "stripe_fee", fake.world.all_of("charge")[0], -475)

    found = compare(Method.CARD, companies.card, today, today)
    assert (found.theirs_yen, found.ours_yen) == (YEN - 500, YEN)
    assert [(each.order_number, each.theirs_yen) for each in found.differences] == [(Order.get().number, -500)]

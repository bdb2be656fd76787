"""本人認証 of an automatic charge with Stripe: the bank wants its holder, who answers on the bank's page. One charge, whatever happens."""

import json

import pytest

from models import Mail, Order, Payment, PaymentMethod
from tests import balance, steps
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.browser import ShoppingBrowser
from tests.fake_stripe.intents import prove
from tests.gateways.test_stripe import sent
from tests.journeys.test_stripe import GOOD, YEN, browser, companies, fake, taken, to_the_charge  # noqa: F401
from tests.passes import ask_about_payments, run_job
from tests.purchase import later

BANKS_PAGE = "カード会社の本人認証のページを開く"


@pytest.fixture
def asked(browser: ShoppingBrowser, fake: FakeStripe, settings, companies) -> str:  # noqa: F811
    """The automatic charge was refused: the bank asks for the holder. The address in the mail about it."""
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    fake.world.all_of("payment_method")[0]["number"] = "4000002760003184"
    payment = to_the_charge(fake, settings, companies)
    assert (payment.code, payment.is_final, taken(fake)) == ("authentication_required", True, [YEN])
    address = f"/renewal/authentication/{payment.order.number}"
    assert address in Mail.get(Mail.kind == "renewal_failed").body
    return address


def to_the_bank(browser: ShoppingBrowser, asked: str) -> ShoppingBrowser:  # noqa: F811
    browser.visit(asked).press("本人認証へ進む").follow(BANKS_PAGE)
    assert browser.h1 == "本人認証"
    return browser


def test_the_holder_proves_it_and_the_renewal_is_paid_once(browser, fake, asked):  # noqa: F811
    browser.visit(f"/orders/{asked.rpartition('/')[2]}/payment").follow("本人認証をして支払う")
    assert browser.says("Visa 下4桁 4242")
    to_the_bank(browser, asked).press("認証する")

    assert browser.says("入金確認済")
    assert taken(fake) == balance.received() == [YEN, YEN]
    assert Order.select().where(Order.kind == "auto").get().is_paid
    assert PaymentMethod.get().state == "active"
    browser.visit(asked)
    assert not browser.offers("本人認証へ進む")


def test_who_does_not_prove_it_reads_why_and_may_try_again(browser, fake, asked):  # noqa: F811
    to_the_bank(browser, asked).press("認証しない")
    assert browser.says("本人認証ができなかったため、お支払いは行われていません")
    assert taken(fake) == [YEN]

    to_the_bank(browser, asked).press("認証する")
    assert taken(fake) == balance.received() == [YEN, YEN]


def test_pressed_twice_it_is_one_attempt_with_one_page(browser, fake, asked):  # noqa: F811
    browser.visit(asked)
    for _ in range(2):
        browser.post_raw(asked)
        assert browser.status == 303 or browser.offers(BANKS_PAGE)

    assert [found["status"] for found in fake.world.all_of("payment_intent")].count("requires_action") == 1
    assert Payment.select().count() == 3


def test_closed_browser_the_event_settles_it(browser, fake, asked):  # noqa: F811
    to_the_bank(browser, asked)
    intent = next(found for found in fake.world.all_of("payment_intent") if found["status"] == "requires_action")
    prove(fake.world, intent, is_holder=True)
    headers, body = sent(json.loads(json.dumps(fake.world.events[-1])))
    for _ in range(2):
        browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)
    browser.visit(f"{asked}/return")

    assert taken(fake) == balance.received() == [YEN, YEN]


def test_left_open_it_takes_nothing_and_is_closed_for_ever(browser, fake, asked, settings, companies):  # noqa: F811
    to_the_bank(browser, asked)
    assert browser.visit("/contract").says("本人認証の途中です")
    for minutes in (2, 8, 24):
        with later(minutes=minutes):
            ask_about_payments(settings, companies)
    assert fake.world.all_of("payment_intent")[-1]["status"] == "requires_action"
    with later(minutes=31):
        ask_about_payments(settings, companies)
        run_job("billing", settings, companies)
    intent = fake.world.all_of("payment_intent")[-1]

    assert intent["status"] == "canceled"
    newest = Payment.select().order_by(Payment.id.desc()).get()
    assert (newest.state, newest.code, newest.is_final) == ("declined", "authentication_required", True)
    assert taken(fake) == [YEN]
    assert browser.visit(asked).offers("本人認証へ進む")


def test_the_renewal_is_stopped_meanwhile_and_the_bank_can_take_nothing_any_more(browser, fake, asked):  # noqa: F811
    to_the_bank(browser, asked)
    browser.visit("/renewal/reset").press("OK")
    intent = fake.world.all_of("payment_intent")[-1]

    assert intent["status"] == "canceled"
    browser.visit(f"{fake.url}/3ds/{intent['id']}").press("認証する")
    assert taken(fake) == [YEN]
    assert not browser.visit(asked).offers("本人認証へ進む")


def test_the_worker_charges_nothing_while_the_customer_is_at_the_bank(browser, fake, asked, settings, companies):  # noqa: F811
    to_the_bank(browser, asked)
    before = Payment.select().count()
    run_job("billing", settings, companies)
    ask_about_payments(settings, companies)
    assert Payment.select().count() == before

    browser.press("認証する")
    assert taken(fake) == balance.received() == [YEN, YEN]


def test_a_lost_answer_when_it_is_asked_for_is_asked_about_and_not_repeated(browser, fake, asked, settings, companies):  # noqa: F811
    fake.world.loses = {"/confirm$": 4, "/v1/payment_intents/pi_": 2}
    browser.visit(asked).press("本人認証へ進む")
    with later(minutes=2):
        ask_about_payments(settings, companies)

    assert Payment.select().count() == 3
    assert taken(fake) == [YEN]

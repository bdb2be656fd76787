"""Twenty presses of [OK] at once over real HTTP: charged once, and every press leads to the order."""

import json

import pytest

from models import Order, Payment, PaymentMethod, PaymentMethodSetup
from portal.actions.payments import pay
from portal.enums import SetupState
from portal.gateways.companies import Companies
from portal.sandbox.books import stored
from portal.sandbox.books.wallets import points_of, put_in
from portal.sandbox.webhooks import signed_headers
from tests import steps
from tests.concurrency import at_once
from tests.passes import ask_about_payments
from tests.purchase import later
from tests.races import careless
from tests.races.threaded_server import Press, ask, cookie, served
from tests.reconciliation import ledger

pytestmark = pytest.mark.store
CROWD = 20


def by_card(browser):
    return steps.to_the_confirmation(browser)


def by_wallet(browser, wallet: str = steps.WALLET):
    """The wallet is linked, amount and balance were seen; nothing is paid."""
    return steps.to_the_amount(browser, wallet).press("おさいぽ!ポイントから支払う")


@pytest.fixture
def port(app, books):
    with served(app, books) as port:
        yield port


@pytest.mark.parametrize("to_the_confirmation", [by_card, by_wallet])
def test_twenty_presses_of_ok_charge_once(port, browser, newcomer, books, to_the_confirmation):
    to_the_confirmation(browser)

    answers = Press(browser, "OK").at_once(port, CROWD)

    order = Order.get()
    found = ledger(books).prove()
    assert set(answers) == {(303, f"/orders/{order.number}")}
    assert (len(found.charges), len(found.allocations), len(found.payments), len(found.terms)) == (1, 1, 1, 1)
    assert found.taken_for(order.number) == order.total_yen
    assert "入金確認済" in browser.visit(f"/orders/{order.number}").text()


@pytest.mark.parametrize("to_the_confirmation", [by_card, by_wallet])
def test_negative_control_without_guards_twenty_presses_charge_more_than_once(
    port, browser, newcomer, books, monkeypatch, to_the_confirmation
):
    """The negative control: without guards the race is lost."""
    monkeypatch.setattr(pay, "pay_order", careless.pay_order)
    to_the_confirmation(browser)

    Press(browser, "OK").at_once(port, CROWD)

    order = Order.get()
    assert ledger(books).taken_for(order.number) > order.total_yen
    assert any("were taken for order" in fault for fault in ledger(books).faults())


@pytest.mark.parametrize(("card", "states"), [(steps.REFUSED, ("placed", "declined")), (steps.ANSWER_LOST, ("placed", "unknown"))])
def test_twenty_presses_of_ok_with_a_declined_card_make_one_attempt(port, browser, newcomer, books, card, states):
    steps.to_the_confirmation(browser, card=card)

    answers = Press(browser, "OK").at_once(port, CROWD)

    order, payment = Order.get(), Payment.get()
    assert set(answers) == {(303, f"/orders/{order.number}")}
    assert (order.state, payment.state) == states
    assert len(ledger(books).charges) == 1


def test_twenty_presses_of_ok_with_a_silent_wallet_make_one_attempt(port, browser, newcomer, books, companies, settings):
    by_wallet(browser, "osaipo-slow")

    answers = Press(browser, "OK").at_once(port, CROWD)

    order = Order.get()
    assert set(answers) == {(303, f"/orders/{order.number}")}
    assert (order.state, Payment.get().state) == ("placed", "unknown")
    with later(minutes=2):
        ask_about_payments(settings, companies)
    assert ledger(books).prove().taken_for(order.number) == order.total_yen
    assert Order.get().is_paid


def test_twenty_presses_of_ok_with_too_few_points_are_one_decline(port, browser, newcomer, books):
    by_wallet(browser)
    with books.write() as connection:
        put_in(connection, "osaipo-demo", "spent", "elsewhere", -49_000, stored(books.now()))

    Press(browser, "OK").at_once(port, CROWD)

    assert (Order.get().state, Payment.get().state, Payment.get().code) == ("placed", "declined", "insufficient")
    assert ledger(books).prove().taken == []
    assert points_of(books, "osaipo-demo") == 1_000
    assert browser.visit(f"/orders/{Order.get().number}").says("ポイントが足りませんでした")


def test_two_tabs_with_different_cards_pay_once(port, browser, newcomer, books):
    steps.to_the_payment(browser)
    tabs = [browser, browser.new_tab()]
    for tab in tabs:
        steps.enter_card(tab.press("クレジットカード情報入力"), steps.GOOD)
    presses = [Press(tab, "OK") for tab in tabs for _ in range(5)]

    answers = at_once(*[lambda press=press: press.on(port) for press in presses])

    order = Order.get()
    assert PaymentMethodSetup.select().count() == 2
    assert set(answers) == {(303, f"/orders/{order.number}")}
    assert ledger(books).prove().taken_for(order.number) == order.total_yen


def test_the_return_address_opened_repeatedly_shows_the_same_page(port, browser, newcomer, books):
    """Also right after the card was entered, and right after it was charged."""
    steps.to_the_card_page(browser)
    setup = PaymentMethodSetup.get()
    address, headers = f"/orders/{setup.order.number}/card/{setup.reference}", {"Cookie": cookie(browser)}
    steps.enter_card(browser, steps.GOOD)
    [returned] = {answer.path for answer in browser.traffic if answer.path.startswith(f"{address}?")}
    PaymentMethodSetup.update(state=SetupState.OPEN, payment_method=None).execute()
    PaymentMethod.delete().execute()

    assert set(at_once(*[lambda: ask(port, "GET", returned, headers=headers)] * CROWD)) <= {(200, ""), (303, address)}
    assert ask(port, "GET", address, headers=headers) == (200, "")
    assert PaymentMethodSetup.get().state == SetupState.READY

    press = Press(browser, "OK")
    answers = at_once(lambda: press.on(port), *[lambda: ask(port, "GET", address, headers=headers)] * CROWD)

    assert answers[0] == (303, f"/orders/{setup.order.number}")
    assert set(answers[1:]) <= {(200, ""), (303, address), (303, f"/orders/{setup.order.number}")}
    assert ledger(books).prove().taken_for(setup.order.number) == Order.get().total_yen


def test_twenty_webhooks_at_once_count_once(port, browser, newcomer, books, settings):
    """Those of the company, which sends each twice, and repetitions."""
    steps.pay(browser, card=steps.ANSWER_LOST)
    order = Order.get()
    bodies = webhooks_about(order, books)

    told = at_once(*[lambda body=body: send_webhook(port, body, settings) for body in bodies * (CROWD // len(bodies))])

    assert set(told) == {(200, "")}
    assert Order.get().is_paid
    assert len(ledger(books).prove().allocations) == 1


def test_webhooks_worker_and_customer_at_once_settle_once(port, browser, newcomer, books, settings, companies):
    steps.pay(browser, card=steps.ANSWER_LOST)
    order = Order.get()
    page, bodies = f"/orders/{order.number}", webhooks_about(order, books)
    calls = [lambda body=body: send_webhook(port, body, settings)[0] for body in bodies * 3]
    calls += [lambda: ask(port, "GET", page, headers={"Cookie": cookie(browser)})[0]] * 6
    with later(minutes=2):
        answers = at_once(*calls, *[lambda: ask_about_payments(settings, Companies(card=companies.card))] * 4)

    assert set(answers[:-4]) == {200}
    assert sum(answers[-4:]) <= 1
    assert Order.get().is_paid
    assert len(ledger(books).prove().allocations) == 1


def webhooks_about(order, books):
    """The card with the lost answer sends no webhook: built here as the company would, under two ids."""
    charge = next(charge for charge in ledger(books).taken)
    about = {"type": "charge.paid", "key": charge["key"], "reference": charge["reference"], "yen": charge["yen"], "at": charge["at"]}
    return [json.dumps(about | {"id": f"notice-{number}", "code": "", "retryable": False}).encode() for number in range(2)]


def send_webhook(port, body, settings):
    return ask(port, "POST", "/notices/card", body, dict(signed_headers(settings.notice_secret, body)))

"""Tries by card and wallet are counted before a company is asked; what was paid is no try, and an order waits with its customer."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from models import CountedTry, Mail, Order
from portal import clock
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay
from portal.actions.payments.abandoned import payable_until
from portal.enums import MailKind
from portal.rules.accounts.limits import Limited, TooMany
from portal.rules.accounts.networks import network_of
from portal.sandbox.books.outcomes import Outcome
from tests.concurrency import at_once
from tests.passes import cancel_abandoned_orders
from tests.purchase import HOME, INSTALLATION, Shop, later

pytestmark = pytest.mark.store(postgresql=3)
HOUR = timedelta(hours=1)


def refused(shop: Shop, times: int) -> Order:
    order = shop.buy(outcome=Outcome.REFUSED)
    for _ in range(times - 1):
        shop.pay_again(order, Outcome.REFUSED)
    return Order.get_by_id(order.id)


def counted() -> int:
    return CountedTry.select().where(CountedTry.kind == Limited.PAYMENT).count()


def test_after_five_refusals_no_company_is_asked_for_an_hour(shop):
    order = refused(shop, 4)
    setup = shop.setup(order)
    shop.pay_again(order, Outcome.REFUSED)

    with pytest.raises(TooMany) as refusal:
        shop.press_ok(order, setup)
    assert (refusal.value.minutes, len(shop.states(order)[1])) == (60, 5)
    with pytest.raises(TooMany):
        shop.setup(order)
    with later(hours=1):
        shop.press_ok(order, setup)
    assert shop.states(order) == ("paid", ["declined"] * 5 + ["succeeded"])


def test_what_was_paid_is_no_try_and_an_answer_that_was_lost_stays_one(shop):
    shop.buy("pays")
    assert counted() == 0
    shop.buy("lost", outcome=Outcome.ANSWER_LOST)
    assert counted() == 1


def test_refusals_of_one_hour_are_one_mail(shop):
    refusals = refused(shop, 3)
    mails = Mail.select().where(Mail.kind == MailKind.CARD_REFUSED)

    assert mails.count() == 1
    with later(hours=1):
        shop.pay_again(refusals, Outcome.REFUSED)
    assert mails.count() == 2


def test_two_presses_of_one_button_are_one_try(shop):
    order = shop.draft()
    setup = shop.setup(order, Outcome.REFUSED)
    for _ in range(3):
        with suppress(OutOfStep):
            shop.press_ok(order, setup)

    assert counted() == 1


def test_a_press_that_is_out_of_step_is_no_try(shop):
    order = shop.draft()
    setup, outdated = shop.setup(order), replace(shop.accepted(order), revision=99)

    with pytest.raises(OutOfStep):
        pay.pay_order(order, setup, outdated, shop.company, INSTALLATION, shop.catalog)
    assert counted() == 0


def test_an_order_that_has_to_wait_can_be_paid_for_24_hours_after_it(shop):
    order = refused(shop, 5)
    ends = clock.now() + HOUR

    assert abs(order.waits_until - ends) < timedelta(seconds=10)
    assert payable_until(order, order.latest_payment) == order.waits_until + timedelta(hours=24)
    with later(hours=24, minutes=50):
        assert cancel_abandoned_orders() == 0
    with later(hours=25, minutes=1):
        assert cancel_abandoned_orders() == 1


def test_four_refusals_let_nothing_wait(shop):
    order = refused(shop, 4)

    assert order.waits_until is None
    with later(hours=24, minutes=1):
        assert cancel_abandoned_orders() == 1


@pytest.mark.store
def test_parallel_payments_of_one_network_pass_exactly_as_often_as_the_limit_says(shop, database):
    orders = [shop.draft(f"customer-{number}") for number in range(6)]
    pressed = [partial(press, shop, order, shop.setup(order, Outcome.REFUSED)) for order in orders]
    row = {"kind": Limited.PAYMENT, "network": network_of(HOME), "at": clock.real_now()}
    CountedTry.insert_many([row | {"who": f"account {100 + number}"} for number in range(57)]).execute()

    assert at_once(*pressed).count("asked") == 3
    assert len(shop.ledger.charges) == 3


def press(shop: Shop, order: Order, setup: object) -> str:
    try:
        shop.press_ok(order, setup)
    except TooMany:
        return "has to wait"
    return "asked"

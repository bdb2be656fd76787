"""A company that answers days later: the portal continues as the customer was told."""

from datetime import date

import pytest

from models import Order
from portal.enums import Method, OrderKind
from portal.rules.renewals.scheduled_event import EventKind
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals import customers
from tests.actions.renewals.random_customers import RandomCustomers
from tests.choices import a_selection
from tests.companies import LosesAnswers

pytestmark = pytest.mark.store

A_MONTH = a_selection(months=1)


@pytest.fixture
def others(shop, calendar):
    return RandomCustomers(shop, calendar)


def silent(shop):
    """Every call reaches the card company, but no answer returns."""
    return shop.asking(LosesAnswers(shop.company, "lookup", "close"))


def december(day):
    return date(2026, 12, day)


def days(calendar):
    return [(f"{day:%m-%d}", what) for day, _, what in calendar.done]


def test_after_a_late_decline_the_charge_is_retried_on_the_day_its_mail_named(shop, calendar):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=A_MONTH)
    calendar.turn(silent(shop), december(12))
    assert [state for _, state in customers.charge_attempts("new")] == ["unknown"]

    calendar.turn(shop, december(16))

    assert [day for day, _ in customers.charge_attempts("new")] == [december(5), december(15)]
    assert [state for _, state in customers.charge_attempts("new")] == ["declined", "declined"]
    shop.ledger.prove()


def test_a_decline_after_the_end_of_the_month_is_not_retried(shop, calendar):
    """The customer was told that there is no retry and has 14 days to pay."""
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=A_MONTH)
    calendar.turn(silent(shop), date(2027, 1, 3))
    assert calendar.days_of(EventKind.STOP) == []

    calendar.turn(shop, date(2027, 1, 6))

    assert [day for day, _ in customers.charge_attempts("new")] == [december(5)]
    assert calendar.days_of(EventKind.STOP) == [date(2027, 1, 4)]
    shop.ledger.prove()


def test_a_late_declined_manual_payment_postpones_the_charge_with_a_mail(shop, calendar):
    shop.buy(selection=A_MONTH)
    calendar.turn(shop, december(3))
    quiet = silent(shop)
    order = quiet.draft("new", OrderKind.CHANGE)
    quiet.press_ok(order, shop.setup(order, Outcome.REFUSED), A_MONTH)
    calendar.turn(quiet, december(11))
    assert customers.charge_attempts("new") == []

    calendar.turn(shop, december(20))

    assert calendar.days_of(EventKind.MOVED) == [december(12)]
    assert customers.charge_attempts("new") == [(december(20), "succeeded")]
    shop.ledger.prove()


def test_a_manual_payment_declined_at_once_postpones_nothing(shop, calendar):
    shop.buy(selection=A_MONTH)
    calendar.turn(shop, december(4))
    shop.renew(outcome=Outcome.REFUSED, selection=A_MONTH)

    calendar.jump(december(5))  # nobody worked before noon, when a day had passed since the refusal
    calendar.wall.shift(3600)
    calendar.work(shop)

    assert customers.charge_attempts("new") == [(december(5), "succeeded")]


def test_a_bank_order_switched_to_card_postpones_the_charge_like_a_transfer(shop, calendar, others):
    shop.buy(selection=A_MONTH)
    calendar.turn(shop, december(2))
    order = shop.place_for_transfer(shop.draft("new", OrderKind.CHANGE), A_MONTH)
    calendar.turn(shop, december(7))
    others.pay_again("new", Method.CARD, Outcome.REFUSED)

    calendar.turn(shop, december(16))

    assert not Order.get_by_id(order.id).is_paid
    assert calendar.days_of(EventKind.MOVED) == [december(8)]
    assert customers.charge_attempts("new") == [(december(15), "succeeded")]
    shop.ledger.prove()


def test_options_are_charged_four_days_after_their_server_was_paid_by_transfer(shop, calendar, others):
    """Its server was not auto-renewed, so the option could not be charged before."""
    paid = shop.place_for_transfer(shop.draft(), A_MONTH)
    others.transfer("new", 1)
    others.confirm(0)
    assert paid
    others.buy("new", Method.CARD, a_selection(backup_months=1))
    calendar.turn(shop, december(11))
    assert customers.charge_attempts("new") == []

    others.buy("new", Method.BANK, A_MONTH)
    others.transfer("new", 1)
    others.confirm(0)
    calendar.turn(shop, december(20))

    assert customers.charge_attempts("new") == [(december(15), "succeeded")]
    shop.ledger.prove()


def test_an_open_transfer_for_a_new_product_postpones_the_deletion(shop, calendar, others):
    order = shop.place_for_transfer(shop.draft(), A_MONTH)
    others.transfer("new", 1)
    others.confirm(0)
    calendar.turn(shop, date(2027, 1, 10))
    others.buy("new", Method.BANK, a_selection(backup_months=1))
    sent = Order.get(Order.id > order.id)

    calendar.turn(shop, date(2027, 2, 5))

    assert sent.due_on == date(2027, 1, 24)
    assert Order.get_by_id(sent.id).state == "expired"
    assert calendar.days_of(EventKind.DELETION) == [date(2027, 1, 28)]

"""A card that was entered at the company and never paid is deleted there after a day."""

from datetime import date

import pytest

from models import PaymentMethod, PaymentMethodSetup
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import detach_method, unused_setups
from portal.actions.payments.setups import begin_setup
from portal.enums import PaymentMethodState, SetupState
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests.purchase import EVERYTHING, HOME, later
from tests.visits import enter_card

pytestmark = pytest.mark.store


def tidy(shop):
    for found in (unused_setups.end_unused_setups(shop.companies), detach_method.detach_due(shop.companies)):
        list(found)


def forgotten(shop):
    return [bool(row[0]) for row in shop.books.reader().execute("SELECT is_removed FROM card ORDER BY rowid")]


def begun(shop, order):
    about = {"account": order.account, "shop": "shop", "address": HOME, "order": order}
    return begin_setup(shop.method, shop.company, lambda reference: f"/back/{reference}", **about)


def test_a_card_that_never_paid_is_deleted_after_a_day(shop):
    order = shop.draft()
    setup = shop.setup(order)
    with later(hours=23):
        tidy(shop)
    assert forgotten(shop) == [False]

    with later(hours=25):
        tidy(shop)
    with later(hours=26):
        tidy(shop)

    setup = PaymentMethodSetup.get_by_id(setup.id)
    assert (setup.state, setup.code, forgotten(shop)) == (SetupState.FAILED, "expired", [True])
    assert (setup.payment_method.state, setup.payment_method.token) == (PaymentMethodState.DETACHED, None)
    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)
    assert shop.pay_again(order).is_paid


def test_a_card_whose_setup_never_returned_is_queried_and_deleted(shop):
    """The customer entered the card and closed the window before returning: the company is told once more if it did not answer."""
    order = shop.draft()
    address = begun(shop, order)
    enter_card(shop.books, address, StoredCard(Outcome.PAYS, "Visa", "4242", date(2035, 12, 31)))

    for hours in (25, 26):
        with later(hours=hours):
            tidy(shop)

    assert PaymentMethodSetup.get().state == SetupState.FAILED
    assert forgotten(shop) == [True]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.EXPIRED])
def test_a_card_whose_payment_was_refused_is_deleted_after_a_day_and_not_before(shop, outcome):
    order = shop.buy(outcome=outcome)
    with later(hours=23):
        tidy(shop)
    assert forgotten(shop) == [False]
    assert shop.pay_again(order).is_paid

    for hours in (25, 26):
        with later(hours=hours):
            tidy(shop)

    assert forgotten(shop) == [True, False]
    assert [method.state for method in PaymentMethod.select().order_by(PaymentMethod.id)] == ["detached", "active"]


def test_a_card_whose_payment_has_no_answer_yet_is_not_deleted(shop):
    shop.buy(outcome=Outcome.ANSWER_LOST)
    with later(hours=26):
        tidy(shop)

    assert forgotten(shop) == [False]


def test_a_card_that_paid_is_not_deleted(shop):
    shop.buy(selection=EVERYTHING)

    for hours in (25, 50):
        with later(hours=hours):
            tidy(shop)

    assert forgotten(shop) == [False]
    assert PaymentMethod.get().is_active

"""Placing an order on OK: completely or not at all."""

from dataclasses import replace
from datetime import date

import pytest

from models import Confirmation, Consent, Event, Order, OrderLine, Payment, PaymentMethodSetup
from portal.actions.orders import confirmations
from portal.actions.orders.drafts import OutOfStep, remember
from portal.actions.payments.attempts import begin_attempt
from portal.enums import OrderKind, OrderState, PaymentState, SetupState
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests.companies import LosesAnswers, NeverReached
from tests.purchase import EVERYTHING, INSTALLATION

pytestmark = pytest.mark.store


def place_it(shop, order, setup=None, **changed):
    accepted = replace(shop.accepted(order, EVERYTHING), **changed)
    return begin_attempt(order, accepted, setup=setup or shop.setup(order), installation_id=INSTALLATION)


def everything_stored():
    tables = (Order, OrderLine, Consent, Confirmation, Payment, PaymentMethodSetup, Event)
    return [list(table.select().order_by(table._meta.primary_key).dicts()) for table in tables]


def test_an_order_keeps_what_was_accepted(shop):
    order = shop.draft()
    accepted = shop.accepted(order, EVERYTHING)

    payment = begin_attempt(order, accepted, setup=shop.setup(order), installation_id=INSTALLATION)

    order = Order.get_by_id(order.id)
    lines = list(order.lines.order_by(OrderLine.position))
    assert (order.state, order.method, order.total_yen) == (OrderState.PLACED, "card", accepted.quote.total_yen)
    assert [(line.product, line.name, line.yen, line.ends_on) for line in lines] == [
        (line.product, line.name, line.yen, line.ends_on) for line in accepted.quote.lines
    ]
    assert {(consent.document, consent.version, consent.sha256) for consent in order.consents} == {
        (document.id, document.version, document.sha256) for document in accepted.documents
    }
    assert (payment.state, payment.yen, payment.key) == (PaymentState.CREATED, order.total_yen, f"test-o{order.number}-a1")
    assert order.confirmations.get().payment == payment


def test_a_payment_method_setup_serves_one_attempt(shop):
    order = shop.buy(outcome=Outcome.REFUSED)
    setup = order.setups.get()
    before = everything_stored()

    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)

    assert setup.state == SetupState.USED
    assert everything_stored() == before


def test_a_draft_that_was_changed_in_another_tab_is_not_placed(shop):
    order = shop.draft()
    setup, accepted = shop.setup(order), shop.accepted(order)
    remember(order, {"months": "1"})
    before = everything_stored()

    with pytest.raises(OutOfStep):
        begin_attempt(Order.get_by_id(order.id), accepted, setup=setup, installation_id=INSTALLATION)

    assert everything_stored() == before


@pytest.mark.parametrize("company", [LosesAnswers, NeverReached])
def test_a_pending_payment_blocks_every_other_payment(shop, company):
    order = shop.asking(company(shop.company)).buy()
    second = Order.create(account=order.account, kind=OrderKind.NEW, number="20000000", created_at=order.created_at)

    for each in (order, second):
        setup = shop.setup(each)
        before = everything_stored()
        with pytest.raises(OutOfStep):
            shop.press_ok(each, setup)
        assert everything_stored() == before


def test_a_new_order_replaces_an_unpaid_one(shop):
    refused = shop.buy(outcome=Outcome.REFUSED)

    paid = shop.buy()

    assert paid != refused
    assert (shop.states(refused), shop.states(paid)) == (("cancelled", ["declined"]), ("paid", ["succeeded"]))
    shop.ledger.prove()


def test_a_customer_with_a_server_cannot_contract_a_second_one(shop):
    shop.buy()
    order = shop.draft()
    setup = shop.setup(order)

    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)

    assert len(shop.ledger.prove().taken) == 1


def test_a_placed_order_is_paid_at_its_own_price_only(shop):
    order = shop.buy(outcome=Outcome.REFUSED, selection=EVERYTHING)
    setup = shop.setup(order)
    before = everything_stored()

    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)

    assert everything_stored() == before


def test_an_error_while_placing_rolls_the_order_back(shop, monkeypatch):
    order = shop.draft()
    setup = shop.setup(order)
    before = everything_stored()

    def break_off(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(confirmations, "keep", break_off)
    with pytest.raises(OSError, match="the disk is gone"):
        place_it(shop, order, setup)

    assert everything_stored() == before
    assert store.database.transaction_depth() == 0


def test_an_order_paid_on_a_later_day_keeps_its_prices_and_begins_that_day(shop, business_day):
    business_day(date(2025, 11, 22))
    order = shop.buy(outcome=Outcome.REFUSED)
    business_day(date(2025, 12, 5))

    shop.pay_again(order)

    line = order.lines.get()
    assert (line.starts_on, line.ends_on) == (date(2025, 12, 5), date(2026, 12, 31))
    assert [(term["starts_on"], term["ends_on"]) for term in terms(shop)] == [("2025-12-05", "2026-12-31")]


def terms(shop):
    return [term | {"starts_on": str(term["starts_on"]), "ends_on": str(term["ends_on"])} for term in shop.ledger.terms]

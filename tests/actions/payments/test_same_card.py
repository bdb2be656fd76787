"""A company may return the same card for two setups, as real ones do: one row, and it is deleted only when nothing uses it."""

from datetime import date

import pytest

from models import Order, PaymentMethod, PaymentMethodSetup
from portal.actions.payments import detach_method, methods, unused_setups
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.enums import Method, PaymentMethodState, SetupState
from portal.gateways.card import Card
from tests.companies import Wrapped
from tests.concurrency import at_once
from tests.purchase import HOME, Shop, later
from tests.races import careless

pytestmark = pytest.mark.store


class KnowsTheCard(Wrapped):
    """Returns the first card again for every setup."""

    def answer(self, name: str, *arguments: object) -> object:
        known = PaymentMethod.select().where(PaymentMethod.token.is_null(False)).first()
        if name != "finish_setup" or known is None:
            return super().answer(name, *arguments)
        return Card(known.token, known.brand, known.last4, known.expires)


def a_setup(shop: Shop, order: Order) -> PaymentMethodSetup:
    """Begun, with the customer at the company's page; not as a second press."""
    with later(minutes=len(order.setups)):
        begin_setup(
            Method.CARD, shop.company, lambda reference: f"/back/{reference}", account=order.account, shop="shop", address=HOME, order=order
        )
    return order.setups.order_by(PaymentMethodSetup.id.desc()).get()


def states() -> list[str]:
    return [setup.state for setup in PaymentMethodSetup.select().order_by(PaymentMethodSetup.id)]


def both_return_at_once(shop: Shop) -> None:
    order = shop.draft()
    setups = [a_setup(shop, order), a_setup(shop, order)]
    card = Card("card_same", "Visa", "4242", date(2035, 12, 31))

    at_once(*[lambda setup=setup: methods.keep_card(setup, card, shop.company.name) for setup in setups])


def test_two_setups_with_one_card_at_once_are_both_ready(shop):
    both_return_at_once(shop)

    assert states() == [SetupState.READY, SetupState.READY]
    assert PaymentMethod.select().count() == 1


def test_negative_control_without_care_one_of_two_setups_stays_open(shop, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(methods, "keep_card", careless.keep_card)

    both_return_at_once(shop)

    assert sorted(states()) == [SetupState.OPEN, SetupState.READY]


def test_a_card_that_is_known_already_pays(shop):
    order = shop.buy()
    renewal = shop.draft(kind="renew")

    setup = refresh_setup(a_setup(shop, renewal), KnowsTheCard(shop.company), "code")

    assert (setup.state, setup.payment_method_id) == (SetupState.READY, order.latest_payment.payment_method_id)
    assert setup.payment_method.state == PaymentMethodState.ACTIVE, "it goes on paying renewals"


def test_an_unused_setup_does_not_delete_a_card_that_pays_renewals(shop):
    shop.buy()
    setup = refresh_setup(a_setup(shop, shop.draft(kind="renew")), KnowsTheCard(shop.company), "code")

    for hours in (25, 26):
        with later(hours=hours):
            list(unused_setups.end_unused_setups(shop.companies))
            list(detach_method.detach_due(shop.companies))

    assert PaymentMethodSetup.get_by_id(setup.id).state == SetupState.FAILED
    assert PaymentMethod.get().state == PaymentMethodState.ACTIVE


def test_an_unused_setup_does_not_delete_a_card_that_waits_in_another_one(shop):
    order = shop.draft()
    shop.setup(order)
    with later(hours=20):
        second = a_setup(shop, order)
        refresh_setup(second, KnowsTheCard(shop.company), "code")
    with later(hours=25):
        list(unused_setups.end_unused_setups(shop.companies))
        assert PaymentMethod.get().state == PaymentMethodState.READY
        shop.press_ok(order, PaymentMethodSetup.get_by_id(second.id))

    assert Order.get_by_id(order.id).is_paid


def test_a_card_of_nothing_but_ended_setups_is_deleted(shop):
    order = shop.draft()
    shop.setup(order)
    refresh_setup(a_setup(shop, order), KnowsTheCard(shop.company), "code")

    with later(hours=50):
        list(unused_setups.end_unused_setups(shop.companies))

    assert states() == [SetupState.FAILED, SetupState.FAILED]
    assert PaymentMethod.get().state == PaymentMethodState.DETACHING

"""Unpaid orders are cancelled after 24 hours; an order with a pending payment is not."""

import sqlite3
from datetime import timedelta

import pytest

import models
from models import Order, Payment
from portal import clock
from portal.actions.payments.attempts import begin_attempt
from portal.enums import PaymentState
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests.companies import NeverReached
from tests.passes import cancel_abandoned_orders
from tests.purchase import INSTALLATION, later

pytestmark = pytest.mark.store


def cancelled_later(**time):
    with later(**time):
        return cancel_abandoned_orders()


def test_an_unpaid_order_is_cancelled_after_a_day(shop):
    order = shop.buy(outcome=Outcome.REFUSED)

    assert cancelled_later(hours=23, minutes=59) == 0
    assert cancelled_later(hours=24, minutes=1) == 1
    assert shop.states(order) == ("cancelled", ["declined"])
    shop.ledger.prove()


def test_every_attempt_restarts_the_day_until_cancellation(shop):
    order = shop.buy(outcome=Outcome.REFUSED)
    with later(hours=23):
        shop.pay_again(order, Outcome.REFUSED)

    assert cancelled_later(hours=25) == 0
    assert cancelled_later(hours=48) == 1


@pytest.mark.parametrize("state", [PaymentState.CREATED, PaymentState.SUBMITTED, PaymentState.UNKNOWN])
def test_an_order_with_a_pending_payment_is_never_cancelled(shop, state):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    Payment.update(state=state).execute()

    assert cancelled_later(days=365) == 0
    assert shop.states(order) == ("placed", [state])


@pytest.mark.parametrize("state", [PaymentState.DECLINED, PaymentState.ABANDONED])
def test_a_finished_attempt_does_not_keep_an_order_open(shop, state):
    shop.buy(outcome=Outcome.ANSWER_LOST)
    Payment.update(state=state).execute()

    assert cancelled_later(days=2) == 1


def test_paid_orders_and_drafts_are_not_cancelled(shop):
    shop.buy()
    shop.draft("other")

    assert cancelled_later(days=2) == 0


def test_orders_with_a_pending_payment_do_not_hide_the_others(shop):
    """Each pass reads 100 orders: 100 that cannot be cancelled must not block the others for ever."""
    waiting = shop.asking(NeverReached(shop.company))
    blueprint = waiting.buy("first")
    for number in range(100):
        another(blueprint, number)
    shop.buy("abandoned", Outcome.REFUSED)

    assert cancelled_later(days=2) == 1


def another(order, number):
    """A copy of an order with its unknown payment, for another customer."""
    account = order.account.__data__ | {"login": f"copy-{number}"}
    del account["id"]
    values = order.__data__ | {"account": models.Account.create(**account), "number": f"1{number:07}"}
    del values["id"]
    payment = order.latest_payment.__data__ | {"order": Order.create(**values), "setup": None, "key": f"copy-{number}"}
    del payment["id"]
    Payment.create(**payment)


def test_several_are_cancelled_in_one_pass_while_others_write(shop, database):
    """Each order has its own transaction; another writer between two of them does not stop the pass."""
    for login in ("one", "two", "three"):
        shop.buy(login, Outcome.REFUSED)
    if store.is_postgresql():
        assert cancelled_later(days=2) == 3
        return

    path, plain = database.removeprefix("sqlite:///"), store.database.obj.commit

    def commit_and_let_another_write():
        plain()
        with sqlite3.connect(path, timeout=1) as other:
            other.execute("UPDATE account SET name = 'somebody else wrote'")
        other.close()

    store.database.obj.commit = commit_and_let_another_write
    try:
        assert cancelled_later(days=2) == 3
    finally:
        del store.database.obj.commit


def test_an_attempt_never_sent_is_abandoned_and_its_order_cancelled_a_day_later(shop):
    order = shop.draft()
    begin_attempt(order, shop.accepted(order), setup=shop.setup(order), installation_id=INSTALLATION)

    assert cancelled_later(days=2) == 0
    shop.work_later(minutes=2)
    assert cancelled_later(hours=24) == 0
    assert cancelled_later(hours=25) == 1
    assert clock.now() - Order.get_by_id(order.id).placed_at < timedelta(minutes=5)

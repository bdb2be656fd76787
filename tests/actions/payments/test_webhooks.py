"""Webhooks in any order, any number of times, about any payment."""

import pytest

from models import Allocation, Payment, WebhookEvent
from portal import clock
from portal.actions.payments import webhooks
from portal.gateways.card import CompanyEvent, Declined, Paid
from portal.sandbox.books.outcomes import Outcome
from tests.companies import Interrupted, LosesAnswers, NeverReached
from tests.purchase import CATALOG

pytestmark = pytest.mark.store


def send_webhook(shop, order, id="webhook-1", **changed):
    """Deliver a webhook with the true result of the latest attempt, except for `changed`."""
    payment = order.latest_payment
    result = shop.company.lookup(payment.key)
    if changed:
        result = Paid(**vars(result) | changed)
    return webhooks.receive("card", CompanyEvent(id, payment.key, result), "{}", CATALOG)


def test_a_webhook_pays_an_order_whose_answer_was_lost(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    assert send_webhook(shop, order)
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_a_webhook_before_the_answer_pays_once(shop):
    answered = []
    company = Interrupted(shop.company, after=lambda: answered.append(send_webhook(shop, Payment.get().order)))

    order = shop.asking(company).buy()

    assert answered == [True]
    assert shop.states(order) == ("paid", ["succeeded"])
    assert len(shop.ledger.prove().allocations) == 1


def test_a_webhook_decline_before_the_answer_counts_once(shop):
    company = Interrupted(shop.company, after=lambda: send_webhook(shop, Payment.get().order))

    order = shop.asking(company).buy(outcome=Outcome.REFUSED)

    assert shop.states(order) == ("placed", ["declined"])
    shop.ledger.prove()


def test_a_lost_answer_does_not_reset_a_payment_settled_by_webhook(shop):
    company = LosesAnswers(shop.company)
    order = shop.asking(Interrupted(company, before=tuple)).buy()
    send_webhook(shop, order)
    other = shop.draft("other")

    class SendsWebhookThenBreaks(LosesAnswers):
        def answer(self, name, *arguments):
            try:
                return super().answer(name, *arguments)
            finally:
                if name == "charge":
                    send_webhook(shop, other, "webhook-2")

    shop.asking(SendsWebhookThenBreaks(shop.company)).press_ok(other, shop.setup(other))

    assert shop.states(order) == shop.states(other) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_a_repeated_webhook_changes_nothing(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    send_webhook(shop, order)
    before = shop.ledger

    assert send_webhook(shop, order)
    assert send_webhook(shop, order, "another-webhook-of-the-same")
    assert shop.ledger == before.prove()
    assert WebhookEvent.select().count() == 2


def test_a_webhook_about_an_unknown_payment_is_answered_with_send_again(shop):
    shop.buy()
    unknown = CompanyEvent("webhook-1", "test-o1-a1", Paid("sand_1", 6600, clock.now()))

    assert not webhooks.receive("card", unknown, "{}", CATALOG)
    assert WebhookEvent.select().count() == 0
    shop.ledger.prove()


def test_a_webhook_with_another_amount_pays_nothing(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    send_webhook(shop, order, yen=order.total_yen - 1)

    assert shop.states(order) == ("placed", ["unknown"])
    assert Allocation.select().count() == 0
    assert any("要確認: 金額が違う" in event["reason"] for event in shop.ledger.history)


def test_a_webhook_with_the_right_amount_pays_after_a_wrong_one(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    send_webhook(shop, order, yen=1)

    send_webhook(shop, order, "webhook-2")

    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_a_webhook_with_a_wrong_amount_leaves_a_paid_order_paid(shop):
    order = shop.buy()

    send_webhook(shop, order, yen=1)

    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_a_webhook_decline_does_not_undo_a_payment(shop):
    order = shop.buy()

    webhooks.receive("card", CompanyEvent("webhook-1", order.latest_payment.key, Declined("card_declined", True)), "{}", CATALOG)

    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_a_webhook_that_fails_to_process_is_not_recorded(shop, monkeypatch):
    """It must be deliverable again: the record of the webhook and its effects are one transaction."""
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    def break_off(*_, **__):
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "record_answer", break_off)
        with pytest.raises(OSError, match="gone"):
            send_webhook(shop, order)

    assert WebhookEvent.select().count() == 0
    assert send_webhook(shop, order)
    assert shop.states(order) == ("paid", ["succeeded"])


def test_a_webhook_about_an_attempt_not_marked_as_sent_is_accepted(shop):
    """The signature is valid, so the company has the money."""
    order = shop.asking(NeverReached(shop.company)).buy()
    payment = order.latest_payment
    shop.company.charge(payment.setup.payment_method.token, payment.yen, payment.key)

    send_webhook(shop, order)

    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


@pytest.mark.parametrize("company", ["wallet", "bank", ""])
def test_a_webhook_of_another_company_about_a_payment_is_refused(shop, company):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    payment = order.latest_payment
    event = CompanyEvent("webhook-1", payment.key, shop.company.lookup(payment.key))

    assert not webhooks.receive(company, event, "{}", CATALOG)
    assert (shop.states(order), WebhookEvent.select().count()) == (("placed", ["unknown"]), 0)
    assert webhooks.receive("card", event, "{}", CATALOG)

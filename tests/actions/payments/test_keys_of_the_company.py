"""Companies that know an attempt by a key of their own: it is kept before the money is asked for, and only it takes money."""

import pytest

from models import Payment
from portal.actions.payments.reconcile import ask_about
from portal.sandbox.books.outcomes import Outcome
from tests.companies import Interrupted, KeysOfItsOwn, LosesAnswers, Wrapped
from tests.purchase import CATALOG, later

pytestmark = pytest.mark.store


@pytest.fixture
def shop(shop):
    return shop.asking(KeysOfItsOwn(shop.company))


class Unprepared(Wrapped):
    """Cannot be told of a payment; what it is asked about it answers."""

    def answer(self, name, *arguments):
        if name == "prepare":
            raise ConnectionError("no route to the company")
        return super().answer(name, *arguments)


def test_the_companys_key_is_kept_and_pays(shop):
    order = shop.buy()

    payment = Payment.get()
    assert payment.key_at_company == f"own-{payment.key}"
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


@pytest.mark.parametrize("outcome", [Outcome.PAYS, Outcome.REFUSED, Outcome.ANSWER_LOST])
def test_a_lost_answer_is_asked_for_with_the_companys_key(shop, outcome):
    order = shop.asking(LosesAnswers(shop.company)).buy(outcome=outcome)

    assert shop.work_later(minutes=2) == 1
    assert shop.states(order) == (("placed", ["declined"]) if outcome is Outcome.REFUSED else ("paid", ["succeeded"]))
    shop.ledger.prove()


def test_a_payment_that_the_company_was_not_told_of_is_never_charged(shop):
    company = Unprepared(shop.company)
    order = shop.asking(company).buy()

    assert company.asked.count("charge") == 0
    assert shop.states(order) == ("placed", ["unknown"])
    with later(minutes=2):
        shop.work()
        assert shop.states(order) == ("placed", ["declined"])
        shop.pay_again(order)
    assert shop.states(order) == ("paid", ["declined", "succeeded"])
    assert shop.ledger.prove().taken_for(order.number) == order.total_yen


def test_a_worker_that_read_the_attempt_before_it_was_sent_closes_the_key_that_takes_the_money(shop):
    """The sender pauses before the charge for longer than the worker waits. The worker has the row from before it was prepared."""
    read = []

    class Reads(Wrapped):
        def answer(self, name, *arguments):
            if name == "prepare":
                read.append(Payment.get())
            return super().answer(name, *arguments)

    def the_worker_comes_first():
        with later(minutes=2):
            assert ask_about(read[0], shop.company, CATALOG)

    order = shop.asking(Reads(Interrupted(shop.company, before=the_worker_comes_first))).buy()

    assert shop.states(order) == ("placed", ["declined"])
    assert [charge["state"] for charge in shop.ledger.prove().charges] == ["refused"]

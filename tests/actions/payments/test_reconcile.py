"""Querying unknown payments: without charging, one worker at a time, with growing pauses."""

from datetime import timedelta

import pytest

from models import Payment
from portal import clock
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.reconcile import ask_about
from portal.gateways.card import Declined, NotFound, Unknown
from portal.sandbox.books.outcomes import Outcome
from tests.companies import Answers, Interrupted, LosesAnswers, NeverReached, Wrapped
from tests.purchase import CATALOG, INSTALLATION, later

pytestmark = pytest.mark.store


def test_an_unknown_payment_is_queried_after_a_minute_and_found_paid(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    assert shop.work_later(seconds=59) == 0
    assert shop.work_later(seconds=61) == 1
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_an_attempt_never_sent_is_abandoned_and_the_order_can_be_paid(shop):
    """The program was killed after recording the attempt and before the charge."""
    order = shop.draft()
    payment = begin_attempt(order, shop.accepted(order), setup=shop.setup(order), installation_id=INSTALLATION)
    company = Wrapped(shop.company)

    with later(minutes=2):
        assert shop.asking(company).work() == 1
        assert shop.states(order) == ("placed", ["abandoned"])
        assert company.asked == []
        shop.pay_again(order)

    assert shop.states(order) == ("paid", ["abandoned", "succeeded"])
    assert shop.ledger.prove().taken_for(order.number) == payment.yen


def test_an_attempt_unknown_to_the_company_is_closed_there_before_the_next_one(shop):
    order = shop.asking(NeverReached(shop.company)).buy()

    with later(minutes=2):
        shop.work()
        assert shop.states(order) == ("placed", ["declined"])
        assert Payment.get().code == "closed"
        shop.pay_again(order)

    ledger = shop.ledger.prove()
    assert [(charge["state"], charge["yen"]) for charge in ledger.charges] == [("refused", 0), ("paid", order.total_yen)]


def test_a_charge_that_arrives_after_its_key_was_closed_takes_nothing(shop):
    """The sender paused before its call for longer than the worker waits."""

    def the_worker_comes_first():
        assert shop.work_later(minutes=2) == 1

    order = shop.asking(Interrupted(shop.company, before=the_worker_comes_first)).buy()

    assert shop.states(order) == ("placed", ["declined"])
    assert shop.ledger.prove().taken == []
    shop.pay_again(order)
    assert shop.ledger.prove().taken_for(order.number) == order.total_yen


def test_while_the_company_does_not_answer_the_payment_stays_unknown(shop):
    """Neither lookup nor close succeeded: the money may have been taken."""
    order = shop.asking(NeverReached(shop.company)).buy()

    with later(minutes=2):
        shop.asking(Answers(shop.company, lookup=NotFound(), close=Unknown())).work()
    assert shop.states(order) == ("placed", ["unknown"])

    with later(hours=1):
        shop.work()
    assert shop.states(order) == ("placed", ["declined"])


def test_pauses_between_queries_grow_to_a_day(shop):
    deaf, pauses = shop.asking(LosesAnswers(shop.company, "lookup")), []
    with later(minutes=0) as traveller:
        deaf.buy()
        for _ in range(7):
            due = Payment.get().next_lookup_at
            pauses.append(round((due - clock.real_now()).total_seconds() / 60))
            traveller.move_to(due)
            assert deaf.work() == 1

    assert pauses == [1, 5, 15, 60, 360, 1440, 1440]


def test_a_failing_query_does_not_block_other_payments(shop):
    lost = shop.buy("first", Outcome.ANSWER_LOST)
    other = shop.buy("second", Outcome.ANSWER_LOST)

    class KnowsOnlyTheOther(Wrapped):
        def answer(self, name, *arguments):
            if lost.number in arguments[-1]:
                raise TimeoutError
            return super().answer(name, *arguments)

    shop.asking(KnowsOnlyTheOther(shop.company)).work_later(minutes=2)

    assert shop.states(lost) == ("placed", ["unknown"])
    assert shop.states(other) == ("paid", ["succeeded"])


def test_a_worker_with_a_stale_payment_queries_nothing(shop):
    shop.buy(outcome=Outcome.ANSWER_LOST)
    company = Wrapped(shop.company)
    with later(minutes=2):
        first, second = Payment.due(clock.now()), Payment.due(clock.now())

        assert ask_about(first[0], company, CATALOG)
        assert not ask_about(second[0], company, CATALOG)

    assert company.asked == ["lookup"]
    shop.ledger.prove()


def test_a_payment_refunded_meanwhile_does_not_pay_the_order(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    charge = shop.taken[0]
    shop.company.refund(charge["reference"], charge["yen"], "refund-1")

    shop.work_later(minutes=2)

    assert shop.states(order) == ("placed", ["declined"])
    assert shop.ledger.prove().allocations == []


class CannotClose(Wrapped):
    """A company without a way to refuse a key. Its module says Unknown until a request can no longer be on its way (10 minutes).

    The request for the money is slow: it arrives when the test says so.
    """

    def __init__(self, company) -> None:
        super().__init__(company)
        self.on_its_way: list = []
        self.sent_at = None

    def answer(self, name, *arguments):
        if name == "charge" and not self.on_its_way:
            self.on_its_way, self.sent_at = [arguments], clock.now()
            raise TimeoutError("the line is slow")
        if name == "close" and clock.now() < self.sent_at + timedelta(minutes=10):
            return Unknown()
        return super().answer(name, *arguments)

    def arrive(self):
        return self._company.charge(*self.on_its_way[0])


def test_a_slow_request_to_a_company_that_cannot_close_a_key_is_found_and_never_made_again(shop):
    company = CannotClose(shop.company)
    order = shop.asking(company).buy()
    with later(minutes=2):
        shop.asking(company).work()
        assert shop.states(order) == ("placed", ["unknown"])
        company.arrive()
    with later(minutes=8):
        shop.asking(company).work()

    assert shop.states(order) == ("paid", ["succeeded"])
    assert shop.ledger.prove().taken_for(order.number) == order.total_yen


def test_after_ten_minutes_a_company_that_cannot_close_a_key_says_that_nothing_comes_any_more(shop):
    company = CannotClose(shop.company)
    order = shop.asking(company).buy()
    for minutes, state in ((2, "unknown"), (8, "unknown"), (24, "declined")):
        with later(minutes=minutes):
            shop.asking(company).work()
            assert shop.states(order) == ("placed", [state])
    with later(minutes=25):
        shop.asking(company).pay_again(order)

    assert shop.states(order) == ("paid", ["declined", "succeeded"])
    shop.ledger.prove()


def test_negative_control_closed_before_its_time_a_slow_request_takes_the_money_a_second_time(shop):
    """A module that says Declined at once, although its company has refused nothing."""

    class TooEarly(CannotClose):
        def answer(self, name, *arguments):
            return Declined("closed", retryable=True) if name == "close" else super().answer(name, *arguments)

    company = TooEarly(shop.company)
    order = shop.asking(company).buy()
    with later(minutes=2):
        shop.asking(company).work()
        shop.asking(company).pay_again(order)
        company.arrive()

    assert shop.ledger.taken_for(order.number) == 2 * order.total_yen

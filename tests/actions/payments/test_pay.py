"""Begin, ask and settle, for every answer of a card company and for none."""

import threading
from datetime import date

import pytest

from models import ASKED, Payment, PaymentMethodSetup, RenewalSetting, Subscription
from portal import clock
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.pay import CommittedAttempt, send_all
from portal.enums import PaymentState, SetupState
from portal.gateways.card import NotFound, Paid, Unknown
from portal.sandbox.books.outcomes import Outcome
from portal.store.database import database
from tests.companies import Answers, Interrupted, LosesAnswers, NeverReached, Wrapped
from tests.purchase import EVERYTHING, INSTALLATION, later

pytestmark = pytest.mark.store

PAID = ("paid", ["succeeded"])
UNKNOWN = ("placed", ["unknown"])


@pytest.mark.parametrize(
    ("outcome", "states"),
    [
        (Outcome.PAYS, PAID),
        (Outcome.ASKS_THEN_PAYS, PAID),
        (Outcome.PAYS_ONCE, PAID),
        (Outcome.REFUSED, ("placed", ["declined"])),
        (Outcome.EXPIRED, ("placed", ["declined"])),
        (Outcome.ANSWER_LOST, UNKNOWN),
    ],
)
def test_each_test_card_has_its_outcome(shop, outcome, states):
    order = shop.buy(outcome=outcome)

    assert shop.states(order) == states
    assert shop.ledger.faults(is_quiet=outcome is not Outcome.ANSWER_LOST) == []


def test_a_card_that_fails_its_authentication_is_never_charged(shop):
    order = shop.draft()

    setup = shop.setup(order, Outcome.FAILS_WHEN_ASKED)

    assert (setup.state, setup.code, setup.payment_method) == (SetupState.FAILED, "three_d_secure", None)
    assert shop.ledger.prove().charges == []


def test_every_product_of_a_paid_order_gets_its_term(shop, business_day):
    business_day(date(2026, 11, 22))

    order = shop.buy(selection=EVERYTHING)

    terms = shop.ledger.prove().terms
    assert {(term["product"], str(term["starts_on"]), str(term["ends_on"])) for term in terms} == {
        (product, "2026-11-22", "2027-11-30") for product in ("server", "ssl", "backup", "device")
    }
    assert (order.state, order.paid_on) == ("paid", date(2026, 11, 22))


def test_the_card_that_paid_renews_everything_but_the_certificate(shop):
    order = shop.buy(selection=EVERYTHING)

    renews = {subscription.product: subscription.renews for subscription in Subscription.select()}
    setting, setup = RenewalSetting.get(), order.setups.get()
    assert renews == {"server": True, "backup": True, "device": True, "ssl": False}
    kept = setting.payment_method
    assert (setting.account, setting.method, kept, kept.last4) == (order.account, "card", setup.payment_method, "4242")


def test_nothing_auto_renews_before_the_order_is_paid(shop):
    shop.buy(outcome=Outcome.REFUSED, selection=EVERYTHING)

    assert (Subscription.select().count(), RenewalSetting.select().count()) == (0, 0)


def test_a_declined_order_can_be_paid_with_another_card_and_renews_with_that_one(shop):
    order = shop.buy(outcome=Outcome.REFUSED)

    shop.pay_again(order)

    newest = order.setups.order_by(PaymentMethodSetup.id.desc()).get()
    assert shop.states(order) == ("paid", ["declined", "succeeded"])
    assert RenewalSetting.get().payment_method == newest.payment_method
    assert shop.ledger.prove().taken_for(order.number) == order.total_yen


@pytest.mark.parametrize("company", [LosesAnswers, NeverReached])
def test_a_missing_answer_leaves_the_payment_unknown(shop, company):
    order = shop.asking(company(shop.company)).buy()

    assert shop.states(order) == UNKNOWN
    assert shop.ledger.faults(is_quiet=False) == []


def test_an_answer_with_another_amount_leaves_the_payment_unknown(shop):
    company = Answers(shop.company, charge=Paid("odd_1", 1, clock.now()))

    order = shop.asking(company).buy()

    assert shop.states(order) == UNKNOWN
    assert [event["reason"] for event in shop.ledger.history if "要確認" in event["reason"]] == ["要確認: 金額が違う（1円）"]
    assert shop.ledger.faults(is_quiet=False) == []


def test_a_company_is_never_asked_inside_a_transaction(shop):
    """A company takes seconds to answer; no transaction may wait for it."""
    depths = []

    def note_depth():
        depths.append(database.transaction_depth())

    shop.asking(Interrupted(shop.company, before=note_depth)).buy()

    assert depths == [0]


def test_the_company_is_asked_with_a_key_that_is_already_stored(shop):
    stored = []

    def note_keys():
        stored.extend((payment.key, payment.state) for payment in Payment.select())

    order = shop.asking(Interrupted(shop.company, before=note_keys)).buy()

    assert stored == [(f"test-o{order.number}-a1", PaymentState.SUBMITTED)]


def test_a_finished_payment_is_not_queried(shop):
    shop.buy()
    shop.buy("second", Outcome.REFUSED)
    company = Wrapped(shop.company)

    assert shop.asking(company).work_later(days=3) == 0
    assert company.asked == []


@pytest.mark.parametrize("word", [Unknown(), NotFound()])
def test_a_malformed_answer_leaves_the_payment_unknown(shop, word):
    order = shop.asking(Answers(shop.company, charge=word)).buy()

    assert shop.states(order) == UNKNOWN
    assert Payment.get().state in ASKED


class TakesItsTime(Wrapped):
    """Each charge takes this company a while."""

    def __init__(self, company, traveller, seconds: int) -> None:
        super().__init__(company)
        self._traveller, self._seconds = traveller, seconds

    def answer(self, name, *arguments):
        found = super().answer(name, *arguments)
        self._traveller.shift(self._seconds if name == "charge" else 0)
        return found


@pytest.mark.parametrize(("seconds", "charges"), [(10, 3), (45, 2), (61, 1)])
def test_what_was_marked_as_sent_long_ago_is_not_asked_for_any_more(shop, seconds, charges):
    """Others may have asked about it meanwhile, and paid in another way."""
    with later(minutes=1) as traveller:
        slow = TakesItsTime(shop.company, traveller, seconds)
        waiting = [CommittedAttempt(attempt_of(shop, login), slow) for login in ("first", "second", "third")]

        answered = send_all(waiting)

    assert slow.asked.count("charge") == charges
    assert [isinstance(each.answer, Paid) for each in answered] == [True] * charges + [False] * (3 - charges)
    assert [payment.state for payment in Payment.select()] == ["submitted"] * 3


def attempt_of(shop, login: str) -> Payment:
    order = shop.draft(login)
    return begin_attempt(order, shop.accepted(order), setup=shop.setup(order), installation_id=INSTALLATION)


class WaitsForAnother(Wrapped):
    """Answers a charge only while another one waits for its answer too."""

    def __init__(self, company) -> None:
        super().__init__(company)
        self._both = threading.Barrier(2)

    def answer(self, name, *arguments):
        if name == "charge":
            self._both.wait(timeout=5)
        return super().answer(name, *arguments)


def test_several_charges_wait_for_their_answers_at_the_same_time(shop):
    company = WaitsForAnother(shop.company)
    waiting = [CommittedAttempt(attempt_of(shop, login), company) for login in ("first", "second", "third", "fourth")]

    answered = send_all(waiting, at_once=2)

    assert [each.payment.id for each in answered] == [each.payment.id for each in waiting]
    assert [each.answer for each in answered] == [shop.company.lookup(each.payment.key) for each in waiting]
    assert {type(each.answer) for each in answered} == {Paid}

"""What the portal relies on for any card company behind the Protocol. A real company adds one bench to BENCHES.

What it shares with the wallet company is in test_money_contract.py.
"""

from datetime import date, timedelta

import pytest

from portal.gateways.card import CardCompany, Declined, Failed, Page, Paid, Pending
from portal.sandbox.books import setups
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visit import return_code
from portal.sandbox.published import TEST_CARDS
from tests.gateways.conftest import CUSTOMER
from tests.visits import BROWSER

RETURN_URL = "/orders/1/card/return"


class SandboxBench:
    """How a test plays the customer at the company's page, in one browser. A new reference for each visit."""

    def __init__(self, company: CardCompany, books) -> None:
        self.company = company
        self._books = books
        self._entries = 0

    def begin(self) -> str:
        self._entries += 1
        reference = f"entry-{self._entries}"
        assert isinstance(self.company.begin_setup(reference, RETURN_URL, CUSTOMER), Page)
        return reference

    def type_card(self, reference: str, outcome: Outcome) -> None:
        published = next(card for card in TEST_CARDS if card.outcome is outcome)
        card = setups.StoredCard(outcome, "Visa", published.digits[-4:], date(2098, 12, 31))
        setups.accept(self._books, self._token(reference), card, BROWSER)

    def authenticate(self, reference: str) -> None:
        setups.authenticate(self._books, self._token(reference), BROWSER)

    def refuse(self, reference: str, code: str) -> None:
        setups.give_up(self._books, self._token(reference), code)

    def finish(self, reference: str):
        """What the portal gets when the customer has returned."""
        return self.company.finish_setup(reference, return_code(self._token(reference), BROWSER))

    def card(self, outcome: Outcome = Outcome.PAYS):
        reference = self.begin()
        self.type_card(reference, outcome)
        return self.finish(reference)

    def _token(self, reference: str) -> str:
        return setups.newest_setup(self._books, reference).token


BENCHES = {"sandbox": SandboxBench}


@pytest.fixture(params=BENCHES)
def bench(request, company, books):
    return BENCHES[request.param](company, books)


def test_a_setup_is_pending_until_the_customer_enters_a_card_and_then_returns_that_card(bench):
    reference = bench.begin()
    waiting = bench.finish(reference)
    bench.type_card(reference, Outcome.PAYS)

    assert waiting == Pending()
    card = bench.finish(reference)
    assert (card.brand, card.last4, card.expires) == ("Visa", "4242", date(2098, 12, 31))
    assert bench.finish(reference) == card


def test_an_unknown_setup_is_not_found(bench):
    assert bench.company.finish_setup("never-begun", "") == Failed("not_found")


@pytest.mark.parametrize("outcome", [Outcome.ASKS_THEN_PAYS, Outcome.FAILS_WHEN_ASKED])
def test_a_card_needing_authentication_is_pending_until_it_passes(bench, outcome):
    reference = bench.begin()
    bench.type_card(reference, outcome)

    assert bench.finish(reference) == Pending()


def test_an_authenticated_card_pays(bench):
    reference = bench.begin()
    bench.type_card(reference, Outcome.ASKS_THEN_PAYS)
    bench.authenticate(reference)

    assert isinstance(bench.company.charge(bench.finish(reference).token, 660, "key"), Paid)


def test_a_failed_or_refused_authentication_fails_the_setup(bench):
    failing, refused = bench.begin(), bench.begin()
    bench.type_card(failing, Outcome.FAILS_WHEN_ASKED)
    bench.authenticate(failing)
    bench.type_card(refused, Outcome.ASKS_THEN_PAYS)
    bench.refuse(refused, "three_d_secure")

    assert bench.finish(failing) == Failed("three_d_secure")
    assert bench.finish(refused) == Failed("three_d_secure")


@pytest.mark.parametrize(("outcome", "retryable"), [(Outcome.REFUSED, True), (Outcome.EXPIRED, False)])
def test_a_decline_says_whether_it_can_be_retried(bench, outcome, retryable):
    declined = bench.company.charge(bench.card(outcome).token, 660, "key")

    assert isinstance(declined, Declined)
    assert declined.retryable is retryable
    assert bench.company.lookup("key") == declined


def test_a_card_can_pay_once_and_be_declined_at_every_later_charge(bench):
    card = bench.card(Outcome.PAYS_ONCE)
    answers = [bench.company.charge(card.token, 660, key) for key in ("first", "first", "second", "third")]

    assert answers[0] == answers[1] == bench.company.lookup("first")
    assert answers[2:] == [Declined("card_declined", retryable=True)] * 2


def test_a_detached_card_cannot_be_charged(bench):
    card = bench.card()
    bench.company.detach(card.token)
    bench.company.detach(card.token)

    assert bench.company.charge(card.token, 660, "key") == Declined("card_removed", retryable=False)
    assert bench.company.charge("never-stored", 660, "other") == Declined("card_removed", retryable=False)


def test_an_expired_card_is_a_hard_decline(bench, books):
    card = bench.card()
    books.set_offset_days((card.expires - books.today()).days + 1)

    assert bench.company.charge(card.token, 660, "late") == Declined("expired_card", retryable=False)
    books.set_offset_days((card.expires - (books.today() - timedelta(days=books.offset_days()))).days)
    assert isinstance(bench.company.charge(card.token, 660, "last-day"), Paid)

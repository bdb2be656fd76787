"""What the portal relies on for any card company behind the Protocol. A real company adds a bench.

What it shares with the wallet company is in test_money_contract.py.
"""

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from portal.gateways.card import CardCompany, Declined, Failed, KeyReused, Page, Paid, Pending, Unknown
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import setups
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visit import return_code
from portal.sandbox.published import TEST_CARDS
from tests.gateways.conftest import CUSTOMER
from tests.gateways.stripe_bench import StripeBench
from tests.gateways.test_books import a_card
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

    def travel_to(self, day: date) -> None:
        self._books.set_offset_days((day - self._books.today()).days + self._books.offset_days())

    def _token(self, reference: str) -> str:
        return setups.newest_setup(self._books, reference).token


class StripeCardBench:
    """The same with Stripe's published test cards."""

    NUMBERS: ClassVar = {
        Outcome.PAYS: "4242 4242 4242 4242",
        Outcome.ASKS_THEN_PAYS: "4000 0000 0000 3220",
        Outcome.REFUSED: "4000 0000 0000 0341",
        Outcome.EXPIRED: "4000 0000 0000 0069",
        Outcome.PAYS_ONCE: "4000 0000 0000 9995",
    }

    def __init__(self, fake) -> None:
        self.company = self._stripe = StripeBench(fake)
        self.company.charge = self._stripe.take
        self.company.finish_setup, self.company.detach = self._stripe.finish, self._stripe.remove
        self._pages, self._codes = {}, {}

    def begin(self) -> str:
        reference = f"entry-{len(self._pages) + 1}"
        self._pages[reference] = self._stripe.begin(reference, "/orders/1/return", CUSTOMER)
        return reference

    def type_card(self, reference: str, outcome: Outcome) -> None:
        asked = outcome is Outcome.ASKS_THEN_PAYS
        type_it = self._stripe.customer_types if asked else self._stripe.customer_finishes
        self._codes[reference] = type_it(self._pages[reference], "B", self.NUMBERS[outcome])

    def authenticate(self, reference: str) -> None:
        self._codes[reference] = self._stripe.customer_is_authenticated(self._pages[reference])

    def finish(self, reference: str):
        return self._stripe.finish(reference, self._codes.get(reference, ""))

    def card(self, outcome: Outcome = Outcome.PAYS):
        reference = self.begin()
        self.type_card(reference, outcome)
        return self.finish(reference)

    def travel_to(self, day: date) -> None:
        self._stripe.world.offset_seconds = (day - datetime.now(UTC).date()).days * 86400


@pytest.fixture(params=["sandbox", "stripe"])
def bench(request):
    if request.param == "stripe":
        return StripeCardBench(request.getfixturevalue("fake"))
    return request.getfixturevalue("pretended")


@pytest.fixture
def pretended(company, books):
    return SandboxBench(company, books)


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


def test_a_card_needing_authentication_is_pending_until_it_passes(bench):
    reference = bench.begin()
    bench.type_card(reference, Outcome.ASKS_THEN_PAYS)

    assert bench.finish(reference) == Pending()


def test_an_authenticated_card_pays(bench):
    reference = bench.begin()
    bench.type_card(reference, Outcome.ASKS_THEN_PAYS)
    bench.authenticate(reference)

    assert isinstance(bench.company.charge(bench.finish(reference).token, 660, "key"), Paid)


def test_a_failed_or_refused_authentication_fails_the_setup(pretended):
    """At Stripe the customer stays on the page and may type another card."""
    bench = pretended
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
    assert all(isinstance(answer, Declined) and answer.retryable for answer in answers[2:])


def test_a_card_whose_bank_asks_again_pays_when_its_holder_is_there(books, visitor):
    """As at an automatic charge: refused without the holder; with the holder, nothing is taken before the page is answered."""
    company, card = SandboxCardCompany(books, "x"), a_card(books, Outcome.ASKS_LATER)
    first, refused = company.charge(card, 660, "first"), company.charge(card, 660, "second")
    page = company.authenticate(card, 660, "third", "/back")
    opened, waiting = visitor.get(page.url).text, company.lookup("third")
    token = opened.partition('name="form_token" value="')[2].partition('"')[0]

    assert (refused, waiting) == (Declined("authentication_required", retryable=False), Unknown())
    assert company.authenticate(card, 660, "third", "/back") == page
    assert visitor.post(page.url, data={"do": "accept"}).status_code == 403
    for _ in range(2):
        assert visitor.post(page.url, data={"do": "accept", "form_token": token}).location == "/back"
    paid = company.lookup("third")
    assert (paid.yen, company.authenticate(card, 660, "third", "/back")) == (660, paid)
    assert visitor.get(page.url).location == "/back"
    with pytest.raises(KeyReused):
        company.authenticate(card, 661, "third", "/back")
    taken = [moved.reference for moved in company.movements(datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))]
    assert taken == [first.reference, paid.reference]


@pytest.mark.parametrize("end", ["refuse", "close"])
def test_a_bank_s_page_that_is_not_passed_never_takes_money(books, visitor, end):
    company, card = SandboxCardCompany(books, "x"), a_card(books, Outcome.ASKS_LATER)
    company.charge(card, 660, "first")
    page = company.authenticate(card, 660, "second", "/back")
    token = visitor.get(page.url).text.partition('name="form_token" value="')[2].partition('"')[0]
    if end == "close":
        company.close("second")
    else:
        visitor.post(page.url, data={"do": "refuse", "form_token": token})
    visitor.post(page.url, data={"do": "accept", "form_token": token})

    assert company.lookup("second") == Declined(*{"refuse": ("authentication_required", False), "close": ("closed", True)}[end])


def test_a_detached_card_cannot_be_charged(bench):
    card = bench.card()
    bench.company.detach(card.token)
    bench.company.detach(card.token)

    assert bench.company.charge(card.token, 660, "key") == Declined("card_removed", retryable=False)
    assert bench.company.charge("never-stored", 660, "other") == Declined("card_removed", retryable=False)


def test_an_expired_card_is_a_hard_decline(bench):
    card = bench.card()
    bench.travel_to(card.expires + timedelta(days=1))

    assert bench.company.charge(card.token, 660, "late") == Declined("expired_card", retryable=False)
    bench.travel_to(card.expires)
    assert isinstance(bench.company.charge(card.token, 660, "last-day"), Paid)

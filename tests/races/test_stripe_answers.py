"""At each call to Stripe: the request that is dropped, the answer that is lost, 429, 5xx, a key that lapsed; and Stripe forgets every
idempotency key meanwhile. In the end everything is bought, given back and removed once, and at no moment is anything said that is not so.
"""

from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from models import LIVE, Order, Refund
from portal.actions.operations import verify
from portal.actions.payments import detach_method, refunds, unused_setups
from portal.actions.payments.refundable import refundable
from portal.actions.renewals import method_reset
from portal.gateways.answers import CompanyUnreachable
from portal.gateways.card.stripe import StripeCardCompany
from tests import sampling
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.line import ALWAYS, Trouble
from tests.purchase import INSTALLATION, Shop, later
from tests.races.careless_stripe import (
    KeepsNoIntent,
    RefundsBlindly,
    TakesSilenceForNo,
    TakesSilenceForNoRefund,
    without,
)

CALLS = {
    "a customer is made": "POST /v1/customers$",
    "a page is made": "POST /v1/checkout/sessions$",
    "a page is asked about": "GET /v1/checkout/sessions/",
    "a payment is prepared": "POST /v1/payment_intents$",
    "a payment is confirmed": "/confirm$",
    "a payment is asked about": "GET /v1/payment_intents/",
    "a payment is cancelled": "/cancel$",
    "refunds are asked about": "GET /v1/refunds",
    "a refund is made": "POST /v1/refunds$",
    "a customer is deleted": "DELETE /v1/customers/",
    "customers are looked for": "GET /v1/customers/search",
    "everything": "/v1/",
}
HOW = ("dropped", "lost", 401, 429, 500, 503)
TIMES = (1, ALWAYS)  # once, so that the SDK's own repeat meets a Stripe that is well; or until Stripe recovers
TABLE = [(call, how, times) for call in CALLS for how in HOW for times in TIMES]
YEN, BACK = 13_200, 100
CARELESS = [
    (KeepsNoIntent, "a payment is confirmed", "were taken"),
    (TakesSilenceForNo, "a payment is confirmed", "the page says that nothing was"),
    (TakesSilenceForNoRefund, "a refund is made", "staff read that they did not"),
    (RefundsBlindly, "a refund is made", "given back [100, 100]"),
]
pytestmark = [pytest.mark.store(postgresql=3), pytest.mark.parametrize("cards", ["stripe"], indirect=True)]


@dataclass
class Customer:
    """Buys, is given something back, and removes the card, while Stripe has a trouble that ends between two looks of the worker."""

    shop: Shop
    fake: FakeStripe
    trouble: Trouble | None
    said: list[str] = field(default_factory=list)

    def lives(self) -> None:
        order = self.shop.draft()
        setup = self._with_trouble(lambda: self.shop.setup(order))
        if setup is None:
            self._is_over()
            setup = self.shop.setup(order)
        self._with_trouble(lambda: self.shop.press_ok(order, setup))
        self._worker_comes()
        if not Order.get_by_id(order.id).is_paid:
            self.shop.press_ok(order, self.shop.setup(order))
        self._look()
        self._with_trouble(self._is_given_back)
        self._worker_comes()
        self._with_trouble(lambda: method_reset.reset(order.account, self.shop.companies, self.shop.catalog))
        self._with_trouble(self._tidies)
        self._is_over()
        for hours in (30, 60):
            with later(hours=hours):
                self._tidies()

    def _with_trouble(self, act):
        """None if Stripe was not there for the customer, who then tries again."""
        self.fake.world.troubles = [Trouble(**vars(self.trouble))] if self.trouble else []
        done = None
        with suppress(CompanyUnreachable):
            done = act()
        self._look()
        return done

    def _is_over(self) -> None:
        """Stripe is well again, and has forgotten every request."""
        self.fake.world.troubles = []
        self.fake.world.forget_keys()

    def _tidies(self) -> None:
        for found in (unused_setups.end_unused_setups(self.shop.companies), detach_method.detach_due(self.shop.companies)):
            list(found)

    def _worker_comes(self) -> None:
        """Two minutes later to the same trouble, and then to a Stripe that is well."""
        self.shop.work_later(minutes=2)
        self._look()
        self._is_over()
        for minutes in (8, 25, 90):
            self.shop.work_later(minutes=minutes)
            self._look()

    def _is_given_back(self) -> None:
        found = refundable(Order.get())
        begun = refunds.begin(found, BACK, self.shop.staff, "機器の不具合", {"card": self.shop.company}, INSTALLATION)
        refunds.send(begun, self.shop.company)

    def _look(self) -> None:
        """What customers and staff would read now of money that moved at Stripe: that it moved, or that it is being asked about."""
        for order in Order.select():
            states = self.shop.states(order)[1]
            taken = self.shop.ledger.taken_for(order.number)
            if taken and not order.is_paid and not set(states) & set(LIVE):
                self.said.append(f"{taken} yen were taken, and the page says that nothing was: {states}")
            if order.is_paid and not taken:
                self.said.append("nothing was taken, and the page says that it was")
        returned = sum(refund["amount"] for refund in self.fake.world.all_of("refund"))
        if returned and not Refund.select().where(Refund.state.not_in(("declined",))).exists():
            self.said.append(f"{returned} yen went back, and staff read that they did not")


def faults(shop: Shop, fake: FakeStripe, trouble: Trouble | None) -> list[str]:
    customer = Customer(shop, fake, trouble)
    customer.lives()
    charges, back = [fake.world.all_of(kind) for kind in ("charge", "refund")]
    found = [*customer.said, *shop.ledger.faults(), *verify.faults()]
    if [charge["amount"] for charge in charges] != [YEN]:
        found.append(f"charged {[charge['amount'] for charge in charges]}")
    if [refund["amount"] for refund in back] != [BACK]:
        found.append(f"given back {[refund['amount'] for refund in back]}")
    if any(card["customer"] for card in fake.world.all_of("payment_method")):
        found.append("a card is still at Stripe")
    finished = {session["client_reference_id"] for session in fake.world.all_of("checkout.session", status="complete")}
    left = [each for each in fake.world.all_of("customer") if not each.get("deleted") and each["metadata"]["reference"] not in finished]
    if left:
        found.append("a customer of a visit that nobody finished is still at Stripe")
    return found


@pytest.fixture
def shop(catalog, books, companies, database):
    return Shop(catalog, books, companies.card)


@pytest.mark.parametrize(("call", "how", "times"), TABLE[:: sampling.usual(50, 1)])
def test_money_moves_once_and_the_truth_is_said_whatever_goes_wrong_at_each_call(shop, cards, call, how, times):
    assert faults(shop, cards.fake, Trouble(CALLS[call], how, times)) == []


@pytest.mark.store(postgresql=0)
def test_every_call_of_a_customers_life_is_in_the_table(shop, cards):
    Customer(shop, cards.fake, None).lives()

    asked = set(cards.fake.world.asked)
    patterns = [pattern for call, pattern in CALLS.items() if call != "everything"]
    assert [each for each in asked if " /v1/" in each and not any(Trouble(it, "lost").hits(each, "lost") for it in patterns)] == []


@pytest.mark.parametrize(("guard", "call", "complaint"), CARELESS[:: sampling.usual(3, 1)])
def test_negative_control_without_a_guard_of_stripe_it_is_found(shop, cards, guard: type[StripeCardCompany], call, complaint):
    """The negative controls."""
    found = faults(shop.asking(without(guard, cards.fake)), cards.fake, Trouble(CALLS[call], "lost"))

    assert any(complaint in fault for fault in found), found

"""A program that dies at any step while Stripe is asked, answers that are lost, and keys that Stripe has forgotten: one charge, or none."""

from dataclasses import dataclass
from itertools import count

import pytest
import requests

from models import Account, Order, Payment, PaymentMethodSetup, Schedule
from portal.actions.operations import verify
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.billing_run import process_due_accounts
from portal.enums import Method, OrderKind
from portal.sandbox.books.outcomes import Outcome
from tests import sampling
from tests.concurrency import at_once
from tests.fake_stripe import FakeStripe, fake_stripe
from tests.fake_stripe.line import Trouble
from tests.gateways.stripe_bench import SHOP, stripe_company
from tests.purchase import CATALOG, INSTALLATION, Shop, later
from tests.races.careless_stripe import KeepsNoIntent, TakesSilenceForNo, without
from tests.races.steps import Steps

EACH = sampling.usual(6, 1)  # of the steps
pytestmark = pytest.mark.store(postgresql=3)


class Killed(BaseException):
    """Nothing that comes after it happens in this process: no handler of the program takes it for an answer."""


@dataclass(frozen=True)
class StripeShop(Shop):
    fake: FakeStripe | None = None

    def _card(self, order: Order, outcome: Outcome) -> PaymentMethodSetup:
        about = {"account": order.account, "shop": "shop", "address": "192.0.2.1", "order": order}
        page = begin_setup(Method.CARD, self.company, lambda reference: f"/back/{reference}", **about)
        typed = {"number": "4242424242424242", "expiry": "12/98"}
        answer = requests.post(page, typed, allow_redirects=False, timeout=30)
        code = answer.headers["Location"].removeprefix(SHOP).partition("code=")[2]
        return refresh_setup(order.setups.order_by(PaymentMethodSetup.id.desc()).get(), self.company, code)

    def charges(self) -> None:
        list(process_due_accounts(BillingContext(CATALOG, self.companies, INSTALLATION)))

    def taken_for(self, order: Order) -> list[int]:
        intents = {
            each["id"] for each in self.fake.world.all_of("payment_intent") if f"-o{order.number}-a" in each["metadata"].get("key", "")
        }
        return [charge["amount"] for charge in self.fake.world.all_of("charge") if charge["payment_intent"] in intents]


@pytest.fixture
def shop(catalog, books, database):
    with fake_stripe() as fake:
        yield StripeShop(catalog, books, stripe_company(fake, INSTALLATION), fake=fake)


def dies_at(step: int, act) -> bool:
    """False if it lived to its end."""

    def die(number: int, _name: str) -> None:
        if number == step:
            raise Killed

    with Steps(die, only_writes=True) as steps:
        try:
            act(steps)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("forgets", [False, True], ids=["keys known", "keys forgotten"])
def test_a_payment_dies_at_every_step_and_takes_the_money_once_or_not_at_all(shop, forgets):
    for step in count(1, EACH):
        order = shop.draft(f"customer{step}")
        setup = shop.setup(order)
        has_died = dies_at(step, lambda steps, order=order, setup=setup: shop.asking(steps.watch(shop.company)).press_ok(order, setup))
        if forgets:
            shop.fake.world.forget_keys()
        for minutes in (2, 8, 25):
            shop.work_later(minutes=minutes)
        taken, state = shop.taken_for(order), Order.get_by_id(order.id).state
        assert (state == "paid") == (taken == [order_total(order)]), (step, state, taken)
        assert taken in ([], [order_total(order)]), step
        if state != "paid":
            with later(minutes=30):
                shop.pay_again(Order.get_by_id(order.id))
            assert shop.taken_for(order) == [order_total(order)], step
        if not has_died:
            break
    assert step > 5
    assert verify.faults() == []


def order_total(order: Order) -> int:
    return Order.get_by_id(order.id).total_yen or 13_200


def test_a_refund_dies_at_every_step_and_is_made_once_or_not_at_all(shop):
    shop.buy("refunded")
    order, world = Order.get(), shop.fake.world
    for step in count(1, EACH):
        before = len(world.all_of("refund"))

        def give_back(steps) -> None:
            company = steps.watch(shop.company)
            refund = refunds.begin(refundable(Order.get_by_id(order.id)), 100, shop.staff, "x", {"card": company}, INSTALLATION)
            refunds.send(refund, company)

        has_died = dies_at(step, give_back)
        world.forget_keys()
        for minutes in (2, 8, 25):
            shop.work_later(minutes=minutes)
        assert len(world.all_of("refund")) - before in (0, 1), step
        assert sum(refund["amount"] for refund in world.all_of("refund")) == refundable(Order.get_by_id(order.id)).returned_yen, step
        if not has_died:
            break
    assert step > 3
    assert verify.faults() == []


@pytest.mark.store(postgresql=0)
@pytest.mark.parametrize("lost", ["/confirm$", "/v1/payment_intents$", "/v1/payment_intents/pi_"])
def test_answers_that_are_lost_are_asked_for_and_nothing_is_taken_twice(shop, lost):
    shop.fake.world.loses = {lost: 2}
    order = shop.draft()
    shop.press_ok(order, shop.setup(order))
    shop.fake.world.forget_keys()
    for minutes in (2, 8, 25):
        shop.work_later(minutes=minutes)

    paid = Order.get_by_id(order.id).state == "paid"
    assert shop.taken_for(order) == ([order.total_yen or 13_200] if paid else [])
    assert verify.faults() == []


def renewed(shop: StripeShop, business_day) -> list[int]:
    """What Stripe took for a renewal that two workers of two machines charge at once; the answer is lost, and Stripe forgets each key
    before anybody looks again, on that day and on each day of the next try."""
    shop.buy()
    ends_on = Account.get().server.last_term.ends_on
    while (day := Schedule.get().due_on) <= ends_on:
        business_day(day)
        shop.fake.world.troubles = [] if Order.get_or_none(Order.kind == OrderKind.AUTO) else [Trouble("/confirm$", "lost")]
        shop.fake.world.forget_keys()
        at_once(*[shop.charges] * 2)
        shop.fake.world.troubles = []
        shop.fake.world.forget_keys()
        for minutes in (2, 8):
            with later(minutes=minutes):  # one clock for both: it is the process's
                at_once(*[shop.work] * 2)
    return [charge["amount"] for charge in shop.fake.world.all_of("charge")][1:]


@pytest.mark.store
def test_two_workers_charge_a_renewal_once_though_stripe_has_forgotten_every_key(shop, business_day):
    assert renewed(shop, business_day) == [Order.get().total_yen]
    assert Payment.select().where(Payment.state == "succeeded").count() == 2
    assert verify.faults() == []


@pytest.mark.store(postgresql=0)
@pytest.mark.parametrize("guard", [KeepsNoIntent, TakesSilenceForNo][: sampling.usual(1, 2)])
def test_negative_control_without_that_guard_the_renewal_is_charged_twice(shop, business_day, guard):
    """The negative control: with the key of the request alone, a charge whose answer was lost is made again on the next day of a try."""
    assert len(renewed(shop.asking(without(guard, shop.fake)), business_day)) > 1

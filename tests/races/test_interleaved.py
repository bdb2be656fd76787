"""Between any two steps of a payment another action runs completely: a worker minutes later, another press,
another tab, a webhook, the next day. Every such scenario runs once, and money is taken at most once in each.

The usual run takes each third step.
"""

import threading
from contextlib import suppress
from itertools import count

import pytest

from models import Order, Payment
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay, webhooks
from portal.actions.renewals import method_reset
from portal.enums import Method
from portal.gateways.card import CompanyEvent, NotFound
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests import sampling, steps
from tests.companies import LosesAnswers, Wrapped
from tests.concurrency import at_once
from tests.passes import cancel_abandoned_orders
from tests.purchase import CATALOG, INSTALLATION, Shop, later
from tests.races import careless
from tests.races.steps import Steps

pytestmark = pytest.mark.store(postgresql=6)


def the_worker_comes(shop, order, _entry):
    shop.work_later(minutes=2)


def a_day_passes(shop, order, _entry):
    with later(hours=25):
        shop.work()
        cancel_abandoned_orders()


def the_button_is_pressed_again(shop, order, setup):
    shop.press_ok(order, setup)


def another_tab_pays(shop, order, _entry):
    shop.pay_again(order)


def send_webhook(shop, order, _entry):
    payment = order.latest_payment
    found = shop.company.lookup(payment.key_at_company) if payment else NotFound()
    if not isinstance(found, NotFound):
        webhooks.receive(shop.method.value, CompanyEvent(f"about {payment.key}", payment.key, found), "{}", CATALOG)


THINGS = [the_worker_comes, a_day_passes, the_button_is_pressed_again, another_tab_pays, send_webhook]

OTHERWISE = [
    (another_tab_pays, Outcome.REFUSED),
    (send_webhook, Outcome.REFUSED),
    (the_worker_comes, Outcome.ANSWER_LOST),
    (another_tab_pays, Outcome.ANSWER_LOST),
]


BY_WALLET = [(the_button_is_pressed_again, Outcome.PAYS), (send_webhook, Outcome.PAYS), (another_tab_pays, Outcome.ANSWER_LOST)]


def the_link_is_removed(shop, order, _entry):
    method_reset.remove_wallet(order.account, shop.companies, CATALOG)


def run_scenario(shop: Shop, login: str, happens, at: int, outcome: Outcome = Outcome.PAYS) -> tuple[Order, bool]:
    """Run one purchase, interrupted at its `at`-th step; False if it has no such step."""
    order = shop.draft(login)
    setup, problems = shop.setup(order, outcome), []

    def run():
        try:
            store.ensure_connection()
            with suppress(OutOfStep):
                happens(shop, order, setup)
        except Exception as problem:
            problems.append(problem)
        finally:
            store.close()

    happened = []

    def act(number, name):
        if number == at:
            happened.append(name)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()

    with Steps(act) as steps, suppress(OutOfStep):
        shop.asking(steps.watch(shop.company)).press_ok(order, setup)
    assert problems == []
    return order, bool(happened)


def afterwards(shop: Shop, order: Order) -> None:
    """Query all unknown payments, then pay an order that is still unpaid."""
    with later(hours=26):
        shop.work()
        state, attempts = shop.states(order)
        if state == "placed":
            assert not set(attempts) & {"created", "submitted", "unknown"}, attempts
            shop.pay_again(order)
        elif state != "paid":
            order = shop.buy(order.account.login)
    assert shop.states(order)[0] == "paid"


@pytest.mark.companies(stripe=9)
@pytest.mark.parametrize(("happens", "outcome"), [(thing, Outcome.PAYS) for thing in THINGS] + OTHERWISE)
def test_any_interleaving_charges_the_card_once(shop, happens, outcome):
    tell_all(shop, happens, outcome)


@pytest.mark.parametrize(("happens", "outcome"), [*BY_WALLET, (the_link_is_removed, Outcome.PAYS)])
def test_any_interleaving_debits_the_wallet_once(shop, happens, outcome):
    tell_all(shop.by(Method.WALLET), happens, outcome)


def tell_all(shop: Shop, happens, outcome: Outcome) -> None:
    for at in count(1, sampling.usual(3, 1)):  # not each second: steps are before and after in turn
        order, was_interrupted = run_scenario(shop, f"at-{at}", happens, at, outcome)
        assert shop.ledger.faults(is_quiet=False) == [], f"step {at}"
        if not was_interrupted:
            break
        afterwards(shop, order)
    assert at > 8

    with later(hours=27):
        shop.work()
    shop.ledger.prove()


@pytest.mark.companies(stripe=2)
@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_negative_control_without_guards_a_second_press_charges_twice(shop, monkeypatch, method):
    """The negative control."""
    monkeypatch.setattr(pay, "pay_order", careless.pay_order)
    shop = shop.by(method)

    stories = [run_scenario(shop, f"at-{at}", the_button_is_pressed_again, at)[0] for at in range(1, 4)]

    assert any(shop.ledger.taken_for(order.number) > Order.get_by_id(order.id).total_yen for order in stories)


def test_one_of_many_workers_queries_a_payment(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    company = Wrapped(shop.company)

    with later(minutes=2):
        asked = at_once(*[shop.asking(company).work] * 12)

    assert sum(asked) == 1
    assert company.asked == ["lookup"]
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


@pytest.mark.companies(stripe=0)
def test_one_of_many_workers_closes_an_attempt_that_never_arrived(shop):
    order = shop.draft()
    setup = shop.setup(order)

    class Unreachable(Wrapped):
        def answer(self, name, *arguments):
            if name == "prepare":
                return super().answer(name, *arguments)
            raise ConnectionError

    shop.asking(Unreachable(shop.company)).press_ok(order, setup)
    company = Wrapped(shop.company)
    with later(minutes=2):
        at_once(*[shop.asking(company).work] * 12)

    assert company.asked == ["lookup", "close"]
    assert shop.states(order) == ("placed", ["declined"])
    shop.ledger.prove()


def test_without_a_claim_every_worker_queries_the_payment(shop, monkeypatch):
    """The negative control."""
    shop.buy(outcome=Outcome.ANSWER_LOST)
    company = Wrapped(shop.company)
    monkeypatch.setattr(Payment, "claim_lookup", lambda *_: True)

    with later(minutes=2):
        at_once(*[shop.asking(company).work] * 12)

    assert company.asked.count("lookup") > 1


def test_negative_control_a_read_before_a_write_lets_several_be_first(shop):
    """The negative control: a guarded update has one winner, a read before a write has many."""
    payment = shop.asking(LosesAnswers(shop.company)).buy().latest_payment
    guarded = lambda: payment.move("declined", came_from=["unknown"], at=payment.created_at)  # noqa: E731

    believed = at_once(*[lambda: careless.tell_paid(payment)] * 12)
    Payment.update(state="unknown").execute()
    moved = at_once(*[guarded] * 12)

    assert sum(believed) > 1
    assert sum(moved) == 1


@pytest.mark.companies(stripe=3)
@pytest.mark.parametrize("round_", range(3))
def test_concurrent_customers_workers_and_webhooks_charge_once(shop, round_):
    """Presses, other cards, webhooks, workers and cancellations at once; run twice, as the second round meets what the first left."""
    order = shop.draft()
    setups = [shop.setup(order), shop.setup(order), shop.setup(order, Outcome.REFUSED), shop.setup(order, Outcome.ANSWER_LOST)]

    def try_to(act, *arguments):
        def run():
            with suppress(OutOfStep):
                act(*arguments)

        return run

    presses = [try_to(shop.press_ok, order, setup) for setup in setups[round_:] + setups[:round_]] * 3
    others = [try_to(send_webhook, shop, order, None), shop.work, cancel_abandoned_orders] * 3
    with later(minutes=0) as traveller:
        for minutes in (2, 26 * 60):
            at_once(*presses, *others)
            assert shop.ledger.faults(is_quiet=False) == []
            traveller.shift(minutes * 60)
        shop.work()
        if shop.states(order)[0] == "placed":
            shop.pay_again(order)

    ledger = shop.ledger.prove()
    assert ledger.taken_for(order.number) in (0, order_total(order))
    assert shop.states(order)[0] in ("paid", "cancelled")


def test_a_form_sent_while_its_order_is_placed_meanwhile_leads_to_the_order(browser, newcomer):
    steps.to_the_form(browser).tick(steps.SERVER_TERMS)
    draft = Order.get()

    def place_elsewhere(_number, name):
        if name == "before begin" and Order.get_by_id(draft.id).is_draft:
            values = {"plan": "standard", "method": "card", "total_yen": 1, "tax_yen": 0, "tax_percent": 10, "placed_at": draft.created_at}
            at_once(lambda: Order.get_by_id(draft.id).move("placed", came_from=["draft"], **values))

    with Steps(place_elsewhere):
        browser.press("お支払い方法選択へ")

    assert (browser.status, browser.url) == (200, f"/orders/{draft.number}")
    assert Order.get().is_placed


def order_total(order):
    return Order.get_by_id(order.id).total_yen


def test_keys_begin_with_the_installations_name(shop):
    assert shop.buy().latest_payment.key.startswith(f"{INSTALLATION}-o")

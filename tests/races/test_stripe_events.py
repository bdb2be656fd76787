"""Stripe's events of a payment and of a refund: before the answer, twice, in any order, an hour later, and not signed as they must be."""

import json
import threading
from itertools import permutations

import pytest
from werkzeug.test import Client

from models import Allocation, Order, Payment, Refund, WebhookEvent
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.store import database as store
from tests import sampling
from tests.fake_stripe import intents
from tests.fake_stripe.line import Hold, Trouble
from tests.gateways.test_stripe import sent
from tests.purchase import INSTALLATION, Shop, later

YEN, BACK = 13_200, 500
KINDS = ("payment_intent.succeeded", "refund.created", "charge.refunded")
pytestmark = [pytest.mark.store(postgresql=8), pytest.mark.parametrize("cards", ["stripe"], indirect=True)]


@pytest.fixture
def shop(app, catalog, books, companies):
    return Shop(catalog, books, companies.card)


@pytest.fixture
def deliver(app):
    """Sends an event as Stripe does; the status of the portal's answer."""
    client = Client(app)

    def send(event: dict, *, changed: bool = False, **signing: object) -> int:
        headers, body = sent(json.loads(json.dumps(event)), **signing)
        return client.post("/notices/card", data=body + b" " * changed, headers=headers).status_code

    return send


def until_taken(deliver, events: list[dict]) -> None:
    """Each twice in a row, and once more what the portal asks for again."""
    for _ in events:
        events = [event for event in events for _ in range(2) if deliver(event) != 200]
    assert events == []


def give_back(shop: Shop, fake, *, ours: bool) -> None:
    """By our staff, whose answer is lost; or on Stripe's own pages."""
    if not ours:
        intents.refund(fake.world, {"payment_intent": fake.world.all_of("payment_intent")[0]["id"], "amount": str(BACK)})
        return
    fake.world.troubles = [Trouble("POST /v1/refunds$", "lost")]
    begun = refunds.begin(refundable(Order.get()), BACK, shop.staff, "機器の不具合", {"card": shop.company}, INSTALLATION)
    refunds.send(begun, shop.company)
    fake.world.troubles = []


@pytest.mark.parametrize(
    "order", [*permutations(KINDS)][:: sampling.usual(6, 1)], ids=lambda kinds: " ".join(kind.partition(".")[0] for kind in kinds)
)
@pytest.mark.parametrize("is_lost", [False, True], ids=["answered", "answer lost"])
def test_events_count_once_in_whatever_order_they_come(shop, cards, deliver, order, is_lost):
    cards.fake.world.troubles = [Trouble("/confirm$", "lost")] if is_lost else []
    shop.buy()
    cards.fake.world.troubles = []
    assert Payment.get().state == ("unknown" if is_lost else "succeeded")
    give_back(shop, cards.fake, ours=not is_lost)
    events = {event["type"]: event for event in cards.fake.world.events}

    until_taken(deliver, [events[kind] for kind in order])

    assert (Payment.get().state, Order.get().state, Refund.get().state) == ("succeeded", "paid", "succeeded")
    assert sorted(row.yen for row in Allocation.select()) == [-BACK, YEN]
    shop.ledger.prove()
    with later(hours=1):
        until_taken(deliver, list(events.values()))
        shop.work()
    assert sorted(row.yen for row in Allocation.select()) == [-BACK, YEN]
    shop.ledger.prove()


def test_an_event_that_comes_before_the_answer_pays_once(shop, cards, deliver):
    hold = Hold("/confirm$", is_done=True)
    cards.fake.world.holds, told = [hold], []

    def tell() -> None:
        hold.reached.wait(30)
        told.extend(deliver(cards.fake.world.events[-1]) for _ in range(2))
        store.close()  # of this thread
        hold.goes_on.set()

    stripe = threading.Thread(target=tell)
    stripe.start()
    order = shop.buy()
    stripe.join()

    assert told == [200, 200]
    assert shop.states(order) == ("paid", ["succeeded"])
    assert len(shop.ledger.prove().allocations) == 1


@pytest.mark.parametrize(
    "wrong", [{"secret": "whsec_of_another"}, {"age": 301}, {"age": 3_600}, {"age": -(10**6)}, {"changed": True}], ids=str
)
@pytest.mark.store(postgresql=0)
def test_an_event_that_is_not_signed_as_it_must_be_changes_nothing(shop, cards, deliver, wrong):
    cards.fake.world.troubles = [Trouble("/confirm$", "lost")]
    shop.buy()

    assert deliver(cards.fake.world.events[-1], **wrong) == 400
    assert (Payment.get().state, WebhookEvent.select().count()) == ("unknown", 0)

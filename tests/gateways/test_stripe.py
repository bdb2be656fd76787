"""What is Stripe's own: its events, its idempotency keys that are forgotten after a day, and its answers in trouble."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

import pytest

from portal.gateways.answers import BadEvent, CompanyUnreachable, Declined, NotFound, Paid, Refunded, Unknown
from portal.rules.payments.declines import decline_text
from tests.fake_stripe.cards import CARDS
from tests.gateways.conftest import CUSTOMER
from tests.gateways.stripe_bench import INSTALLATION, SHOP, WEBHOOK_SECRET, StripeBench

CARD = CARDS["4242424242424242"]
KEY = f"{INSTALLATION}-o123-a1"


@pytest.fixture
def bench(fake):
    return StripeBench(fake)


def sent(event: dict, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> tuple[dict[str, str], bytes]:
    body, at = json.dumps(event).encode(), int(time.time()) - age
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={signature}"}, body


def test_a_charge_sends_the_event_of_its_result(bench):
    paid, refused = bench.take(bench.payer(), 660, KEY), bench.take(bench.refused_payer(), 660, f"{INSTALLATION}-o124-a1")
    events = [bench.stripe.parse_event(*sent(event)) for event in bench.world.events]

    assert [(event.key, event.result) for event in events] == [(KEY, paid), (f"{INSTALLATION}-o124-a1", refused)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda event: event["data"]["object"]["metadata"].update(key="osaka-1-o123-a1"), "another portal's, in the same account"),
        (lambda event: event["data"]["object"]["metadata"].clear(), "somebody else's payment"),
        (lambda event: event.update(livemode=True), "the other mode"),
        (lambda event: event.update(type="customer.created"), "nothing about money"),
    ],
)
def test_an_event_that_is_not_about_us_is_none(bench, change, why):
    bench.take(bench.payer(), 660, KEY)
    event = bench.world.events[0]
    change(event)

    assert bench.stripe.parse_event(*sent(event)) is None, why


@pytest.mark.parametrize(("secret", "age"), [("whsec_of_another", 0), (WEBHOOK_SECRET, 301), (WEBHOOK_SECRET, 10**6)])
def test_an_event_with_a_wrong_or_old_signature_is_bad(bench, secret, age):
    bench.take(bench.payer(), 660, KEY)

    with pytest.raises(BadEvent):
        bench.stripe.parse_event(*sent(bench.world.events[0], secret=secret, age=age))


SUCCEEDED, FAILED = "payment_intent.succeeded", "payment_intent.payment_failed"


def shaped(kind: str, thing: object, at: int = 1) -> dict:
    return {"livemode": False, "type": kind, "created": at, "id": "e", "data": {"object": thing}}


@pytest.mark.parametrize(
    "event",
    [[], "text", {}, {"livemode": False}, shaped(SUCCEEDED, 3), shaped(SUCCEEDED, {"id": "pi", "amount_received": 1}, 10**30),
     shaped(FAILED, {"last_payment_error": None})],
)  # fmt: skip
def test_a_signed_event_of_another_shape_is_bad_and_stops_nothing(bench, event):
    with pytest.raises(BadEvent):
        bench.stripe.parse_event(*sent(event))


def test_the_headers_name_may_be_written_in_any_case_and_a_missing_one_is_bad(bench):
    bench.take(bench.payer(), 660, KEY)
    headers, body = sent(bench.world.events[0])

    assert bench.stripe.parse_event({"STRIPE-SIGNATURE": headers["Stripe-Signature"]}, body)
    with pytest.raises(BadEvent):
        bench.stripe.parse_event({}, body)


def test_a_refund_asked_for_again_after_stripe_forgot_the_key_is_not_made_twice(bench):
    paid = bench.take(bench.payer(), 660, KEY)
    first = bench.refund(paid.reference, 200, "refund")
    bench.world.forget_keys()

    assert bench.refund(paid.reference, 200, "refund") == first
    assert len(bench.world.all_of("refund")) == 1


def test_an_attempt_that_was_confirmed_takes_nothing_when_it_is_sent_again_after_a_day(bench):
    payer = bench.payer()
    paid = bench.take(payer, 660, KEY)
    bench.world.forget_keys()

    assert bench.stripe.charge(payer, 660, paid.reference) == paid
    assert len(bench.world.all_of("charge")) == 1


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_trouble_at_stripe_is_no_answer_and_nothing_is_taken(bench, status):
    payer = bench.payer()
    bench.announce(payer, 660, KEY)
    bench.world.refuses = [status] * 5

    asked = [bench.stripe.charge(payer, 660, bench._keys[KEY]), bench.lookup(KEY), bench.close(KEY), bench.refund("pi_x", 660, "refund")]
    assert asked == [Unknown()] * 4
    with pytest.raises(CompanyUnreachable):
        bench.begin("order", "/orders/1/return", CUSTOMER)
    assert bench.lookup(KEY) == NotFound()
    assert bench.world.all_of("charge") == []


def test_an_attempt_that_stripe_never_heard_of_is_not_found_only_once_stripe_answers(bench):
    bench.world.refuses = [503]

    assert [bench.stripe.lookup(KEY), bench.stripe.lookup(KEY)] == [Unknown(), NotFound()]
    assert bench.stripe.close(KEY) == Declined("closed", retryable=True)


def test_a_card_that_wants_its_holder_is_refused_without_one(bench):
    """At an automatic charge nobody can answer 3-D Secure: the customer is asked to enter the card again."""
    declined = bench.take(bench.payer("4000 0027 6000 3184"), 660, KEY)

    assert declined == Declined("authentication_required", retryable=False)
    assert "本人認証" in decline_text(declined.code)


def test_the_page_names_the_shop_and_whose_card_it_will_be(bench):
    page = bench.begin("order", "/orders/1/return", CUSTOMER)

    words = bench.world.things[page.key]["custom_text"]["submit"]["message"]
    assert all(part in words for part in (CUSTOMER.shop, CUSTOMER.name, CUSTOMER.login))
    assert bench.world.things[page.key]["success_url"].startswith(f"{SHOP}/orders/1/return?code=")


def test_a_customer_renamed_between_two_presses_gets_a_page_with_the_new_name(bench):
    first = bench.begin("order", "/orders/1/return", CUSTOMER)
    renamed = bench.begin("order", "/orders/1/return", type(CUSTOMER)(CUSTOMER.shop, CUSTOMER.login, "見本 改"))

    assert renamed.key != first.key


def test_nothing_of_the_customer_stays_after_the_card_is_removed(bench):
    payer = bench.payer()
    bench.remove(payer)

    assert all(customer.get("deleted") for customer in bench.world.all_of("customer"))
    assert all(card["customer"] is None for card in bench.world.all_of("payment_method"))


def test_a_code_that_stripe_adds_later_is_a_refusal_that_may_be_tried_again(bench, monkeypatch):
    monkeypatch.setattr("tests.fake_stripe.cards.CARDS", {"4000000000000341": type(CARD)(charged="a_code_of_tomorrow")})

    assert bench.take(bench.refused_payer(), 660, KEY) == Declined("card_declined", retryable=True)


def test_the_moment_of_a_payment_is_that_of_its_charge(bench):
    bench.world.offset_seconds = -3600
    paid = bench.take(bench.payer(), 660, KEY)

    assert isinstance(paid, Paid)
    assert abs((datetime.now(UTC) - paid.at).total_seconds() - 3600) < 60
    assert isinstance(bench.refund(paid.reference, 660, "refund"), Refunded)

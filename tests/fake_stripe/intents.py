"""Payments and refunds."""

from datetime import UTC, datetime

from tests.fake_stripe.cards import CARDS, refuse_charge
from tests.fake_stripe.world import Refusal, Thing, World

CONFIRMABLE = ("requires_payment_method", "requires_confirmation")


def create(world: World, about: Thing) -> Thing:
    amount = int(about["amount"])
    if about["currency"] != "jpy" or amount < 50:
        raise Refusal(400, "invalid_request_error", "amount_too_small", param="amount")
    if "customer" in about:
        world.get(about["customer"], "customer", "customer")
    kept = {"customer": about.get("customer"), "metadata": about.get("metadata", {}), "amount": amount, "currency": "jpy"}
    empty = {"amount_received": 0, "latest_charge": None, "last_payment_error": None, "payment_method": None, "next_action": None}
    return world.make("payment_intent", "pi", status="requires_payment_method", **kept, **empty)


def retrieve(world: World, about: Thing, id: str) -> Thing:
    return world.get(id, "payment_intent", "id")


def confirm(world: World, about: Thing, id: str) -> Thing:
    intent = world.get(id, "payment_intent", "id")
    if intent["status"] not in CONFIRMABLE:
        raise Refusal(400, "invalid_request_error", "payment_intent_unexpected_state", payment_intent=dict(intent))
    card = world.get(about["payment_method"], "payment_method", "payment_method")
    if card["customer"] is None or card["customer"] != intent["customer"]:
        raise Refusal(400, "invalid_request_error", "payment_method_unexpected_state")
    if "return_url" in about and CARDS[card["number"]].wants_holder:
        page = {"url": f"{world.url}/3ds/{id}", "return_url": about["return_url"]}
        about = {"next_action": {"type": "redirect_to_url", "redirect_to_url": page}, "payment_method": card["id"]}
        intent |= {"status": "requires_action"} | about
        return intent
    if CARDS[card["number"]].is_silent:
        world.silent.add(f"POST /v1/payment_intents/{id}/confirm")
    _charge(world, intent, card)
    return intent


def prove(world: World, intent: Thing, *, is_holder: bool) -> str:
    """The customer has answered the bank's question on its page. Returns where the browser is sent."""
    back = intent["next_action"]["redirect_to_url"]["return_url"]
    if intent["status"] == "requires_action":
        if is_holder:
            _pay(world, intent, world.things[intent["payment_method"]])
        else:
            error = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure", "message": "x"}
            intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
            world.tell("payment_intent.payment_failed", intent)
    return f"{back}?payment_intent={intent['id']}"


def _charge(world: World, intent: Thing, card: Thing) -> None:
    now, before = datetime.fromtimestamp(world.now(), UTC), len(world.all_of("charge", payment_method=card["id"]))
    expires = (card["card"]["exp_year"], card["card"]["exp_month"])
    try:
        refuse_charge(card["number"], before, expires, (now.year, now.month), intent)
    except Refusal:
        world.tell("payment_intent.payment_failed", intent)
        raise
    _pay(world, intent, card)


def _pay(world: World, intent: Thing, card: Thing) -> None:
    paid = {"payment_intent": intent["id"], "amount": intent["amount"], "amount_refunded": 0, "refunded": False}
    charge = world.make("charge", "ch", payment_method=card["id"], metadata=intent["metadata"], **paid)
    move(world, "charge", charge, intent["amount"], intent["amount"] * 36 // 1000)
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"], "payment_method": card["id"]}
    world.tell("payment_intent.succeeded", intent)


def cancel(world: World, about: Thing, id: str) -> Thing:
    intent = world.get(id, "payment_intent", "id")
    if intent["status"] not in (*CONFIRMABLE, "requires_action"):
        raise Refusal(400, "invalid_request_error", "payment_intent_unexpected_state", payment_intent=dict(intent))
    intent |= {"status": "canceled"}
    world.tell("payment_intent.canceled", intent)
    return intent


def refunds(world: World, about: Thing) -> Thing:
    world.get(about["payment_intent"], "payment_intent", "payment_intent")
    found = world.all_of("refund", payment_intent=about["payment_intent"])
    return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}


def refund(world: World, about: Thing) -> Thing:
    """Made by the API, or (without our key) on Stripe's pages. What is disputed, or gone, is not given back."""
    intent = world.get(about["payment_intent"], "payment_intent", "payment_intent")
    charge, yen = world.things.get(intent["latest_charge"] or ""), int(about["amount"])
    if charge and charge.get("disputed"):
        raise Refusal(400, "invalid_request_error", "charge_disputed")
    if charge is None or yen > charge["amount"] - charge["amount_refunded"]:
        raise Refusal(400, "invalid_request_error", "charge_already_refunded" if charge and charge["refunded"] else "", param="amount")
    charge["amount_refunded"] += yen
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    made = world.make("refund", "re", payment_intent=intent["id"], amount=yen, status="succeeded", metadata=about.get("metadata", {}))
    move(world, "refund", made, -yen)
    world.tell("refund.created", made)
    world.tell("charge.refunded", charge)
    return made


def fail_refund(world: World, made: Thing) -> None:
    """Days later the bank does not take it: the money is on the balance again."""
    made["status"] = "failed"
    intent = world.things[made["payment_intent"]]
    charge = world.things[intent["latest_charge"]]
    charge |= {"amount_refunded": charge["amount_refunded"] - made["amount"], "refunded": False}
    move(world, "refund_failure", made, made["amount"])
    world.tell("refund.failed", made)


def move(world: World, kind: str, source: Thing, yen: int, fee: int = 0) -> None:
    about = {"source": source["id"], "amount": yen, "fee": fee, "net": yen - fee, "payout": None}
    world.make("balance_transaction", "txn", type=kind, currency="jpy", **about)

"""Customers, and their visits to the page where a card is entered."""

import re

from tests.fake_stripe.world import Refusal, Thing, World


def new_customer(world: World, about: Thing) -> Thing:
    return world.make("customer", "cus", name=about.get("name"), metadata=about.get("metadata", {}))


def search_customers(world: World, about: Thing) -> Thing:
    """By one field of the metadata, the only query that the portal makes. Those that were deleted are not found."""
    name, value = re.fullmatch(r"metadata\['(\w+)'\]:'([^']*)'", about["query"]).groups()
    found = [each for each in world.all_of("customer") if each["metadata"].get(name) == value and not each.get("deleted")]
    return {"object": "search_result", "data": [dict(each) for each in found], "has_more": False, "url": "/v1/customers/search"}


def delete_customer(world: World, about: Thing, id: str) -> Thing:
    customer = world.get(id, "customer", "id")
    customer["deleted"] = True
    for card in world.all_of("payment_method", customer=id):
        card["customer"] = None
    return {"id": id, "object": "customer", "deleted": True}


def new_session(world: World, about: Thing) -> Thing:
    if about.get("mode") != "setup" or not about.get("success_url", "").startswith("http"):
        raise Refusal(400, "invalid_request_error", "parameter_invalid", param="success_url")
    world.get(about["customer"], "customer", "customer")
    kept = {name: about.get(name) for name in ("mode", "customer", "client_reference_id", "success_url", "cancel_url", "custom_text")}
    intent = world.make("setup_intent", "seti", status="requires_payment_method", payment_method=None, customer=about["customer"])
    session = world.make("checkout.session", "cs_test", status="open", setup_intent=intent["id"], **kept)
    session["url"] = f"{world.url}/c/pay/{session['id']}"
    return session


def session(world: World, about: Thing, id: str) -> Thing:
    return world.get(id, "checkout.session", "id")


def expire(world: World, about: Thing, id: str) -> Thing:
    found = world.get(id, "checkout.session", "id")
    if found["status"] != "open":
        raise Refusal(400, "invalid_request_error", "", message="Only Checkout Sessions with a status in [open] can be expired.")
    found |= {"status": "expired", "url": None}
    return found


def enter(world: World, session: Thing, number: str, expires: tuple[int, int]) -> None:
    """The customer has typed a card, and the bank is content with it."""
    year, month = expires
    card = {"brand": "visa", "last4": number[-4:], "exp_month": month, "exp_year": year}
    stored = world.make("payment_method", "pm", type="card", card=card, customer=session["customer"], number=number)
    world.things[session["setup_intent"]] |= {"status": "succeeded", "payment_method": stored["id"]}
    session |= {"status": "complete", "url": None}

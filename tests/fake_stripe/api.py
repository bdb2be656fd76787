"""The HTTP of it: the form's fields, keys, idempotency, expansion, and the addresses."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.fake_stripe import backdoor, balance, intents, pages, visits
from tests.fake_stripe.world import Refusal, Thing, World

ROUTES: dict[tuple[str, str], Callable[..., Thing]] = {
    ("POST", "/v1/customers"): visits.new_customer,
    ("GET", "/v1/customers/search"): visits.search_customers,
    ("DELETE", "/v1/customers/<id>"): visits.delete_customer,
    ("POST", "/v1/checkout/sessions"): visits.new_session,
    ("GET", "/v1/checkout/sessions/<id>"): visits.session,
    ("POST", "/v1/checkout/sessions/<id>/expire"): visits.expire,
    ("POST", "/v1/payment_intents"): intents.create,
    ("GET", "/v1/payment_intents/<id>"): intents.retrieve,
    ("POST", "/v1/payment_intents/<id>/confirm"): intents.confirm,
    ("POST", "/v1/payment_intents/<id>/cancel"): intents.cancel,
    ("GET", "/v1/refunds"): intents.refunds,
    ("POST", "/v1/refunds"): intents.refund,
    ("GET", "/v1/balance_transactions"): balance.balance_transactions,
    ("GET", "/v1/payouts"): balance.payouts,
    ("GET", "/v1/balance"): lambda world, about: {"object": "balance", "available": [], "pending": [], "livemode": False},
}


def create_api(world: World) -> Flask:
    app = Flask("tests.fake_stripe")
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a ConnectionError reaches the server, which then breaks the line
    for (verb, path), act in ROUTES.items():
        app.add_url_rule(path, f"{verb} {path}", _view(world, act), methods=[verb])
    pages.add_pages(app, world)
    backdoor.add_backdoor(app, world)
    return app


def _view(world: World, act: Callable[..., Thing]) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        asked = f"{request.method} {request.path}"
        world.asked.append(asked)
        try:
            world.arrives(asked)
            if not request.authorization and "Bearer sk_test_" not in request.headers.get("Authorization", ""):
                raise Refusal(401, "invalid_request_error", "api_key_expired")
            status, body = _answer(world, act, ids)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        world.leaves(asked)
        if asked in world.silent:
            raise ConnectionAbortedError("the answer is lost")
        answer = jsonify(body)
        answer.status_code = status
        answer.headers["Stripe-Should-Retry"] = "false"
        return answer

    return view


def _answer(world: World, act: Callable[..., Thing], ids: dict[str, str]) -> tuple[int, Thing]:
    """What was answered under this idempotency key, refusals too; else the work is done."""
    about = _nested(request.values.items(multi=True))
    key, said = request.headers.get("Idempotency-Key", ""), f"{request.path} {sorted(request.values.items(multi=True))}"
    with world.lock:
        if request.method == "POST" and key in world.kept:
            before, status, body = world.kept[key]
            if before != said:
                raise Refusal(400, "idempotency_error", "")
            return status, body
        try:
            status, body = 200, _expanded(world, dict(act(world, about, **ids)), about)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        if request.method == "POST" and key:
            world.kept[key] = (said, status, body)
        return status, body


def _nested(fields: Any) -> Thing:
    """`metadata[key]=1&expand[0]=x` as Stripe reads it."""
    found: Thing = {}
    for name, value in fields:
        head, *rest = re.findall(r"[^\[\]]+", name)
        here = found
        for part in rest:
            here, head = here.setdefault(head, {}), part
        here[head] = value
    return found


def _expanded(world: World, thing: Thing, about: Thing) -> Thing:
    for path in about.get("expand", {}).values() if thing["object"] not in ("list", "search_result") else ():
        here = thing
        for name in path.split("."):
            if isinstance(here.get(name), str):
                here[name] = dict(world.things[here[name]])
            here = here.get(name) or {}
    return thing

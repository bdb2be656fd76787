"""Webhooks of Stripe: the signature first, over the raw body, then what it says of an attempt."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import stripe

from portal.gateways.answers import BadEvent, CompanyEvent, Declined, Paid
from portal.gateways.card import CardUpdated
from portal.gateways.card.stripe.declines import declined
from portal.gateways.card.stripe.setups import stored_card

HEADER = "stripe-signature"
WINDOW_SECONDS = 300


def parse_event(headers: Mapping[str, str], body: bytes, secret: str, *, is_live: bool) -> CompanyEvent | CardUpdated | None:
    """None for what says nothing of an attempt or a card, or belongs to the other mode (test or live). Raises BadEvent."""
    data = _signed(headers, body, secret)
    try:
        if data["livemode"] is not is_live:
            return None
        thing = data["data"]["object"]
        if data["type"] == "payment_method.automatically_updated":
            return CardUpdated(data["id"], stored_card(thing["customer"], thing["id"], thing["card"])) if thing["customer"] else None
        result = _result(data["type"], thing, data["created"])
        key = thing["metadata"].get("key") if result else None
        return CompanyEvent(data["id"], key, result) if key else None
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        raise BadEvent("not the shape of an event") from error


def _signed(headers: Mapping[str, str], body: bytes, secret: str) -> dict:
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    try:
        stripe.WebhookSignature.verify_header(body.decode(), given, secret, WINDOW_SECONDS)
        data = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError, RecursionError) as error:
        raise BadEvent("wrong signature, too old, or no JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("no object")
    return data


def _result(kind: str, intent: dict, at: int) -> Paid | Declined | None:
    if kind == "payment_intent.succeeded":
        return Paid(intent["id"], intent["amount_received"], datetime.fromtimestamp(at, UTC))
    if kind == "payment_intent.payment_failed":
        return declined(stripe.ErrorObject.construct_from(intent["last_payment_error"], None))
    return None

"""Webhooks of Stripe: the signature first, over the raw body, then what it says of an attempt."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import stripe

from portal.gateways.answers import BadEvent, CompanyEvent, Declined, DisputeReported, Paid, RefundReported
from portal.gateways.card import CardEvent, CardUpdated, DisputeState
from portal.gateways.card.stripe.declines import declined
from portal.gateways.card.stripe.setups import stored_card

HEADER = "stripe-signature"
WINDOW_SECONDS = 300
RETURNED, NOT_RETURNED = ("succeeded",), ("failed", "canceled")
DISPUTES = {
    "warning_needs_response": DisputeState.INQUIRY,
    "warning_under_review": DisputeState.INQUIRY,
    "warning_closed": DisputeState.WON,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}  # every other status, also one that is new: open, so that staff see it
ASKS_FOR_EVIDENCE = ("warning_needs_response", "needs_response")


def parse_event(headers: Mapping[str, str], body: bytes, secret: str, *, is_live: bool) -> CardEvent | None:
    """None for what says nothing of money or a card, or belongs to the other mode (test or live). Raises BadEvent."""
    data = _signed(headers, body, secret)
    try:
        if data["livemode"] is not is_live:
            return None
        thing = data["data"]["object"]
        read = next((read for beginning, read in READERS.items() if data["type"].startswith(beginning)), None)
        return read(data, thing) if read else None
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        raise BadEvent("not the shape of an event") from error


def _signed(headers: Mapping[str, str], body: bytes, secret: str) -> dict:
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    try:
        stripe.WebhookSignature.verify_header(body.decode(), given, secret, WINDOW_SECONDS)
        if _signed_at(given) > time.time() + WINDOW_SECONDS:  # the SDK refuses only what is too old
            raise BadEvent("signed in the future")
        data = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError, RecursionError) as error:
        raise BadEvent("wrong signature, too old, or no JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("no object")
    return data


def _signed_at(given: str) -> int:
    """Of a header that the SDK could read: `t=1795978220,v1=…`."""
    return int(next(part[2:] for part in given.split(",") if part.startswith("t=")))


def _payment(data: dict, intent: dict) -> CompanyEvent | None:
    result = _result(data["type"], intent, data["created"])
    key = intent["metadata"].get("key") if result else None
    return CompanyEvent(data["id"], key, result) if key else None


def _card(data: dict, method: dict) -> CardUpdated | None:
    return CardUpdated(data["id"], stored_card(method["customer"], method["id"], method["card"])) if method["customer"] else None


def _refund(data: dict, refund: dict) -> RefundReported | None:
    """Nothing yet while it is pending. `charge.refunded` names no refund, and each refund has an event of its own."""
    if not refund["payment_intent"] or refund["status"] not in (*RETURNED, *NOT_RETURNED):
        return None
    key, at = (refund["metadata"] or {}).get("key", ""), datetime.fromtimestamp(refund["created"], UTC)
    about = (key, refund["id"], refund["payment_intent"], refund["amount"], at)
    return RefundReported(data["id"], *about, is_returned=refund["status"] in RETURNED)


def _dispute(data: dict, dispute: dict) -> DisputeReported | None:
    if not dispute["payment_intent"]:
        return None
    status, due_by = dispute["status"], dispute["evidence_details"]["due_by"]
    respond_by = datetime.fromtimestamp(due_by, UTC) if due_by and status in ASKS_FOR_EVIDENCE else None
    about = (dispute["id"], dispute["payment_intent"], dispute["amount"], DISPUTES.get(status, DisputeState.OPEN), dispute["reason"])
    return DisputeReported(data["id"], *about, respond_by, datetime.fromtimestamp(data["created"], UTC))


READERS = {
    "payment_intent.": _payment,
    "payment_method.automatically_updated": _card,
    "refund.": _refund,
    "charge.dispute.": _dispute,
}


def _result(kind: str, intent: dict, at: int) -> Paid | Declined | None:
    if kind == "payment_intent.succeeded":
        return Paid(intent["id"], intent["amount_received"], datetime.fromtimestamp(at, UTC))
    if kind == "payment_intent.payment_failed":
        return declined(stripe.ErrorObject.construct_from(intent["last_payment_error"], None))
    return None

"""What a PaymentIntent says of an attempt."""

from datetime import UTC, datetime

import stripe

from portal.gateways.answers import Declined, Paid, Unknown
from portal.gateways.card.stripe.declines import declined

CLOSED = Declined("closed", retryable=True)
REFUNDED = Declined("refunded", retryable=False)


def result_of(intent: stripe.PaymentIntent) -> Paid | Declined | Unknown | None:
    """`intent` with its latest charge. None if nobody has confirmed it yet.

    Unknown while Stripe or the bank works on it. A refused one waits for another card there; with us the next try is another attempt.
    """
    if intent.status == "succeeded":
        charge = intent.latest_charge
        return REFUNDED if charge.refunded else Paid(intent.id, intent.amount_received, datetime.fromtimestamp(charge.created, UTC))
    if intent.last_payment_error:
        return declined(intent.last_payment_error)
    if intent.status == "canceled":
        return CLOSED
    if intent.status in ("processing", "requires_action", "requires_capture"):
        return Unknown()
    return None


def is_missing(error: stripe.InvalidRequestError) -> bool:
    return error.code == "resource_missing"

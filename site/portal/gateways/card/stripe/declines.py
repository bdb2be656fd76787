"""Stripe's decline codes, as our own: what the customer reads (rules/payments/declines.py), and whether another try can succeed.

Of a card that was lost or stolen, or is thought to be used by somebody else, the holder is told no more than that it was refused: so
Stripe asks of its users. `retryable`: an automatic charge may try once more on the next charge day. The codes are those of
docs.stripe.com/declines/codes (October 2026), and the error codes that stand for a refused card.
"""

import stripe

from portal.gateways.answers import Declined

GENERAL = "card_declined"
REMOVED = Declined("card_removed", retryable=False)

_SOFT = {code: Declined(code, retryable=True) for code in (GENERAL, "insufficient_funds", "card_limit", "try_again")}
_HARD = {
    code: Declined(code, retryable=False)
    for code in ("expired_card", "incorrect_card", "card_not_supported", "authentication_required", "charges_stopped")
}
_REFUSED_FOR_GOOD = Declined(GENERAL, retryable=False)

DECLINES = {
    "approve_with_id": _SOFT[GENERAL],
    "authentication_not_handled": _HARD["authentication_required"],
    "authentication_required": _HARD["authentication_required"],
    "authentication_failure": _HARD["authentication_required"],
    "call_issuer": _SOFT[GENERAL],
    "card_declined": _SOFT[GENERAL],
    "card_not_supported": _HARD["card_not_supported"],
    "card_velocity_exceeded": _SOFT["card_limit"],
    "currency_not_supported": _HARD["card_not_supported"],
    "do_not_honor": _SOFT[GENERAL],
    "do_not_try_again": _REFUSED_FOR_GOOD,
    "duplicate_transaction": _SOFT[GENERAL],
    "expired_card": _HARD["expired_card"],
    "fraudulent": _REFUSED_FOR_GOOD,
    "generic_decline": _SOFT[GENERAL],
    "highest_risk_level": _REFUSED_FOR_GOOD,
    "incorrect_address": _HARD["incorrect_card"],
    "incorrect_cvc": _HARD["incorrect_card"],
    "incorrect_number": _HARD["incorrect_card"],
    "incorrect_pin": _HARD["incorrect_card"],
    "incorrect_zip": _HARD["incorrect_card"],
    "insufficient_funds": _SOFT["insufficient_funds"],
    "invalid_account": _HARD["incorrect_card"],
    "invalid_amount": _SOFT["card_limit"],
    "invalid_cvc": _HARD["incorrect_card"],
    "invalid_expiry_month": _HARD["incorrect_card"],
    "invalid_expiry_year": _HARD["incorrect_card"],
    "invalid_number": _HARD["incorrect_card"],
    "invalid_pin": _HARD["incorrect_card"],
    "issuer_not_available": _SOFT["try_again"],
    "live_mode_test_card": _HARD["card_not_supported"],
    "lost_card": _REFUSED_FOR_GOOD,
    "mandate_required": _HARD["authentication_required"],
    "merchant_blacklist": _REFUSED_FOR_GOOD,
    "mobile_device_authentication_required": _HARD["authentication_required"],
    "new_account_information_available": _HARD["expired_card"],
    "no_action_taken": _SOFT[GENERAL],
    "not_permitted": _HARD["card_not_supported"],
    "offline_pin_required": _HARD["authentication_required"],
    "online_or_offline_pin_required": _HARD["authentication_required"],
    "payment_intent_authentication_failure": _HARD["authentication_required"],
    "pickup_card": _REFUSED_FOR_GOOD,
    "pin_try_exceeded": _REFUSED_FOR_GOOD,
    "processing_error": _SOFT["try_again"],
    "reenter_transaction": _SOFT["try_again"],
    "restricted_card": _REFUSED_FOR_GOOD,
    "revocation_of_all_authorizations": _HARD["charges_stopped"],
    "revocation_of_authorization": _HARD["charges_stopped"],
    "security_violation": _SOFT[GENERAL],
    "service_not_allowed": _HARD["card_not_supported"],
    "stolen_card": _REFUSED_FOR_GOOD,
    "stop_payment_order": _HARD["charges_stopped"],
    "testmode_decline": _HARD["card_not_supported"],
    "transaction_not_allowed": _HARD["card_not_supported"],
    "try_again_later": _SOFT["try_again"],
    "withdrawal_count_limit_exceeded": _SOFT["card_limit"],
}


ANOTHER_CARD = frozenset({"do_not_try_again", "confirm_card_data"})  # Stripe's advice_code (docs.stripe.com/declines/card)
NETWORK_SAYS_NO = frozenset({"03", "21"})  # Mastercard: never again, or the holder has cancelled (docs.stripe.com/declines/network-codes)


def declined(error: stripe.ErrorObject) -> Declined:
    """By the bank's code, else Stripe's own. A code that Stripe adds later is a refusal that may be tried again on the next charge day.

    Advice can only make it stricter: what the network forbids to try again is never tried again with this card.
    """
    codes = (getattr(error, name, None) for name in ("decline_code", "code"))
    found = next((DECLINES[code] for code in codes if code in DECLINES), _SOFT[GENERAL])
    return Declined(found.code, retryable=False) if _is_advised_against(error) else found


def _is_advised_against(error: stripe.ErrorObject) -> bool:
    return getattr(error, "advice_code", None) in ANOTHER_CARD or getattr(error, "network_advice_code", None) in NETWORK_SAYS_NO

"""Every decline code that Stripe publishes: our code, whether it is tried again, what the customer reads, and that the document says so."""

from collections import defaultdict
from pathlib import Path

import pytest
import stripe

from portal.gateways.answers import Declined
from portal.gateways.card.stripe.declines import DECLINES, declined
from portal.rules.payments.declines import decline_text, short_reason

DOCUMENT = Path(__file__).parents[2] / "docs" / "stripe.md"
NOTHING_TAKEN = "お金は引き落とされていません。"
PUBLISHED = """
authentication_required authentication_not_handled approve_with_id call_issuer card_not_supported card_velocity_exceeded
currency_not_supported do_not_honor do_not_try_again duplicate_transaction expired_card fraudulent generic_decline incorrect_address
incorrect_cvc incorrect_number incorrect_pin incorrect_zip insufficient_funds invalid_account invalid_amount invalid_cvc
invalid_expiry_month invalid_expiry_year invalid_number invalid_pin issuer_not_available lost_card merchant_blacklist
new_account_information_available no_action_taken not_permitted offline_pin_required online_or_offline_pin_required pickup_card
pin_try_exceeded processing_error reenter_transaction restricted_card revocation_of_all_authorizations revocation_of_authorization
security_violation service_not_allowed stolen_card stop_payment_order testmode_decline transaction_not_allowed try_again_later
withdrawal_count_limit_exceeded mobile_device_authentication_required
""".split()  # noqa: SIM905 (docs.stripe.com/declines/codes, as of October 2026)
SECRET = {"fraudulent", "lost_card", "merchant_blacklist", "pickup_card", "restricted_card", "stolen_card"}
UNKNOWN = declined(stripe.ErrorObject.construct_from({"decline_code": "a_code_of_tomorrow"}, None))


def said(**error: str | None) -> Declined:
    return declined(stripe.ErrorObject.construct_from(error, None))


def test_every_published_code_is_in_the_table_and_has_words() -> None:
    assert [code for code in PUBLISHED if code not in DECLINES] == []
    for code in DECLINES:
        found = said(decline_code=code, code="card_declined")
        assert decline_text(found.code).endswith(NOTHING_TAKEN), code
        assert short_reason(found.code) != "受け付けられなかった", code


def test_the_holder_of_a_card_that_was_lost_or_stolen_reads_general_words() -> None:
    assert {said(decline_code=code) for code in SECRET} == {Declined("card_declined", retryable=False)}


@pytest.mark.parametrize("error", [{"decline_code": "a_code_of_tomorrow", "code": "card_declined"}, {"code": "new_error"}, {}])
def test_a_code_that_is_new_is_a_refusal_that_may_be_tried_again(error: dict) -> None:
    assert said(**error) == Declined("card_declined", retryable=True)


def test_the_bank_s_code_counts_before_stripe_s_own() -> None:
    assert said(decline_code="insufficient_funds", code="card_declined").code == "insufficient_funds"
    assert said(decline_code=None, code="expired_card").code == "expired_card"


@pytest.mark.parametrize(
    ("advice", "is_retryable"),
    [
        ({}, True),
        ({"advice_code": "try_again_later"}, True),
        ({"advice_code": "do_not_try_again"}, False),
        ({"advice_code": "confirm_card_data"}, False),
        ({"network_advice_code": "02"}, True),
        ({"network_advice_code": "03"}, False),
        ({"network_advice_code": "21"}, False),
    ],
)
def test_what_the_network_forbids_is_not_tried_again(advice: dict[str, str], is_retryable: bool) -> None:
    assert said(decline_code="do_not_honor", **advice) == Declined("card_declined", is_retryable)


def test_advice_never_makes_a_refusal_for_good_one_that_is_tried_again() -> None:
    assert not said(decline_code="stolen_card", advice_code="try_again_later").retryable


def test_the_document_has_the_whole_table() -> None:
    rows = defaultdict(list)
    for code in sorted(DECLINES):
        rows[DECLINES[code]].append(f"`{code}`")
    document = DOCUMENT.read_text()
    for found, codes in rows.items():
        assert line(found, ", ".join(codes)) in document
    assert line(UNKNOWN, "every other code") in document


def line(found: Declined, codes: str) -> str:
    again = "yes" if found.retryable else "no"
    return f"| {codes} | {short_reason(found.code)} | {again} | {decline_text(found.code).removesuffix(NOTHING_TAKEN)} |"

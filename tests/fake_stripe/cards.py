"""Stripe's published test cards, as far as a test types them: what the bank says at the entry and at each charge."""

from dataclasses import dataclass

from tests.fake_stripe.world import Refusal


@dataclass(frozen=True)
class TestCard:
    """`asks`: 3-D Secure is asked for at the entry. `charged`: the decline code of every charge; `later`: of every charge but the first.

    `is_silent`: it is charged, and no answer to its confirmation ever arrives.
    """

    asks: bool = False
    charged: str = ""
    later: str = ""
    is_silent: bool = False

    @property
    def wants_holder(self) -> bool:
        """Every charge, not the entry alone, wants the holder's word."""
        return self.charged == "authentication_required"


CARDS = {
    "4242424242424242": TestCard(),
    "4000000000003220": TestCard(asks=True),
    "4000000000000341": TestCard(charged="generic_decline"),
    "4000000000000069": TestCard(charged="expired_card"),
    "4000002760003184": TestCard(asks=True, charged="authentication_required"),
    "4000000000009995": TestCard(later="insufficient_funds"),
    "9999000000000000": TestCard(is_silent=True),  # not one of Stripe's: the line breaks
}


def refuse_charge(number: str, charges: int, expires: tuple[int, int], today: tuple[int, int], intent: dict) -> None:
    card = CARDS[number]
    code = "expired_card" if expires < today else card.charged or (card.later if charges else "")
    if code:
        own = code if code in ("expired_card", "authentication_required") else "card_declined"
        error = {"type": "card_error", "code": own, "decline_code": code, "message": code}
        intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
        raise Refusal(402, "card_error", own, decline_code=code, payment_intent=dict(intent))

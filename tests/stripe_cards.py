"""Stripe in the sandbox's place, for whatever a test does with a `Shop`: a card that behaves like this, and what Stripe took."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
import stripe

from portal.gateways.card import CardCompany
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests.cards import BROWSER, Outage, Row
from tests.fake_stripe import FakeStripe, fake_stripe
from tests.fake_stripe.backdoor import RemoteStripe
from tests.fake_stripe.line import Trouble
from tests.gateways.stripe_bench import SHOP, stripe_company

INSTALLATION = "test"
A_DAY = 86_400
NUMBERS = {
    Outcome.PAYS: "4242424242424242",
    Outcome.ASKS_THEN_PAYS: "4000000000003220",
    Outcome.REFUSED: "4000000000000341",
    Outcome.EXPIRED: "4000000000000069",
    Outcome.ANSWER_LOST: "9999000000000000",
    Outcome.PAYS_ONCE: "4000000000009995",
}


CHARGES = "/confirm$"
TROUBLES = {
    Outage.NONE: (),
    Outage.LOSES_ANSWERS: ((CHARGES, "lost"),),
    Outage.LOSES_EVERYTHING: (("/payment_intents/pi_", "lost"),),
    Outage.NEVER_REACHED: ((CHARGES, "dropped"),),
}


class StripeCards:
    fails_itself = True

    def __init__(self, fake: FakeStripe | RemoteStripe) -> None:
        self.fake = fake
        self._company = stripe_company(fake, INSTALLATION)

    def books(self, path: Path) -> Books:
        return StripeBooks(path, self)

    def company(self, _secret: str = "") -> CardCompany:
        return self._company

    def enter(self, address: str, card: StoredCard, _browser: str = BROWSER) -> str:
        typed = {"number": NUMBERS[card.outcome], "expiry": f"{card.expires:%m/%y}"}
        answer = requests.post(address, typed, allow_redirects=False, timeout=30)
        if answer.headers.get("Location", "").endswith("/3ds"):
            answer = requests.post(f"{address}/3ds", {"ok": "1"}, allow_redirects=False, timeout=30)
        back = answer.headers["Location"]
        assert back.startswith(SHOP), back
        return parse_qs(urlsplit(back).query)["code"][0]

    def tokens(self) -> list[str]:
        """A card is of the customer of its visit, also after that was deleted."""
        owners = {intent["payment_method"]: intent["customer"] for intent in self.fake.world.all_of("setup_intent")}
        return [f"{owner}/{card}" for card, owner in owners.items() if card]

    def become(self, token: str, outcome: Outcome) -> None:
        self.fake.world.change(token.partition("/")[2], number=NUMBERS[outcome])

    def remove(self, token: str) -> None:
        customer, _, card = token.partition("/")
        self.fake.world.change(customer, deleted=True)
        self.fake.world.change(card, customer=None)

    def rows(self, _connection: sqlite3.Connection) -> tuple[list[Row], list[Row]]:
        """A PaymentIntent that nobody confirmed took nothing, and is no charge."""
        world = self.fake.world
        intents = {intent["id"]: intent for intent in world.all_of("payment_intent")}
        charges = [_charge(intents[each["payment_intent"]], each) for each in world.all_of("charge")]
        refused = [_refusal(intent) for intent in intents.values() if intent["last_payment_error"]]
        return charges + refused, [_refund(each) for each in world.all_of("refund") if each["status"] == "succeeded"]

    def suffer(self, outage: Outage) -> None:
        self.fake.world.set(troubles=[Trouble(path, how) for path, how in TROUBLES[outage]])

    def apart(self) -> AbstractContextManager[None]:
        return self.fake.world.apart()

    @property
    def pages(self) -> str:
        return self.fake.url

    def turn(self, days: int) -> None:
        self.fake.world.set(offset_seconds=days * A_DAY)


def _charge(intent: Row, charge: Row) -> Row:
    about = {"reference": intent["id"], "yen": charge["amount"], "state": "refunded" if charge["refunded"] else "paid"}
    return {"key": intent["metadata"]["key"], "at": charge["created"]} | about


def _refusal(intent: Row) -> Row:
    about = {"reference": intent["id"], "yen": intent["amount"], "state": "refused"}
    return {"key": intent["metadata"]["key"], "at": intent["created"]} | about


def _refund(refund: Row) -> Row:
    about = {"reference": refund["payment_intent"], "yen": refund["amount"]}
    return {"key": refund["metadata"].get("key", refund["id"]), "at": refund["created"]} | about


class StripeBooks(Books):
    """The books of the sandbox's wallets and its clock, beside Stripe for the cards."""

    def __init__(self, path: Path, cards: StripeCards) -> None:
        self.cards = cards
        super().__init__(path)

    def set_offset_days(self, days: int) -> None:
        super().set_offset_days(days)
        self.cards.turn(days)


@contextmanager
def stripe_cards() -> Iterator[StripeCards]:
    """At a Stripe of its own. The SDK does not wait before it repeats a request."""
    waits = stripe.HTTPClient.INITIAL_DELAY
    stripe.HTTPClient.INITIAL_DELAY = 0
    with fake_stripe() as fake:
        yield StripeCards(fake)
    stripe.HTTPClient.INITIAL_DELAY = waits

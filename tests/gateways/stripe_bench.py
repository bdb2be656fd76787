"""How the contract tests act with Stripe: as the portal does, which keeps the keys that Stripe gives."""

import re

import requests

from portal.gateways.answers import Declined, Paid, Unknown
from portal.gateways.card.stripe import StripeCardCompany
from tests.fake_stripe import FakeStripe

SHOP = "https://portal.example.jp"
WEBHOOK_SECRET = "whsec_" + "4f9a1c7be2d8" * 3
INSTALLATION = "tokyo-1"


def stripe_company(fake: FakeStripe, installation_id: str = INSTALLATION, public_url: str = SHOP) -> StripeCardCompany:
    about = {"webhook_secret": WEBHOOK_SECRET, "secret": "the portal's own", "installation_id": installation_id, "public_url": public_url}
    return StripeCardCompany("sk_test_4f9a1c7be2d8", **about, api=fake.url)


class StripeBench:
    name = "stripe"
    removed = "card_removed"

    def __init__(self, fake: FakeStripe) -> None:
        self.stripe, self.world = stripe_company(fake), fake.world
        self.company = self
        self._keys: dict[str, str] = {}
        self.refund, self.remove = self.stripe.refund, self.stripe.detach

    def begin(self, reference, return_url, customer):
        page = self.stripe.begin_setup(reference, return_url, customer)
        self._keys[reference] = page.key
        return page

    def finish(self, reference, code):
        return self.stripe.finish_setup(self._keys.get(reference, reference), code)

    def end(self, reference) -> None:
        self.stripe.end_setup(self._keys.get(reference, reference))

    def customer_finishes(self, page, browser: str, number: str = "4242 4242 4242 4242", expiry: str = "12/98") -> str:
        """The code with which the browser is sent back; "" if it stays at Stripe."""
        return self.customer_types(page, browser, number, expiry) or self.customer_is_authenticated(page)

    def customer_types(self, page, browser: str, number: str, expiry: str = "12/98") -> str:
        return self._post(page.url, {"number": number, "expiry": expiry})

    def customer_is_authenticated(self, page) -> str:
        return self._post(f"{page.url}/3ds", {"ok": "1"}) if "typed" in self.world.things[page.key] else ""

    def _post(self, address: str, fields: dict[str, str]) -> str:
        answer = requests.post(address, fields, allow_redirects=False, timeout=30)
        back = re.fullmatch(rf"{SHOP}/orders/1/return\?code=([0-9a-f]{{64}})", answer.headers.get("Location", ""))
        return back[1] if back else ""

    def fails(self, page) -> str:
        """The visit ends without a card. Returns the reason."""
        with self.world.lock:
            self.world.things[page.key]["status"] = "expired"
        return "expired"

    def payer(self, number: str = "4242 4242 4242 4242") -> str:
        from tests.gateways.conftest import CUSTOMER

        reference = f"reference-{len(self._keys)}"
        page = self.begin(reference, "/orders/1/return", CUSTOMER)
        return self.finish(reference, self.customer_finishes(page, "B", number)).token

    def refused_payer(self) -> str:
        return self.payer("4000 0000 0000 0341")

    def silent_payer(self) -> str:
        """The answers to all charges are lost, and that to the first refund, with the repeats of the SDK."""
        self.world.loses = {"/confirm$": 100, "/v1/refunds$": 2}
        return self.payer()

    def take(self, token, yen, key) -> Paid | Declined | Unknown:
        self.announce(token, yen, key)
        return self.stripe.charge(token, yen, self._keys[key])

    def announce(self, token, yen, key) -> None:
        self._keys[key] = self.stripe.prepare(token, yen, key)

    def lookup(self, key):
        return self.stripe.lookup(self._keys.get(key, key))

    def close(self, key):
        return self.stripe.close(self._keys.get(key, key))

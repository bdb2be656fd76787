"""Stripe as the card company: cards are entered on Stripe's own page, and charged later without the customer.

Only what is configured loads the SDK (extra `stripe`). docs/stripe.md says what was taken from Stripe's documentation, and where.
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime

import stripe

from portal.gateways.answers import KeyReused, Movement, NotFound, Refunded, Remittance
from portal.gateways.card import Card, CardEvent, CompanyEvent, Customer, Declined, Failed, Page, Paid, Pending, Unknown
from portal.gateways.card.stripe import setups
from portal.gateways.card.stripe.connection import client_for, reachable, unknown_if_unreachable
from portal.gateways.card.stripe.declines import REMOVED
from portal.gateways.card.stripe.events import parse_event
from portal.gateways.card.stripe.movements import movements
from portal.gateways.card.stripe.remittances import remittances
from portal.gateways.card.stripe.results import CLOSED, is_missing, result_of
from portal.gateways.checks import check_address, check_key, check_yen
from portal.runtime.settings import Settings

NAME, CURRENCY = "stripe", "jpy"
PAGES = "https://checkout.stripe.com"
NOT_REFUNDABLE = Declined("not_refundable", retryable=False)
ALWAYS_ASKS = {"payment_method_options": {"card": {"request_three_d_secure": "any"}}}
WITH_CHARGE = {"expand": ["latest_charge"]}


class StripeCardCompany:
    """`secret` proves to the portal that a browser came back from Stripe; `webhook_secret` is Stripe's (whsec_…).

    The key of an attempt at Stripe is the id of its PaymentIntent: it is made without a card, and only its confirmation takes money. A
    token is the customer's and the card's id at Stripe: `cus_…/pm_…`. Each visit has a customer of its own there.
    """

    name = NAME

    def __init__(
        self, key: str, *, webhook_secret: str, secret: str, installation_id: str, public_url: str, api: str | None = None
    ) -> None:
        self._stripe = client_for(key, api)
        self.origin = api or PAGES
        self._is_live = "_live_" in key
        self._webhook_secret, self._secret = webhook_secret, secret.encode()
        self._installation_id, self._public_url = installation_id, public_url

    def begin_setup(self, reference: str, return_url: str, customer: Customer) -> Page:
        check_address(return_url)
        with reachable():
            return setups.begin(self._stripe, reference, self._back(return_url), self._code(reference), customer)

    def finish_setup(self, key: str, code: str) -> Card | Pending | Failed:
        with reachable():
            return setups.result(
                self._stripe, key, lambda reference: hmac.compare_digest(code.encode(errors="replace"), self._code(reference).encode())
            )

    def end_setup(self, key: str) -> None:
        with reachable():
            setups.end(self._stripe, key)

    def prepare(self, token: str, yen: int, key: str) -> str:
        check_yen(yen)
        check_key(key)
        customer, _, card = token.partition("/")
        about = {"amount": yen, "currency": CURRENCY, "payment_method_types": ["card"], "metadata": {"key": key, "card": card}}
        options = {"idempotency_key": f"{key}-prepare"}
        try:
            with reachable():
                return self._stripe.v1.payment_intents.create(about | {"customer": customer}, options).id
        except stripe.IdempotencyError as error:
            raise KeyReused(key) from error
        except stripe.InvalidRequestError as error:
            if not is_missing(error):
                raise
            return self._without_customer(about, f"{key}-removed")

    def _without_customer(self, about: dict, key: str) -> str:
        """The card's customer was deleted at Stripe. The attempt gets a key all the same, and its charge says that the card is gone."""
        with reachable():
            return self._stripe.v1.payment_intents.create(about, {"idempotency_key": key}).id

    @unknown_if_unreachable
    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        """The first confirmation of this PaymentIntent counts. `yen` was said to Stripe before, by `prepare`."""
        check_yen(yen)
        card = token.partition("/")[2]
        about, options = {"payment_method": card, "off_session": True} | WITH_CHARGE, {"idempotency_key": f"{key}-confirm"}
        try:
            return result_of(self._stripe.v1.payment_intents.confirm(key, about, options)) or Unknown()
        except stripe.CardError:
            return self._asked(key) or Unknown()
        except stripe.InvalidRequestError as error:
            is_about_the_card = error.param == "payment_method" or error.code == "payment_method_unexpected_state"
            return self._asked(key) or (REMOVED if is_about_the_card else Unknown())

    @unknown_if_unreachable
    def authenticate(self, token: str, yen: int, key: str, return_url: str) -> Page | Paid | Declined | Unknown:
        """Confirmed with an address to return to, a PaymentIntent names a page of Stripe's that leads to the bank's. No script."""
        check_yen(yen)
        about = {"payment_method": token.partition("/")[2], "return_url": self._back(return_url)} | ALWAYS_ASKS
        with suppress(stripe.CardError, stripe.InvalidRequestError):  # it has a page or a result already
            self._stripe.v1.payment_intents.confirm(key, about, {"idempotency_key": f"{key}-authenticate"})
        intent = self._stripe.v1.payment_intents.retrieve(key, WITH_CHARGE)  # what is repeated says what it said at first
        page = intent.next_action and intent.next_action.redirect_to_url
        if intent.status == "requires_action" and page:
            return Page(page.url, key)
        return result_of(intent) or REMOVED

    @unknown_if_unreachable
    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        if not _is_prepared(key):
            self._stripe.v1.balance.retrieve()  # it never heard of the attempt; ask something, so that Stripe says so and not the line
            return NotFound()
        return self._asked(key) or NotFound()

    @unknown_if_unreachable
    def close(self, key: str) -> Paid | Declined | Unknown:
        """A PaymentIntent that is cancelled can never be confirmed. An attempt that was not prepared has no key that could take money."""
        check_key(key)
        if not _is_prepared(key):
            return CLOSED
        with suppress(stripe.InvalidRequestError):  # it has a result already
            self._stripe.v1.payment_intents.cancel(key)
        return self._asked(key) or Unknown()

    @unknown_if_unreachable
    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        """Asks first what was given back, because Stripe forgets the key of a request after a day."""
        check_yen(yen)
        check_key(key)
        about = {"payment_intent": reference, "amount": yen, "metadata": {"key": key}}
        try:
            known = self._stripe.v1.refunds.list({"payment_intent": reference, "limit": 100})
            mine = next((refund for refund in known.auto_paging_iter() if refund.metadata.to_dict().get("key") == key), None)
            refund = mine or self._stripe.v1.refunds.create(about, {"idempotency_key": f"{key}-refund"})
        except stripe.IdempotencyError as error:
            raise KeyReused(key) from error
        except stripe.InvalidRequestError:
            return NOT_REFUNDABLE
        if refund.amount != yen:
            raise KeyReused(key)
        if refund.status in ("failed", "canceled"):
            return NOT_REFUNDABLE
        return Refunded(reference, yen, datetime.fromtimestamp(refund.created, UTC))

    def detach(self, token: str) -> None:
        """The customer goes as a whole: nothing of the person stays at Stripe but what the law wants of payments."""
        with reachable():
            setups.forget(self._stripe, token.partition("/")[0])

    def movements(self, begin: datetime, end: datetime) -> list[Movement]:
        with reachable():
            return list(movements(self._stripe, begin, end, self._installation_id))

    def remittances(self, first: date, last: date) -> list[Remittance]:
        with reachable():
            return list(remittances(self._stripe, first, last))

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CardEvent | None:
        event = parse_event(headers, body, self._webhook_secret, is_live=self._is_live)
        is_of_another = isinstance(event, CompanyEvent) and not event.key.startswith(f"{self._installation_id}-")
        return None if is_of_another else event

    def _back(self, return_url: str) -> str:
        return f"{self._public_url}{return_url}" if return_url.startswith("/") else return_url

    def _asked(self, key: str) -> Paid | Declined | Unknown | None:
        return result_of(self._stripe.v1.payment_intents.retrieve(key, WITH_CHARGE))

    def _code(self, reference: str) -> str:
        """What the return address carries. Only the browser that Stripe sends back has seen it, and whoever read the page's own data."""
        return hmac.new(self._secret, f"stripe:{reference}".encode(), hashlib.sha256).hexdigest()


def _is_prepared(key: str) -> bool:
    return key.startswith("pi_")


def company_from(settings: Settings) -> StripeCardCompany:
    about = {"installation_id": settings.installation_id, "public_url": settings.public_url, "secret": settings.secret_key}
    return StripeCardCompany(settings.card_settings["STRIPE_SECRET_KEY"], webhook_secret=settings.notice_secret, **about)

"""Stripe without one of its guards. The negative controls of what is tested with the true one."""

from datetime import UTC, datetime

import stripe

from portal.gateways.answers import Declined, Refunded, Unknown
from portal.gateways.card.stripe import StripeCardCompany
from portal.gateways.card.stripe.results import CLOSED, result_of
from tests.fake_stripe import FakeStripe
from tests.gateways.stripe_bench import stripe_company
from tests.purchase import INSTALLATION


class KeepsNoIntent(StripeCardCompany):
    """The PaymentIntent is made and confirmed in one request under our key; nobody keeps its number before."""

    def prepare(self, token, yen, key):
        return key

    def charge(self, token, yen, key):
        customer, _, card = token.partition("/")
        about = {"amount": yen, "currency": "jpy", "customer": customer, "metadata": {"key": key, "card": card}}
        try:
            made = self._stripe.v1.payment_intents.create(about, {"idempotency_key": f"{key}-prepare"})
            options = {"idempotency_key": f"{key}-confirm"}
            return result_of(
                self._stripe.v1.payment_intents.confirm(made.id, {"payment_method": card, "expand": ["latest_charge"]}, options)
            )
        except stripe.StripeError:
            return Unknown()


class TakesSilenceForNo(StripeCardCompany):
    """What is not answered is taken for a refusal."""

    def charge(self, token, yen, key):
        return _no(super().charge(token, yen, key), CLOSED)


class TakesSilenceForNoRefund(StripeCardCompany):
    def refund(self, reference, yen, key):
        return _no(super().refund(reference, yen, key), Declined("not_refundable", retryable=False))


class RefundsBlindly(StripeCardCompany):
    """Only the key of the request keeps a refund from being made again, and Stripe forgets it after a day."""

    def refund(self, reference, yen, key):
        about = {"payment_intent": reference, "amount": yen, "metadata": {"key": key}}
        try:
            self._stripe.v1.refunds.create(about, {"idempotency_key": f"{key}-refund"})
        except stripe.StripeError:
            return Unknown()
        return Refunded(reference, yen, datetime.now(UTC))


def _no(answer, no):
    return no if isinstance(answer, Unknown) else answer


def without(guard: type[StripeCardCompany], fake: FakeStripe) -> StripeCardCompany:
    """The company of the tests with that class in place of the true one."""
    company = stripe_company(fake, INSTALLATION)
    company.__class__ = guard
    return company

"""The line to Stripe."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import stripe

from portal.gateways.answers import CompanyUnreachable, Unknown

CONNECT_SECONDS, ANSWER_SECONDS = 5, 30
REPEATS = 1  # the SDK repeats a request that got no answer, with the same idempotency key


log = logging.getLogger(__name__)
P, Answer = ParamSpec("P"), TypeVar("Answer")


def client_for(key: str, api: str | None) -> stripe.StripeClient:
    """`api`: another address than Stripe's own, for tests."""
    http = stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
    return stripe.StripeClient(key, http_client=http, max_network_retries=REPEATS, base_addresses={"api": api} if api else {})


@contextmanager
def reachable() -> Iterator[None]:
    """Raises CompanyUnreachable for a line that is down, a Stripe in trouble, too many requests, and keys that no longer count."""
    try:
        yield
    except (stripe.IdempotencyError, stripe.InvalidRequestError, stripe.CardError):
        raise
    except stripe.StripeError as error:
        raise CompanyUnreachable(str(error)) from error


def unknown_if_unreachable(ask: Callable[P, Answer]) -> Callable[P, Answer | Unknown]:
    """A question about money whose answer does not come: it may have been taken."""

    @wraps(ask)
    def asked(*arguments: P.args, **named: P.kwargs) -> Answer | Unknown:
        try:
            with reachable():
                return ask(*arguments, **named)
        except CompanyUnreachable as error:
            log.warning("no answer from Stripe: %s", error)
            return Unknown()

    return asked

"""Visits to Stripe's page: Checkout in its mode `setup`, which enters a card, authenticates it by 3-D Secure and takes nothing."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Any

import stripe

from portal.gateways.card import Card, Customer, Failed, Page, Pending
from portal.gateways.card.stripe.results import is_missing

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "jcb": "JCB", "amex": "American Express", "diners": "Diners Club"}
WITH_CARD = {"expand": ["setup_intent.payment_method"]}


def begin(client: stripe.StripeClient, reference: str, back: str, code: str, customer: Customer) -> Page:
    """The page of this reference that is open, or was finished; a new one after it has expired there."""
    for ordinal in count(1):
        with suppress(stripe.IdempotencyError):  # begun before with other words, so the customer or the shop has another name now
            session = _session(client, f"{reference}-{ordinal}", reference, back, code, customer)
            if client.v1.checkout.sessions.retrieve(session.id).status != "expired":  # what is repeated says what it said at first
                return Page(session.url, session.id)
    raise AssertionError


def _session(client: stripe.StripeClient, key: str, reference: str, back: str, code: str, customer: Customer) -> stripe.checkout.Session:
    about = {"metadata": {"login": customer.login, "reference": reference}, "name": customer.name}
    owner = client.v1.customers.create(about, {"idempotency_key": f"{key}-customer"})
    page = {
        "mode": "setup",
        "currency": "jpy",
        "customer": owner.id,
        "client_reference_id": reference,
        "locale": "ja",
        "payment_method_types": ["card"],
        "payment_method_options": {"card": {"request_three_d_secure": "any"}},
        "success_url": f"{back}?code={code}",
        "cancel_url": back,
        "custom_text": {
            "submit": {"message": f"{customer.shop}のお客様：{customer.name} 様（ログインID：{customer.login}）のカードを登録します。"}
        },
    }
    return client.v1.checkout.sessions.create(page, {"idempotency_key": f"{key}-session"})


def result(client: stripe.StripeClient, key: str, is_proved_for: Callable[[str], bool]) -> Card | Pending | Failed:
    """`is_proved_for`: whether the browser that asks has finished the visit of this reference."""
    try:
        session = client.v1.checkout.sessions.retrieve(key, WITH_CARD)
    except stripe.InvalidRequestError:
        return Failed("not_found")
    if session.status == "expired":
        return Failed("expired")
    intent = session.setup_intent
    if session.status != "complete" or intent is None or intent.status != "succeeded" or not is_proved_for(session.client_reference_id):
        return Pending()
    found = intent.payment_method
    if found is None or found.customer is None:
        return Failed("expired")  # it was deleted since
    return stored_card(session.customer, found.id, found.card.to_dict())


def stored_card(customer: str, card: str, about: Mapping[str, Any]) -> Card:
    """`about`: what Stripe says of it. Its last day is the last of the month on it."""
    year, month, brand = about["exp_year"], about["exp_month"], about["brand"]
    return Card(f"{customer}/{card}", BRANDS.get(brand, brand), about["last4"], date(year, month, monthrange(year, month)[1]))


def end(client: stripe.StripeClient, key: str) -> None:
    """Nothing stays of the visit: not its page, and no customer that was made for it, also where the answer about it never came.

    `key`: Stripe's of the page, or our reference where none is known. Stripe finds a new customer within a minute or so; a visit ends a day
    after it began (docs.stripe.com/search#data-freshness).
    """
    reference = key
    if key.startswith("cs_"):
        with suppress(stripe.InvalidRequestError):  # it is finished or expired already
            client.v1.checkout.sessions.expire(key)
        reference = _forget_of_page(client, key)
    if reference:
        found = client.v1.customers.search({"query": f"metadata['reference']:'{reference}'", "limit": 100})
        for customer in found.data:
            forget(client, customer.id)


def _forget_of_page(client: stripe.StripeClient, key: str) -> str:
    """The reference of the page, whose customer is deleted; empty if Stripe does not know the page."""
    try:
        session = client.v1.checkout.sessions.retrieve(key)
    except stripe.InvalidRequestError:
        return ""
    forget(client, str(session.customer))
    return session.client_reference_id or ""


def forget(client: stripe.StripeClient, customer: str) -> None:
    """Delete the customer with the card. Idempotent."""
    try:
        client.v1.customers.delete(customer)
    except stripe.InvalidRequestError as error:
        if not is_missing(error):
            raise

"""Setups: visits to a company's page, where the customer enters a card or links a wallet."""

import secrets
from collections.abc import Callable

from models import Account, Order, PaymentMethodSetup
from portal import clock
from portal.actions.payments import company_calls, detach_method, methods
from portal.actions.payments.company_calls import MoneyCompany
from portal.enums import Method, SetupState
from portal.gateways.card import Card, Failed
from portal.gateways.wallet import Link


def begin_setup(
    method: Method,
    company: MoneyCompany,
    return_url: Callable[[str], str],
    *,
    account: Account,
    order: Order | None = None,
    wallet_day: int | None = None,
) -> str:
    """Begin a setup. Returns the address of the company's page, or `return_url` if a wallet is linked already.

    Without an order, the setup is for later renewals. Raises CompanyUnreachable.
    """
    reference, linked = secrets.token_urlsafe(24), methods.linked(account, method)
    values = {"account": account, "order": order, "method": method, "wallet_day": wallet_day}
    values |= {"reference": reference, "created_at": clock.now()}
    if linked:
        PaymentMethodSetup.create(state=SetupState.READY, payment_method=linked, **values)
        return return_url(reference)
    setup = PaymentMethodSetup.create(**values)
    address = company_calls.begin_setup(method, company, reference, return_url(reference)).url
    PaymentMethodSetup.update(address=address).where(PaymentMethodSetup.id == setup.id).execute()
    return address


def refresh_setup(setup: PaymentMethodSetup, company: MoneyCompany) -> PaymentMethodSetup:
    """Ask the company for the result of an open setup and store it. Returns the updated setup. Raises CompanyUnreachable."""
    if setup.state != SetupState.OPEN:
        return setup
    match company_calls.finish_setup(Method(setup.method), company, setup.reference):
        case Card() as card:
            methods.keep_card(setup, card, company.name)
        case Link() as link:
            methods.keep_wallet(setup, link, company.name)
            detach_method.detach_now(setup.account, {setup.method: company})
        case Failed(code):
            setup.move(SetupState.FAILED, came_from=SetupState.OPEN, code=code)
    return PaymentMethodSetup.with_method().where(PaymentMethodSetup.id == setup.id).get()

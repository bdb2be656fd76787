"""Setups: visits to a company's page, where the customer enters a card or links a wallet.

What comes of a visit counts only with the one-time code that the company gave to the browser that finished it. Whoever begins a visit and
lets somebody else finish it has no code, and no card or wallet.
"""

import secrets
from collections.abc import Callable

from models import Account, Order, PaymentMethodSetup
from portal import clock
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import company_calls, detach_method, methods, tries
from portal.actions.payments.company_calls import MoneyCompany
from portal.enums import Method, SetupState
from portal.gateways.card import Card, Customer, Failed
from portal.gateways.wallet import Link
from portal.rules.accounts.limits import TooMany
from portal.store.database import database


def begin_setup(
    method: Method,
    company: MoneyCompany,
    return_url: Callable[[str], str],
    *,
    account: Account,
    shop: str,
    address: str,
    order: Order | None = None,
    wallet_day: int | None = None,
    seen: str = "",
) -> str:
    """Begin a setup. Returns the address of the company's page, or `return_url` if a wallet is linked already.

    `shop`: the name of this shop, which the company's page shows beside the customer's. Without an order, the setup is for later renewals.
    `seen`: the mark of the order's content that the customer saw before it.
    `address`: of the customer's browser. A second press of the same button continues the setup of the first.
    Raises CompanyUnreachable, and TooMany after too many visits or refused payments.
    """
    about = {"order": order, "method": method, "wallet_day": wallet_day, "seen": seen}
    with database.atomic():
        setup = _open_setup(lock_account(account.id), about, address)
    if isinstance(setup, TooMany):
        raise setup
    if setup.payment_method_id:
        return return_url(setup.reference)
    if not setup.address:
        customer = Customer(shop, account.login, account.name)
        page = company_calls.begin_setup(method, company, setup.reference, return_url(setup.reference), customer)
        setup.address = page.url
        PaymentMethodSetup.update(address=page.url, company_key=page.key).where(PaymentMethodSetup.id == setup.id).execute()
    return setup.address


def _open_setup(account: Account, about: dict[str, object], address: str) -> PaymentMethodSetup | TooMany:
    """The unused setup of the same choice, begun a few seconds ago; else a new one. READY if a wallet is linked already."""
    linked = methods.linked(account, about["method"])
    about |= {"account": account, "payment_method": linked, "state": SetupState.READY if linked else SetupState.OPEN}
    same = [getattr(PaymentMethodSetup, name) == value for name, value in about.items()]
    known = PaymentMethodSetup.select().where(*same, PaymentMethodSetup.created_at > clock.now() - clock.ONE_PRESS).first()
    refusal = None if known else tries.count_visit(account, about["order"], address)
    return known or refusal or PaymentMethodSetup.create(reference=secrets.token_urlsafe(24), created_at=clock.now(), **about)


def refresh_setup(setup: PaymentMethodSetup, company: MoneyCompany, code: str) -> PaymentMethodSetup:
    """Ask the company for the result of an open setup and store it. Returns the updated setup. Raises CompanyUnreachable.

    `code`: what the return address carried; empty if it carried none, and then no card or wallet comes of it.
    """
    if setup.state != SetupState.OPEN:
        return setup
    match company_calls.finish_setup(Method(setup.method), company, setup.key_at_company, code):
        case Card() as card:
            methods.keep_card(setup, card, company.name)
        case Link() as link:
            methods.keep_wallet(setup, link, company.name)
            detach_method.detach_now(setup.account, {setup.method: company})
        case Failed(code):
            setup.move(SetupState.FAILED, came_from=SetupState.OPEN, code=code)
    return PaymentMethodSetup.with_method().where(PaymentMethodSetup.id == setup.id).get()

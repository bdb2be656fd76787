"""本人認証 of an automatic charge: the bank wants its holder, so the customer pays with the stored card, and proves who they are."""

from functools import partial

from models import Order, Payment, PaymentMethod
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import pay, tries
from portal.actions.payments.ask_company import ask
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.results import record_answer
from portal.actions.renewals.automatic_charge import new_attempt
from portal.catalog import Catalog
from portal.enums import Method
from portal.gateways.card import CardCompany
from portal.rules.payments.declines import AUTHENTICATION
from portal.rules.payments.methods import row_of
from portal.store.database import database


def card_to_prove(order: Order, payment: Payment | None, company: MoneyCompany | None) -> PaymentMethod | None:
    """The stored card with which this unpaid automatic order can be paid after 本人認証; None if the bank did not ask, or it is gone."""
    asked = payment is not None and payment.is_declined and payment.code == AUTHENTICATION
    if not (asked and order.is_placed and order.is_automatic and company):
        return None
    card = payment.payment_method
    return card if card.method == Method.CARD and card.is_kept and card.company == company.name else None


def begin(order: Order, company: CardCompany, installation_id: str, address: str, back: str, catalog: Catalog) -> None:
    """Ask the company for the bank's page, once: who presses again goes on with the same attempt. `back`: our page to return to.

    Does nothing if there is nothing to prove any more. Raises TooMany after too many refusals.
    """
    press = f"{order.number}-{order.payments.count()}"
    tried = tries.begin(order, press, address)
    payment = _commit(order, company, installation_id)
    if payment is None:
        tried.take_back()
        return
    pay.send(payment, company, catalog, partial(_authenticate, back))
    tries.end(tried, payment, address)


def come_back(payment: Payment, company: CardCompany, catalog: Catalog) -> None:
    """The browser is back from the bank: ask the company what came of it. The browser's word counts for nothing."""
    if payment.is_unknown:
        record_answer(payment, ask(lambda: company.lookup(payment.key_at_company)), actor=row_of(Method.CARD).actor, catalog=catalog)


def _commit(order: Order, company: CardCompany, installation_id: str) -> Payment | None:
    with database.atomic():
        lock_account(order.account_id)
        order, newest = Order.locked(order.id), order.latest_payment
        card = card_to_prove(order, newest, company)
        return new_attempt(order, card, installation_id) if card else None


def _authenticate(back: str, _method: Method, company: CardCompany, token: str, yen: int, key: str) -> object:
    return company.authenticate(token, yen, key, back)

"""From the choices stored with an order to its price today."""

from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from models import Account, Order
from portal import clock
from portal.actions.orders.stored_lines import placed_quote
from portal.catalog import Document, Plan
from portal.enums import Method
from portal.forms.orders import ContractForm, contract_form
from portal.forms.renewals import renewal_form
from portal.rules.orders.quote import Quote, quote
from portal.rules.payments.methods import METHODS
from portal.rules.renewals.offer import Offer, offer, replanned
from portal.rules.renewals.snapshot import Snapshot
from portal.screens.owned import contents, owned_products, snapshot
from portal.web.current import catalog, company_of, current_account


def plan_of(account: Account) -> Plan | None:
    return next((plan for plan in catalog().plans if plan.id == account.plan), None)


def form_for(order: Order, **filled: Any) -> ContractForm:
    """The form for this kind of order. Filled from the request unless `filled` has other data."""
    plan = plan_of(current_account())
    return contract_form(catalog(), plan, **filled) if order.is_new else renewal_form(catalog(), plan, owned_products(), **filled)


def form_of(order: Order) -> ContractForm:
    """The form with the choices stored with the order."""
    return form_for(order, choices=order.choices)


def estimate_of(form: ContractForm) -> Quote | None:
    """The price if paid today. None while the choices are not complete."""
    selection = form.selection
    return selection and quote(selection, form.plan, catalog(), clock.today(), form.owned)


def offer_of(order: Order, method: Method, wallet_day: int | None = None) -> Offer | None:
    """The offer as of today. None while the form is not complete. A placed order keeps its prices."""
    today = clock.today()
    found = _agreed_quote(form_of(order), today) if order.is_draft else _placed_quote(order, today)
    before = snapshot() if order.is_draft and not order.is_new else what_there_is(order)
    made = found and offer(found, method, today, before, catalog(), wallet_day=wallet_day)
    return made and replace(made, drops_reservation=made.drops_reservation and not order.is_automatic)


def what_there_is(order: Order) -> Snapshot:
    """The snapshot that this order adds to. Empty for a new contract."""
    return Snapshot(current_account().plan) if order.is_new else contents()


def documents_of(order: Order) -> tuple[Document, ...]:
    return tuple(form_of(order).documents) if order.is_draft else ()


def offered_methods() -> list[Method]:
    """The methods that can be used now: the payment company is configured, or we have a bank account for transfers."""
    return [method for method in METHODS if _is_available(method)]


def _is_available(method: Method) -> bool:
    match method:
        case Method.CARD | Method.WALLET:
            return company_of(method) is not None
        case Method.BANK:
            return bool(catalog().bank_accounts)
        case _:
            assert_never(method)


def _agreed_quote(form: ContractForm, today: date) -> Quote | None:
    selection = form.agreed_selection
    return selection and quote(selection, form.plan, catalog(), today, form.owned)


def _placed_quote(order: Order, today: date) -> Quote:
    """The quote of a placed order. Terms of an automatic order keep their planned days, whoever pays it and when."""
    found = placed_quote(order)
    return found if order.is_automatic else replanned(found, today)

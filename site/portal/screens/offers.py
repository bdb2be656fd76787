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
from portal.rules.transfers.due_dates import may_wait_for_transfer
from portal.screens import additions
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


def offer_of(order: Order, method: Method, wallet_day: int | None = None, *, keeps_method: bool | None = None) -> Offer | None:
    """The offer as of today. None while the form is not complete. A placed order keeps its prices.

    `keeps_method`: of kind `add`, as chosen on the page; without it as stored with the order.
    """
    if order.is_addition:
        return _offer_of_addition(order, method, wallet_day, order.keeps_method if keeps_method is None else keeps_method)
    today = clock.today()
    found = _agreed_quote(form_of(order), today) if order.is_draft else _placed_quote(order, today)
    before = snapshot() if order.is_draft and not order.is_new else what_there_is(order)
    made = found and offer(found, method, today, before, catalog(), wallet_day=wallet_day)
    return made and replace(made, drops_reservation=made.drops_reservation and not order.is_automatic)


def _offer_of_addition(order: Order, method: Method, wallet_day: int | None, keeps_method: bool) -> Offer | None:
    """None too for a transfer whose order would become 期限切れ when the term that it adds to is over."""
    today = clock.today()
    found = additions.of(order).quote(order, today) if order.is_draft else _placed_quote(order, today)
    if found is None or (method is Method.BANK and not may_wait_for_transfer(found, order.due_on, today, catalog().closed_days)):
        return None
    return offer(found, method, today, snapshot(), catalog(), wallet_day=wallet_day, adds=order.adds, keeps_method=keeps_method)


def what_there_is(order: Order) -> Snapshot:
    """The snapshot that this order adds to. Empty for a new contract."""
    if order.is_addition:
        return snapshot()
    return Snapshot(current_account().plan) if order.is_new else contents()


def documents_of(order: Order) -> tuple[Document, ...]:
    if not order.is_draft:
        return ()
    return additions.of(order).documents(order) if order.is_addition else tuple(form_of(order).documents)


def offered_methods() -> list[Method]:
    """The methods that can be used now: the payment company is configured, or we have a bank account for transfers."""
    return [method for method in METHODS if _is_available(method)]


def methods_for(order: Order) -> list[Method]:
    """The methods that can pay this order now."""
    return [method for method in offered_methods() if not order.is_addition or method is not Method.BANK or offer_of(order, Method.BANK)]


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

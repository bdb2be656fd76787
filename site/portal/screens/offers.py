"""From what an order remembers to what it would cost today."""

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
from portal.screens.owned import contents, have
from portal.web.current import catalog, company_of, current_account


def plan_of(account: Account) -> Plan | None:
    return next((plan for plan in catalog().plans if plan.id == account.plan), None)


def form_for(order: Order, **filled: Any) -> ContractForm:
    """The form of that kind of order, filled from the request if nothing else is said."""
    plan = plan_of(current_account())
    return contract_form(catalog(), plan, **filled) if order.is_new else renewal_form(catalog(), plan, have(), **filled)


def form_of(order: Order) -> ContractForm:
    """The form as the customer left it."""
    return form_for(order, choices=order.choices)


def estimate_of(form: ContractForm) -> Quote | None:
    """What the choice costs if it is paid today; None while it cannot be priced."""
    selection = form.selection
    return selection and quote(selection, form.plan, catalog(), clock.today(), form.owned)


def offer_of(order: Order, method: Method, wallet_day: int | None = None) -> Offer | None:
    """What is offered today; None while the form is not finished. A placed order keeps the prices that it was placed with."""
    today, now = clock.today(), what_there_is(order)
    found = _agreed_quote(form_of(order), today) if order.is_draft else _placed_quote(order, today)
    renewing = frozenset(entitlement.subscription for entitlement in now.entitlements if entitlement.renews)
    how = {"numbers": catalog().renewal, "wallet_day": wallet_day, "renewal_method": now.renewal_method, "renewing": renewing}
    how["reserved"] = None if order.is_automatic else now.reserved
    return found and offer(found, method, today, **how)


def what_there_is(order: Order) -> Snapshot:
    """What the order adds to; a new contract adds to nothing."""
    return Snapshot(current_account().plan) if order.is_new else contents()


def documents_of(order: Order) -> tuple[Document, ...]:
    return tuple(form_of(order).documents) if order.is_draft else ()


def offered_methods() -> list[Method]:
    """The methods whose company is there; a transfer needs only an account of ours."""
    return [method for method in METHODS if _is_there(method)]


def _is_there(method: Method) -> bool:
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
    """What the portal ordered by itself begins on the planned days, whoever pays it and when."""
    found = placed_quote(order)
    return found if order.is_automatic else replanned(found, today)

"""Paying in three steps: commit an attempt, ask the company outside any transaction, settle the answer."""

from collections.abc import Callable

from models import Order, Payment, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import OutOfStep
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import company_calls, tries
from portal.actions.payments.ask_company import ask
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.results import record_answer
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.card import Unknown
from portal.rules.payments.methods import row_of
from portal.store.database import database

Take = Callable[[Method, MoneyCompany, str, int, str], object]


def pay_order(
    order: Order, setup: PaymentMethodSetup, accepted: AcceptedOrder, company: MoneyCompany, installation_id: str, catalog: Catalog
) -> None:
    """Place the order as accepted and charge it, once for each setup.

    Raises OutOfStep if the order cannot be paid, or has changed since it was shown; TooMany after too many refusals.
    """
    tried = tries.begin(order, setup.reference, accepted.address)
    try:
        payment = begin_attempt(order, accepted, setup=setup, installation_id=installation_id)
    except OutOfStep:
        tried.take_back()
        raise
    send(payment, company, catalog)
    tries.end(tried, payment, accepted.address)


def send(payment: Payment, company: MoneyCompany, catalog: Catalog, take: Take = company_calls.charge) -> None:
    """Send a committed attempt to the company and settle the answer. Only one caller sends it. `take`: what asks for the money.

    The company's key is final before the attempt counts as sent: whoever asks about it, or closes it, names the key that takes the money.
    """
    method, token = Method(payment.method), payment.payment_method.token or ""
    is_prepared = _prepare(payment, company, token)
    if leave_created(payment, PaymentState.SUBMITTED, history.PORTAL, "支払いを依頼"):
        request: Callable[[], object] = lambda: take(method, company, token, payment.yen, payment.key_at_company)  # noqa: E731
        answer = ask(request) if is_prepared else Unknown()
        back = f"/orders/{payment.order.number}/payment"
        missing = company_calls.shortfall(company, answer, token, payment.yen, back)
        record_answer(payment, answer, actor=row_of(method).actor, catalog=catalog, shortfall=missing)


def _prepare(payment: Payment, company: MoneyCompany, token: str) -> bool:
    """Commit the key by which the company knows the attempt, before it is asked for money. False: it gave none, and gets no request."""
    key = ask(lambda: company.prepare(token, payment.yen, payment.key))
    if not isinstance(key, str):
        return False
    if key != payment.key:
        payment.company_key = key
        Payment.update(company_key=key).where(Payment.id == payment.id, Payment.state == PaymentState.CREATED).execute()
    return True


def close_for_ever(payment: Payment, company: MoneyCompany | None, catalog: Catalog) -> str:
    """Make the company refuse this attempt for ever, unless it has charged it already. Returns the attempt's state after that."""
    if company is not None:
        record_answer(payment, ask(lambda: company.close(payment.key_at_company)), actor=history.PORTAL, catalog=catalog)
    return Payment.get_by_id(payment.id).state


def leave_created(payment: Payment, to: PaymentState, actor: str, reason: str) -> bool:
    """Move an unsent attempt to SUBMITTED or ABANDONED. True for the one caller that moved it; only that one may send it."""
    with database.atomic():
        if not payment.move(to, came_from=[PaymentState.CREATED], at=clock.now()):
            return False
        history.record("payment", payment.key, PaymentState.CREATED, to, actor, reason, account=payment.order.account_id)
        return True

"""Reconciles attempts without an answer: asks the company for their result, with growing pauses."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from models import Payment
from portal import clock
from portal.actions import history
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN
from portal.actions.payments.ask_company import ask
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.pay import leave_created
from portal.actions.payments.results import record_answer
from portal.actions.row_by_row import Failed, one_by_one
from portal.catalog import Catalog
from portal.enums import PaymentState
from portal.gateways.card import Declined, NotFound, Unknown
from portal.gateways.companies import CompaniesByMethod

PAUSES = (ANSWER_EXPECTED_WITHIN, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
DAILY = timedelta(days=1)
NOT_AUTHENTICATED = Declined("authentication_required", retryable=False)


def ask_about_payments(companies: CompaniesByMethod, catalog: Catalog) -> Iterator[Payment | Failed]:
    """Ask about every attempt whose lookup is due. Yields each payment in its new state, or its failure."""

    def reconciled(payment: Payment) -> Payment | None:
        company = companies.get(payment.method)
        return Payment.get_by_id(payment.id) if company and ask_about(payment, company, catalog) else None

    return one_by_one("payment", unanswered(companies), reconciled)


def unanswered(companies: CompaniesByMethod) -> list[Payment]:
    """The attempts whose lookup is due, of configured companies."""
    return [payment for payment in Payment.due(clock.now()) if companies.get(payment.method)]


def ask_about(payment: Payment, company: MoneyCompany, catalog: Catalog) -> bool:
    """Ask the company for the result of an attempt; never charges. An unsent attempt is abandoned, an unknown key is closed.

    False if another worker has claimed this lookup. Raises RowIsLocked.
    """
    if not payment.claim_lookup(_next_lookup(payment)):
        return False
    if leave_created(payment, PaymentState.ABANDONED, history.WORKER, "支払いの依頼が送られていない"):
        return True
    payment = Payment.get_by_id(payment.id)  # it may have been prepared and sent since it was read: then the company's key is another
    Payment.update(lookups=Payment.lookups + 1).where(Payment.id == payment.id).execute()
    answer = ask(lambda: company.lookup(payment.key_at_company))
    if isinstance(answer, NotFound):
        answer = ask(lambda: company.close(payment.key_at_company))
    elif isinstance(answer, Unknown) and payment.has_left_page(clock.now()):
        answer = ask(lambda: company.close(payment.key_at_company))
        answer = NOT_AUTHENTICATED if isinstance(answer, Declined) else answer
    record_answer(payment, answer, actor=history.WORKER, catalog=catalog)
    return True


def _next_lookup(payment: Payment) -> datetime:
    """Also when the customer's time at the bank's page is over: then the attempt is closed."""
    usual = clock.now() + pause_before(payment.lookups + 1)
    return min(usual, payment.page_until) if payment.is_at_page(clock.now()) else usual


def pause_before(lookups: int) -> timedelta:
    """How long to wait before asking once more, after so many times."""
    return PAUSES[lookups] if lookups < len(PAUSES) else DAILY

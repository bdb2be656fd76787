"""Asks again about refunds without an answer, with the same key and growing pauses."""

from collections.abc import Iterator

from models import Refund
from portal import clock
from portal.actions.payments import refunds
from portal.actions.payments.reconcile import pause_before
from portal.actions.row_by_row import Failed, one_by_one
from portal.gateways.companies import CompaniesByMethod


def ask_about_refunds(companies: CompaniesByMethod) -> Iterator[Refund | Failed]:
    """Ask about every refund whose lookup is due. Yields each in its new state, or its failure."""
    return one_by_one("refund", unanswered(companies), lambda refund: _ask_about(refund, companies))


def unanswered(companies: CompaniesByMethod) -> list[Refund]:
    """The refunds whose lookup is due, of companies that are configured. The others wait."""
    return [refund for refund in Refund.due(clock.now()) if _company_of(refund, companies)]


def _ask_about(refund: Refund, companies: CompaniesByMethod) -> Refund | None:
    company = _company_of(refund, companies)
    if company is None or not refund.claim_lookup(clock.now() + pause_before(refund.lookups + 1)):
        return None
    refunds.send(refund, company)
    return Refund.get_by_id(refund.id)


def _company_of(refund: Refund, companies: CompaniesByMethod):
    company = companies.get(refund.method)
    return company if company and company.name == refund.payment.payment_method.company else None

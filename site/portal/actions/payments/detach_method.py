"""Detaches dropped cards and wallets: asks their company to delete them, and retries until it has.

A dropped method is never charged, even while the company still stores it.
"""

from collections.abc import Iterator

from models import Account, PaymentMethod
from portal import clock
from portal.actions import history
from portal.actions.outgoing import pause_after
from portal.actions.payments import company_calls
from portal.actions.payments.ask_company import ask
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import Method, PaymentMethodState
from portal.gateways.card import Unknown
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.methods import WITH_COMPANY, row_of
from portal.store.database import database


def detach_now(account: Account, companies: CompaniesByMethod) -> None:
    """Detach all methods of the account that are marked. If a company does not answer, the worker retries later."""
    for found in list(account.payment_methods.where(PaymentMethod.state == PaymentMethodState.DETACHING)):
        _detach(found, account, companies, wait_for_lock=True)


def detach_due(companies: CompaniesByMethod, *, limit: int = 50) -> Iterator[PaymentMethod | Failed]:
    """Detach marked methods that are due, at most `limit` for each company. Yields each detached method, or its failure.

    Methods of a company that is not configured stay marked.
    """
    configured = [(method, company.name) for method in WITH_COMPANY if (company := companies.get(method))]
    due = [found for method, name in configured for found in PaymentMethod.to_detach(clock.now(), method, name, limit)]
    return one_by_one("payment method", due, lambda found: found if _detach(found, found.account, companies) else None)


def _detach(found: PaymentMethod, account: Account, companies: CompaniesByMethod, *, wait_for_lock: bool = False) -> bool:
    company, method = companies.get(found.method), Method(found.method)
    if company is None or company.name != found.company:
        return False
    if not found.claim_detaching(clock.now() + pause_after(found.tries), wait_for_lock=wait_for_lock):
        return False
    row = row_of(method)
    if isinstance(ask(lambda: company_calls.detach(method, company, found.token)), Unknown):
        if found.tries == 1:
            history.record("account", account.login, "to forget", "to forget", row.actor, row.not_detached, account=account)
        return False
    with database.atomic():
        if found.move(PaymentMethodState.DETACHED, came_from=[PaymentMethodState.DETACHING], token=None, token_hash=None, next_try_at=None):
            history.record("account", account.login, "to forget", "forgotten", row.actor, row.detached, account=account)
    return True

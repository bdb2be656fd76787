"""Setups that were not used within a day: they end, and the company drops the card or wallet that it stored for them. The same happens to a
card whose payment did not come about, and which nothing else uses.

Nobody asks here what came of an open setup: that belongs to the browser that finished it, and this one never returned.
"""

from collections.abc import Iterator
from datetime import timedelta

from models import PaymentMethod, PaymentMethodSetup
from portal import clock
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.payments import company_calls, methods
from portal.actions.payments.ask_company import ask
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import Method, SetupState
from portal.gateways.card import Unknown
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.methods import WITH_COMPANY
from portal.store.database import database
from portal.store.row_locks import claim

UNUSED_FOR = timedelta(days=1)
EXPIRED = "expired"
PAUSE = timedelta(hours=1)  # before a company that gave no answer is asked again


def end_unused_setups(companies: CompaniesByMethod, *, limit: int = 50) -> Iterator[PaymentMethodSetup | PaymentMethod | Failed]:
    """End setups older than a day, drop cards that are left, then tell the companies of visits that never returned. Yields what it did."""
    cutoff = clock.now() - UNUSED_FOR
    yield from one_by_one("setup", PaymentMethodSetup.cards_left(cutoff, limit), _end)
    yield from one_by_one("setup", PaymentMethodSetup.left_open(cutoff, limit), _end)
    yield from one_by_one("payment method", PaymentMethod.left_over(cutoff, limit), _drop)
    configured = [method for method in WITH_COMPANY if companies.get(method)]
    waiting = PaymentMethodSetup.to_end(clock.now(), configured, limit)
    yield from one_by_one("setup", waiting, lambda setup: _end_at_company(setup, companies))


def _end(setup: PaymentMethodSetup) -> PaymentMethodSetup | None:
    """End the setup, and drop its card if nothing else uses it. None if the setup was used meanwhile.

    What an open one left at the company is dropped after this commit: a customer who returns from now on gets nothing.
    """
    with database.atomic():
        lock_account_if_free(setup.account_id)
        setup = PaymentMethodSetup.get_by_id(setup.id)
        if setup.state not in (SetupState.OPEN, SetupState.READY):
            return None
        at_company = clock.now() if setup.state == SetupState.OPEN else None
        setup.move(SetupState.FAILED, came_from=SetupState(setup.state), code=EXPIRED, next_try_at=at_company)
        if setup.payment_method_id and not methods.is_used_elsewhere(setup):
            methods.mark_detaching(setup.payment_method)
        return setup


def _drop(found: PaymentMethod) -> PaymentMethod | None:
    """None if the card is used meanwhile."""
    with database.atomic():
        lock_account_if_free(found.account_id)
        if methods.is_in_use(found.id):
            return None
        methods.mark_detaching(found)
        return found


def _end_at_company(setup: PaymentMethodSetup, companies: CompaniesByMethod) -> PaymentMethodSetup | None:
    """None if another worker asks, or if there was no answer: it is asked again later."""
    mine = (PaymentMethodSetup.id == setup.id) & (PaymentMethodSetup.next_try_at == setup.next_try_at)
    if not claim(PaymentMethodSetup, mine, None, next_try_at=clock.now() + PAUSE):
        return None
    method = Method(setup.method)
    if isinstance(ask(lambda: company_calls.end_setup(method, companies.get(method), setup.key_at_company)), Unknown):
        return None
    PaymentMethodSetup.update(next_try_at=None).where(PaymentMethodSetup.id == setup.id).execute()
    return setup

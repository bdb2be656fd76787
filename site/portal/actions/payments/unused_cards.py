"""Cards that a customer typed at the company and never used: after a day the setup is over, and the company deletes the card."""

from datetime import timedelta

from models import PaymentMethodSetup
from portal import clock
from portal.actions.orders.drafts import hold
from portal.actions.payments.ask import ask
from portal.actions.payments.methods import mark_detaching
from portal.actions.payments.setups import refresh_setup
from portal.enums import SetupState
from portal.gateways.card import Unknown
from portal.gateways.companies import CompaniesByMethod
from portal.store.database import database

UNUSED_FOR = timedelta(days=1)
EXPIRED = "expired"


def drop_unused_cards(companies: CompaniesByMethod, *, limit: int = 50) -> int:
    """End card setups that nobody finished; how many. One that is still open is asked about once more: a card may have come of it."""
    cutoff = clock.now() - UNUSED_FOR
    ready = sum(_end(setup) for setup in PaymentMethodSetup.cards_left(SetupState.READY, cutoff, limit))
    return ready + sum(_ask_and_end(setup, companies) for setup in PaymentMethodSetup.cards_left(SetupState.OPEN, cutoff, limit))


def _ask_and_end(setup: PaymentMethodSetup, companies: CompaniesByMethod) -> bool:
    company = companies.get(setup.method)
    if company is None or isinstance(ask(lambda: refresh_setup(setup, company)), Unknown):
        return False
    return _end(setup)


def _end(setup: PaymentMethodSetup) -> bool:
    """False when it was used meanwhile."""
    with database.atomic():
        hold(setup.account_id)
        setup = PaymentMethodSetup.get_by_id(setup.id)
        if setup.state not in (SetupState.OPEN, SetupState.READY):
            return False
        setup.move(SetupState.FAILED, came_from=SetupState(setup.state), code=EXPIRED)
        if setup.payment_method_id:
            mark_detaching(setup.payment_method)
        return True

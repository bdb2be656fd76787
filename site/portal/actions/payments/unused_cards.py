"""Cards from setups that were not used within a day: the setup ends, and the company deletes the card."""

from collections.abc import Iterator
from datetime import timedelta

from models import PaymentMethodSetup
from portal import clock
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.payments import methods
from portal.actions.payments.ask_company import ask
from portal.actions.payments.setups import refresh_setup
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import SetupState
from portal.gateways.card import Unknown
from portal.gateways.companies import CompaniesByMethod
from portal.store.database import database

UNUSED_FOR = timedelta(days=1)
EXPIRED = "expired"


def drop_unused_cards(companies: CompaniesByMethod, *, limit: int = 50) -> Iterator[PaymentMethodSetup | Failed]:
    """End card setups older than a day. An open one is refreshed first: it may have a card by now. Yields each ended setup or failure."""
    cutoff = clock.now() - UNUSED_FOR
    ready, still_open = (PaymentMethodSetup.cards_left(state, cutoff, limit) for state in (SetupState.READY, SetupState.OPEN))
    yield from one_by_one("setup", ready, _end)
    yield from one_by_one("setup", still_open, lambda setup: _ask_and_end(setup, companies))


def _ask_and_end(setup: PaymentMethodSetup, companies: CompaniesByMethod) -> PaymentMethodSetup | None:
    company = companies.get(setup.method)
    if company is None:
        return None
    with database.atomic():
        lock_account_if_free(setup.account_id)  # raises RowIsLocked before the company is asked
    return None if isinstance(ask(lambda: refresh_setup(setup, company)), Unknown) else _end(setup)


def _end(setup: PaymentMethodSetup) -> PaymentMethodSetup | None:
    """End the setup, and drop its card if nothing else uses it. None if the setup was used meanwhile."""
    with database.atomic():
        lock_account_if_free(setup.account_id)
        setup = PaymentMethodSetup.get_by_id(setup.id)
        if setup.state not in (SetupState.OPEN, SetupState.READY):
            return None
        setup.move(SetupState.FAILED, came_from=SetupState(setup.state), code=EXPIRED)
        if setup.payment_method_id and not methods.is_used_elsewhere(setup):
            methods.mark_detaching(setup.payment_method)
        return setup

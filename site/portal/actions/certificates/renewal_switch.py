"""自動更新 of one certificate: only once its common name is set (the company's guide)."""

from models import Account, Certificate
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep
from portal.actions.renewals import switch as renewals
from portal.catalog import Catalog
from portal.store.database import database


def switch(account: Account, subscription: int, confirmed: ConfirmedScreen, catalog: Catalog, *, on: bool) -> None:
    """As `renewals.switch`. Raises OutOfStep too where there is no common name, or the certificate could not be issued for it."""
    with database.atomic():
        account = Account.locked(account.id)
        found = Certificate.of(subscription)
        if on and (found is None or found.is_failed):
            raise OutOfStep
        renewals.switch(account, subscription, confirmed, catalog, on=on)

"""Changes how automatic charges are paid: another card or wallet, or another day. Nothing is charged here."""

from models import Account, PaymentMethodSetup, RenewalSetting, Schedule
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, lock_account
from portal.actions.payments import methods
from portal.actions.renewals import open_charges, sent_notices
from portal.actions.renewals.next_charges import upcoming
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import Method, SetupState
from portal.rules.payments.methods import row_of
from portal.store.database import database


def set_method(account: Account, setup: PaymentMethodSetup, confirmed: ConfirmedScreen, catalog: Catalog) -> None:
    """Pay automatic charges with the card or wallet of this setup.

    Raises OutOfStep if the setup was used, its card or wallet was dropped, or the account has no renewal setting.
    """
    with database.atomic():
        account = lock_account(account.id)
        setup = PaymentMethodSetup.with_method().where(PaymentMethodSetup.id == setup.id).get()
        found = setup.payment_method
        if account.renewal_setting is None or setup.account_id != account.id or found is None or not found.is_kept:
            raise OutOfStep
        if not setup.move(SetupState.USED, came_from=SetupState.READY):
            raise OutOfStep
        methods.drop_renewing(account, unless=found)
        methods.activate(found)
        values = {"method": setup.method, "wallet_day": setup.wallet_day, "payment_method": found, "updated_at": clock.now()}
        _set(account, values, confirmed, catalog)


def set_wallet_day(account: Account, day: int, confirmed: ConfirmedScreen, catalog: Catalog) -> None:
    """Charge the wallet on this day of the month from now on. Does nothing if it is that day already.

    Raises OutOfStep if the account does not renew by wallet.
    """
    with database.atomic():
        account = lock_account(account.id)
        setting = account.renewal_setting
        if setting is None or not row_of(setting.method).has_own_day:
            raise OutOfStep
        if setting.wallet_day == day:
            return
        _set(account, {"wallet_day": day}, confirmed, catalog)


def _set(account: Account, values: dict[str, object], confirmed: ConfirmedScreen, catalog: Catalog) -> None:
    """Store the new values. Unsent charges with the old ones are abandoned; the next charge day uses the new ones."""
    open_charges.give_up_unsent(account, "お客様がお支払い方法を変更したため", history.by(account))
    sent_notices.clear_announced_day(account, values.get("method", account.renewal_setting.method), values["wallet_day"])
    RenewalSetting.update(values | {"set_on": clock.today()}).where(RenewalSetting.account == account).execute()
    method = Method(account.renewal_setting.method)
    kept = confirmations.keep(confirmed, account, confirmations.METHOD)
    reason = f"自動更新の支払い方法: {method.label}"
    history.record("account", account.login, "renewal on", "renewal on", history.by(account), reason, account=account)
    sent_notices.withdraw(account)
    snapshot = snapshot_of(account)
    renewal_mails.method_changed(account, kept, snapshot.renewal_method, upcoming(account, catalog))
    Schedule.wake(account, clock.today())

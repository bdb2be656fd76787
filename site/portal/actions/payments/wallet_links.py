"""The account's link to its おさいぽ! wallet."""

from models import Account, PaymentMethodSetup, RenewalSetting, Reservation, Schedule, Subscription, WalletLink
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import hold
from portal.actions.payments import detach
from portal.enums import Method, SetupState
from portal.store.database import database


def keep_link(setup: PaymentMethodSetup, token: str, label: str) -> None:
    """The wallet that came of this visit is the account's from now on; the same visit counts once.

    One that was linked meanwhile, in another tab, stays: nothing is charged to a wallet of which nobody said so. The newer is forgotten.
    """
    with database.atomic():
        account = hold(setup.account_id)
        there = account.wallet_link
        found = (there.token, there.label) if there else (token, label)
        if not setup.move(SetupState.READY, came_from=SetupState.OPEN, token=found[0], label=found[1]):
            return
        if there is None:
            WalletLink.create(account=account, token=token, label=label, created_at=clock.now())
            history.record("account", account.login, None, "wallet linked", history.by(account), label)
        elif there.token != token:
            detach.mark(account, Method.WALLET, token)


def drop_link(account: Account, token: str | None = None) -> str | None:
    """Forget the wallet, and with it the automatic renewal that it pays; its token, for the company to unlink. None when there is none.

    With `token` only if it is that link: the account may have linked a wallet anew meanwhile.
    """
    with database.atomic():
        hold(account.id)
        link = account.wallet_link
        if link is None or token not in (None, link.token):
            return None
        link.delete_instance()
        detach.mark(account, Method.WALLET, link.token)
        if RenewalSetting.delete().where(RenewalSetting.account == account, RenewalSetting.method == Method.WALLET).execute():
            Subscription.update(renews=False).where(Subscription.account == account).execute()
            Reservation.delete().where(Reservation.account == account).execute()
            Schedule.wake(account, clock.today())
            history.record("account", account.login, "renewal on", "renewal off", history.by(account), "おさいぽ!の連携を解除")
        history.record("account", account.login, "wallet linked", "wallet removed", history.by(account), link.label)
        return link.token

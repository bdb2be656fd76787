"""The account's link to its おさいぽ! wallet."""

from models import Account, Agenda, Entry, RenewalSetting, Reservation, Subscription, WalletLink, database
from portal import clock
from portal.actions import forgetting, history
from portal.actions.orders import hold
from portal.words import EntryState, Method


def keep_link(entry: Entry, token: str, label: str) -> None:
    """The wallet that came of this visit is the account's from now on; the same visit counts once. One that it replaces is forgotten."""
    with database.atomic():
        account = hold(entry.account_id)
        if not entry.move(EntryState.READY, came_from=EntryState.OPEN, token=token, label=label):
            return
        before = account.wallet_link
        values = {"token": token, "label": label, "created_at": clock.now()}
        if not WalletLink.update(values).where(WalletLink.account == account).execute():
            WalletLink.create(account=account, **values)
        history.record("account", account.login, None, "wallet linked", history.by(account), label)
        if before and before.token != token:
            forgetting.mark(account, Method.WALLET, before.token)


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
        forgetting.mark(account, Method.WALLET, link.token)
        if RenewalSetting.delete().where(RenewalSetting.account == account, RenewalSetting.method == Method.WALLET).execute():
            Subscription.update(renews=False).where(Subscription.account == account).execute()
            Reservation.delete().where(Reservation.account == account).execute()
            Agenda.wake(account, clock.today())
            history.record("account", account.login, "renewal on", "renewal off", history.by(account), "おさいぽ!の連携を解除")
        history.record("account", account.login, "wallet linked", "wallet removed", history.by(account), link.label)
        return link.token

"""Automatic renewal, switched off."""

from models import Account, RenewalSetting, Subscription, database
from portal.actions import history
from portal.actions.orders import hold


def stop(account: Account) -> RenewalSetting | None:
    """Switch the automatic renewal of everything off and drop the stored method; what it was, to be forgotten at its company.

    None when nothing renewed by itself any more.
    """
    with database.atomic():
        hold(account.id)
        setting = account.renewal_setting
        if setting is None:
            return None
        Subscription.update(renews=False).where(Subscription.account == account).execute()
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        history.record("account", account.login, "renewal on", "renewal off", history.by(account), "支払い方法をリセット")
        return setting

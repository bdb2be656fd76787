"""支払い方法をリセットする, and removing the wallet: every automatic renewal ends, and the card or the wallet is deleted at its company."""

from dataclasses import dataclass

from models import Account, Payment, RenewalSetting, Reservation, Schedule, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders.drafts import hold
from portal.actions.payments import detach_method, methods, pay
from portal.actions.renewals import open_charges, sent_notices
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.companies import CompaniesByMethod
from portal.gateways.wallet import WalletCompany
from portal.store.database import database


@dataclass(frozen=True)
class Reset:
    """What 「支払い方法をリセットする」 found.

    `paid`: a charge had been sent already and was taken; `is_under_way`: one was sent and its result is not known.
    """

    was_on: bool
    paid: bool = False
    is_under_way: bool = False


def reset(account: Account, companies: CompaniesByMethod, catalog: Catalog) -> Reset:
    """Stop every automatic renewal, then let the company delete the card or the wallet.

    The renewal is off before the company is asked: a card that it cannot delete now is not charged either. A charge that was sent and
    has no answer is refused at its company for ever, unless it was taken: so nothing is charged any more once this has said so. That is
    true too of whoever comes second, while the first is still asking.
    """
    was_on, sent = stop(account)
    states = [pay.close_for_ever(payment, companies.get(payment.method), catalog) for payment in sent]
    detach_method.detach_now(account, companies)
    live = (PaymentState.SUBMITTED, PaymentState.UNKNOWN)
    return Reset(was_on, paid=PaymentState.SUCCEEDED in states, is_under_way=any(state in live for state in states))


def remove_wallet(account: Account, company: WalletCompany | None, catalog: Catalog) -> Reset | None:
    """Drop the link to the wallet, then let its company unlink it; what the wallet renews is reset. None when there was none."""
    setting = account.renewal_setting
    if setting and setting.method == Method.WALLET:
        return reset(account, {Method.WALLET: company}, catalog)
    was_linked = drop_wallet(account)
    detach_method.detach_now(account, {Method.WALLET: company})
    return Reset(was_on=False) if was_linked else None


def stop(account: Account) -> tuple[bool, list[Payment]]:
    """Switch the automatic renewal of everything off, drop the reservation, and drop the stored method, for its company to delete.

    Whether anything renewed by itself, and the charges that were sent and have no answer yet: there may be such all the same, of a
    reset that was not finished. Every other is given up.
    """
    with database.atomic():
        hold(account.id)
        setting, snapshot, sent = account.renewal_setting, snapshot_of(account), open_charges.end(account)
        if setting is None:
            return False, sent
        Subscription.update(renews=False).where(Subscription.account == account).execute()
        methods.drop_renewing(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        if setting.method == Method.WALLET:
            methods.unlink_wallet(account)
        Reservation.delete().where(Reservation.account == account).execute()
        history.record("account", account.login, "renewal on", "renewal off", history.by(account), "支払い方法をリセット", account=account)
        sent_notices.withdraw(account)
        renewing = tuple(entitlement for entitlement in snapshot.entitlements if entitlement.renews)
        renewal_mails.method_reset(account, renewing, snapshot.renewal_method, is_under_way=bool(sent))
        sent_notices.record_reset(account)
        Schedule.wake(account, clock.today())
        return True, sent


def drop_wallet(account: Account) -> bool:
    """Drop the wallet, and with it the automatic renewal that it pays; its company is still to be asked. False when there is none."""
    with database.atomic():
        hold(account.id)
        if account.wallet is None:
            return False
        if RenewalSetting.delete().where(RenewalSetting.account == account, RenewalSetting.method == Method.WALLET).execute():
            Subscription.update(renews=False).where(Subscription.account == account).execute()
            Reservation.delete().where(Reservation.account == account).execute()
            Schedule.wake(account, clock.today())
            history.record(
                "account", account.login, "renewal on", "renewal off", history.by(account), "おさいぽ!の連携を解除", account=account
            )
        return methods.unlink_wallet(account)

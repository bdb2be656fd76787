"""支払い方法をリセットする, and unlinking the wallet: stops all automatic renewals and detaches the card or wallet at its company."""

from dataclasses import dataclass

from models import Account, Payment, RenewalSetting, Reservation, Schedule, Staff, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import detach_method, methods, pay
from portal.actions.renewals import open_charges, sent_notices
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.companies import CompaniesByMethod
from portal.rules.renewals.endings import ended_with_server
from portal.store.database import database


@dataclass(frozen=True)
class Reset:
    """The result of 「支払い方法をリセットする」. `was_on`: the account had a renewal setting.

    `paid`: a charge in progress succeeded; `is_under_way`: the result of a charge in progress is not known yet.
    """

    was_on: bool
    paid: bool = False
    is_under_way: bool = False


def reset(account: Account, companies: CompaniesByMethod, catalog: Catalog) -> Reset:
    """Stop all automatic renewals, then detach the card or wallet. The renewal is off before any company is asked.

    A charge without an answer is closed at its company, so it cannot succeed later. A second call does that too.
    """
    was_on, sent = stop(account, catalog)
    states = [pay.close_for_ever(payment, companies.get(payment.method), catalog) for payment in sent]
    detach_method.detach_now(account, companies)
    live = (PaymentState.SUBMITTED, PaymentState.UNKNOWN)
    return Reset(was_on, paid=PaymentState.SUCCEEDED in states, is_under_way=any(state in live for state in states))


def remove_wallet(account: Account, companies: CompaniesByMethod, catalog: Catalog) -> Reset | None:
    """Unlink the wallet, and reset the renewals if it pays them. None if no wallet was linked."""
    setting = account.renewal_setting
    if setting and setting.method == Method.WALLET:
        return reset(account, companies, catalog)
    was_linked = drop_wallet(account)
    detach_method.detach_now(account, companies)
    return Reset(was_on=False) if was_linked else None


def stop(account: Account, catalog: Catalog, staff: Staff | None = None, reason: str = "") -> tuple[bool, list[Payment]]:
    """Turn off all automatic renewals, drop the reservation and the stored method, and mail the customer.

    Returns if the account had a renewal setting, and the charges that were sent and have no answer. The latter may exist without a
    setting, after a reset that was interrupted. `staff`: who stops it instead of the customer, with the reason.
    """
    with database.atomic():
        lock_account(account.id)
        actor, why = (history.by_staff(staff), reason) if staff else (history.by(account), "支払い方法をリセット")
        because = "担当者が自動更新を止めたため" if staff else "お客様が自動更新を止めたため"
        setting, snapshot, sent = account.renewal_setting, snapshot_of(account), open_charges.end(account, actor, because)
        if setting is None:
            return False, sent
        Subscription.update(renews=False).where(Subscription.account == account).execute()
        methods.drop_renewing(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        if setting.method == Method.WALLET:
            methods.unlink_wallet(account)
        Reservation.delete().where(Reservation.account == account).execute()
        history.record("account", account.login, "renewal on", "renewal off", actor, why, account=account)
        sent_notices.withdraw(account)
        renewing = tuple(entitlement for entitlement in snapshot.entitlements if entitlement.renews)
        after, today = snapshot_of(account), clock.today()
        about = {"payable": after.open_order, "with_server": ended_with_server(after, today, catalog), "is_under_way": bool(sent)}
        about["reason"] = reason if staff else ""
        renewal_mails.method_reset(account, setting, renewing, snapshot.renewal_method, **about)
        sent_notices.record_reset(account)
        Schedule.wake(account, clock.today())
        return True, sent


def drop_wallet(account: Account) -> bool:
    """Drop the wallet and the automatic renewals that it pays, and mark it for detaching. False if none is linked."""
    with database.atomic():
        lock_account(account.id)
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

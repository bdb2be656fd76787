"""自動更新 on or off for one subscription alone. Nothing is charged here."""

from models import Account, Schedule, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, lock_account
from portal.actions.renewals import sent_notices
from portal.actions.renewals.reservation import cancel_declined_order
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.rules.renewals.next_renewals import next_renewals
from portal.rules.renewals.switch import why_not
from portal.store.database import database


def switch(account: Account, subscription: int, confirmed: ConfirmedScreen, catalog: Catalog, *, on: bool) -> None:
    """Turn it on or off as the customer accepted; mail and history. Does nothing if it is so already: the button was pressed twice.

    Raises OutOfStep while the charge has no answer, and for `on` after the last day to change.
    """
    with database.atomic():
        account = lock_account(account.id)
        snapshot, today = snapshot_of(account), clock.today()
        mine = next((mine for mine in snapshot.entitlements if mine.subscription == subscription), None)
        if mine is None:
            raise OutOfStep
        if mine.renews == on:
            return
        if why_not(snapshot, mine, today, catalog, on=on):
            raise OutOfStep
        Subscription.update(renews=on, switched_on=today if on else None).where(Subscription.id == subscription).execute()
        states = ("renewal off", "renewal on") if on else ("renewal on", "renewal off")
        history.record("subscription", subscription, *states, history.by(account), f"{mine.label}の自動更新", account=account)
        cancel_declined_order(account, mine.ends_on, history.by(account))
        kept = confirmations.keep(confirmed, account, confirmations.SWITCH)
        sent_notices.withdraw(account)
        upcoming = next_renewals(snapshot_of(account), today, catalog, {subscription})
        renewal_mails.switched(account, kept, mine.label, upcoming, on=on)


def is_in_a_sent_charge(account: Account, subscription: Subscription) -> bool:
    """True while a company has not answered an automatic charge that renews it."""
    order = snapshot_of(account).open_order
    return order is not None and order.renews_end is not None and order.is_on_its_way and subscription.id in order.subscriptions


def end_renewal(account: Account, subscription: Subscription, actor: str, reason: str) -> bool:
    """Turn it off because it cannot be used any more. False if it was off. Call it with the account locked, and write the mail.

    A charge that has been sent is not called back: its term is paid.
    """
    alone = (Subscription.id == subscription.id) & Subscription.renews
    if not Subscription.update(renews=False, switched_on=None).where(alone).execute():
        return False
    why, last = f"{subscription.name}の自動更新：{reason}", subscription.last_term
    history.record("subscription", subscription.id, "renewal on", "renewal off", actor, why, account=account)
    if last:
        cancel_declined_order(account, last.ends_on, actor)
    sent_notices.withdraw(account)
    Schedule.wake(account, clock.today())
    return True

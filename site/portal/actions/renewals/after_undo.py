"""Updates the renewals after staff undid a payment. Called by `undo_allocation` inside its transaction, with the account locked."""

from models import Account, Schedule, SentNotice, Subscription
from portal import clock
from portal.actions.renewals import sent_notices
from portal.enums import NoticeKind


def after_undo(account: Account, subscriptions: list[Subscription]) -> None:
    """Withdraw outdated notices and schedule the account for today. The end and the deletion are announced anew, with their new days."""
    sent_notices.withdraw(account)
    outdated = SentNotice.kind.in_([NoticeKind.END, NoticeKind.DELETION_AHEAD]) & SentNotice.subscription.in_(subscriptions)
    SentNotice.delete().where(outdated).execute()
    Schedule.wake(account, clock.today())

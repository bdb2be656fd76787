"""Closing and opening a customer's account, by staff or the operator.

Closed: no sign-in, automatic charges are held (neither tried nor failed). Transfers stay payable, terms run out with their mails.
"""

from models import Account, Schedule, Session
from portal import clock
from portal.actions import history
from portal.actions.mail import account_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.renewals import open_charges, sent_notices, skipped_charges
from portal.actions.renewals.next_charges import upcoming
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog
from portal.enums import ChargeSkip
from portal.rules.renewals.charge_skips import Skipped
from portal.rules.renewals.next_renewals import Renewal
from portal.store.database import database


def close(account: Account, actor: str, reason: str, catalog: Catalog) -> tuple[Renewal, ...]:
    """End all sessions, refuse sign-in, hold all automatic charges; mail and history. Returns the charges that are held.

    Raises NotPossible if it is closed.
    """
    with database.atomic():
        if lock_account(account.id).is_closed:
            raise NotPossible("このアカウントは、すでに閉じられています。")
        held = upcoming(account, catalog).charged
        open_charges.give_up_unsent(account, "アカウントを閉じたため", actor)
        account = _change(account, "open", "closed", actor, reason, closed_at=clock.now(), reopened_at=None)
        Session.delete().where(Session.account == account).execute()
        for renewal in held:
            why = f"{renewal.charge.charged_on}の{renewal.yen}円：アカウントを閉じたため（{reason}）"
            skipped_charges.record(account, renewal.ends_on, Skipped(ChargeSkip.ACCOUNT_CLOSED, why), actor)
        account_mails.closed(account, reason, held, snapshot_of(account).entitlements, account.placed_transfer)
        return held


def reopen(account: Account, actor: str, reason: str, catalog: Catalog) -> tuple[Renewal, ...]:
    """Allow sign-in and automatic charges again: on the next day left, at least four days later. Returns the next charges.

    Raises NotPossible if it is open.
    """
    with database.atomic():
        if not lock_account(account.id).is_closed:
            raise NotPossible("このアカウントは、閉じられていません。")
        account = _change(account, "closed", "open", actor, reason, closed_at=None, reopened_at=clock.now())
        found = upcoming(account, catalog)
        account_mails.reopened(account, found)
        return found.charged


def _change(account: Account, before: str, after: str, actor: str, reason: str, **values: object) -> Account:
    Account.update(values).where(Account.id == account.id).execute()
    history.record("account", account.login, before, after, actor, reason, account=account)
    account = Account.get_by_id(account.id)
    sent_notices.withdraw(account)
    Schedule.wake(account, clock.today())
    return account

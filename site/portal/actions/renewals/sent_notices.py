"""Records which notices were mailed, and the prices and days that they announced. Called in the transaction that writes the mails."""

import json
from collections.abc import Sequence
from datetime import date

from models import Account, Announcement, Mail, SentNotice
from portal import clock
from portal.actions.mail import renewal_mails
from portal.enums import Method, NoticeKind
from portal.rules.renewals.renewal_group import RenewalGroup
from portal.rules.renewals.snapshot import Notice


def record(account: Account, *notices: Notice, mail: Mail | None = None) -> None:
    """Record these notices. They are not mailed again, unless their `mail` is withdrawn before it was sent."""
    rows = [{"account": account, "written_at": clock.now(), "mail": mail, **vars(notice)} for notice in notices]
    SentNotice.insert_many(rows).on_conflict_ignore().as_rowcount().execute()


def record_reset(account: Account) -> None:
    SentNotice.create(account=account, kind=NoticeKind.RESET, written_at=clock.now())


def record_announcement(account: Account, group: RenewalGroup) -> None:
    """Store what the notice announces: the first one fixes the maximum yen; each one fixes the earliest charge day."""
    lines = {line.subscription: line.yen for line in group.quote.lines if line.subscription is not None}
    values = {"account": account, "ends_on": group.ends_on, "charge_on": group.plan.charge.charged_on, "announced_on": clock.today()}
    row = Announcement.insert(yen=group.quote.yen, content=json.dumps(lines), **values)
    target = [Announcement.account, Announcement.ends_on]
    row.on_conflict(conflict_target=target, preserve=[Announcement.charge_on]).as_rowcount().execute()


def clear_announced_day(account: Account, method: Method, wallet_day: int | None) -> None:
    """If the customer changes the charge day, it may be earlier than announced. Call this before the renewal setting is changed."""
    setting = account.renewal_setting
    if setting and (setting.method, setting.wallet_day) != (method, wallet_day):
        Announcement.update(charge_on=None).where(Announcement.account == account).execute()


def raise_announced(account: Account, ends_on: date, subscription: int, yen: int) -> None:
    """Of what was announced for this end, the subscription may cost `yen` more: the customer has agreed to that since."""
    found = account.announcements.where(Announcement.ends_on == ends_on).first()
    lines = json.loads(found.content) if found else {}
    if str(subscription) in lines:
        lines[str(subscription)] += yen
        Announcement.update(yen=found.yen + yen, content=json.dumps(lines)).where(Announcement.id == found.id).execute()


def withdraw(account: Account) -> None:
    """Withdraw unsent mails that are no longer true. Nobody has read them, so their notices and what they announced count as unwritten:
    the worker writes each that is still due anew.
    """
    withdraw_all([account])


def withdraw_all(accounts: Sequence[Account]) -> None:
    """The same for several."""
    withdrawn = renewal_mails.withdraw(accounts)
    notices = list(SentNotice.select().where(SentNotice.mail.in_(withdrawn))) if withdrawn else []
    for notice in notices:
        written_on, is_its = clock.day_of(notice.written_at), Announcement.ends_on == notice.ends_on
        mine = (Announcement.account == notice.account_id) & is_its
        Announcement.delete().where(mine, Announcement.announced_on == written_on).execute()
        notice.delete_instance()

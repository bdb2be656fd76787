"""Which notices were written, and what they promised of a charge. Called inside the transaction that writes their mails."""

import json

from models import Account, Announcement, SentNotice
from portal import clock
from portal.actions.mail import renewal_mails
from portal.enums import MailKind, Method, NoticeKind
from portal.rules.renewals.renewal_group import RenewalGroup
from portal.rules.renewals.snapshot import Notice


def record(account: Account, *notices: Notice) -> None:
    """They are not written again, whether the mail is sent, fails or is withdrawn."""
    rows = [{"account": account, "written_at": clock.now(), **vars(notice)} for notice in notices]
    SentNotice.insert_many(rows).on_conflict_ignore().as_rowcount().execute()


def record_reset(account: Account) -> None:
    SentNotice.create(account=account, kind=NoticeKind.RESET, written_at=clock.now())


def promise(account: Account, group: RenewalGroup) -> None:
    """The first notice fixes what the charge may be at most, each one before which day it does not come."""
    lines = {line.subscription: line.yen for line in group.quote.lines if line.subscription is not None}
    values = {"account": account, "ends_on": group.ends_on, "charge_on": group.plan.charge.charged_on, "announced_on": clock.today()}
    row = Announcement.insert(yen=group.quote.yen, content=json.dumps(lines), **values)
    target = [Announcement.account, Announcement.ends_on]
    row.on_conflict(conflict_target=target, preserve=[Announcement.charge_on]).as_rowcount().execute()


def let_the_day_move(account: Account, method: Method, wallet_day: int | None) -> None:
    """Call it before the renewal is set to these. Another day of charge is the customer's choice, whatever a notice named."""
    setting = account.renewal_setting
    if setting and (setting.method, setting.wallet_day) != (method, wallet_day):
        Announcement.update(charge_on=None).where(Announcement.account == account).execute()


def withdraw(account: Account) -> None:
    """Take back the mails that wait to be sent and have become untrue. A notice that never went out promises nothing."""
    for mail in renewal_mails.withdraw(account):
        if mail.kind == MailKind.RENEWAL_NOTICE:
            written_on = clock.day_of(mail.created_at)
            Announcement.delete().where(Announcement.account == account, Announcement.announced_on == written_on).execute()

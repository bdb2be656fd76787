"""Reads every mail on the evening of the day on which it was written, and finds what it says of the future in the forecast."""

from collections import Counter
from dataclasses import dataclass, field

from models import Account, Mail
from portal.enums import MailKind
from tests.forecast import said
from tests.forecast.foreseen import foreseen
from tests.forecast.world import World

# They name what will not happen any more: held charges, withdrawn terms.
OF_WHAT_IS_OVER = {MailKind.ACCOUNT_CLOSED, MailKind.PAID_ORDER_CANCELLED}


@dataclass
class Postbox:
    """`faults`: what mails said that was not foreseen when they were written."""

    covered: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    read_until: int = 0

    def read(self, world: World) -> None:
        query = Mail.select(Mail, Account).join(Account).where(Mail.id > self.read_until).order_by(Mail.id)
        by_account: dict[Account, list[Mail]] = {}
        for mail in query:
            by_account.setdefault(mail.account, []).append(mail)
            self.read_until = mail.id
        for account, mails in by_account.items():
            self._read(account, mails, world)

    def _read(self, account: Account, mails: list[Mail], world: World) -> None:
        known = foreseen(account, world.today, world.catalog)
        for mail in mails:
            self.covered[f"mail: {mail.kind}"] += 1
            for each in said.in_mail(mail.subject, mail.body, f"mail {mail.kind} to {account.login}", world.today):
                self.covered[f"day in a mail: {each.kind or 'any'}"] += 1
                if known.contradicts(each) and mail.kind not in OF_WHAT_IS_OVER:
                    self.faults.append(f"{world.today} {each} is not foreseen")

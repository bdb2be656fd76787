"""Reads every mail on the evening of the day on which it was written, and finds what it says of the future in the forecast."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from models import Account, Certificate, Mail
from portal.actions.renewals.snapshot import snapshot_of
from portal.enums import MailKind, ProductKind
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
            if mail.kind == MailKind.RENEWAL_BY_HAND and " hand " in mail.entity:
                self.faults += [f"{world.today} mail to {account.login}: {fault}" for fault in self._of_certificates(account, mail)]
            for each in said.in_mail(mail.subject, mail.body, f"mail {mail.kind} to {account.login}", world.today):
                self.covered[f"day in a mail: {each.kind or 'any'}"] += 1
                if known.contradicts(each) and mail.kind not in OF_WHAT_IS_OVER:
                    self.faults.append(f"{world.today} {each} is not foreseen")

    def _of_certificates(self, account: Account, mail: Mail) -> Iterator[str]:
        """What was bought and never set up, and what could not be issued, stand in the notice of their end, and nothing else does."""
        ends_on = date.fromisoformat(mail.entity.split(" ")[3])
        ending = [mine for mine in snapshot_of(account).ending(ends_on) if mine.kind is ProductKind.CERTIFICATE]
        known = [Certificate.of(mine.subscription) for mine in ending]
        for words, is_so in (
            ("まだコモンネームが設定されていない", any(each is None for each in known)),
            ("証明書を発行できなかったまま", any(each is not None and each.is_failed for each in known)),
        ):
            self.covered[f"「{words}」 {is_so}"] += 1
            if (words in mail.body.replace("\n", "")) is not is_so:
                yield f"「{words}」 is {is_so} for {ends_on}"

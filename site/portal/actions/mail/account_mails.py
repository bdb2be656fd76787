"""Mails about sign-in and the account itself. Call them inside the transaction of the event."""

from collections.abc import Iterable
from datetime import datetime

from models import Account, Order
from portal import clock
from portal.actions.mail import outbox, rendering
from portal.enums import MailKind
from portal.rules.renewals.next_renewals import NextRenewals, Renewal


def new_browser(account: Account, address: str, user_agent: str, form: str) -> None:
    """One mail for each sign-in form, however often its button is pressed."""
    about = {"at": clock.now(), "address": address, "user_agent": user_agent}
    outbox.queue(MailKind.NEW_BROWSER, f"sign-in {account.login} {form}", account.email, account, **about)


def password_changed(account: Account) -> None:
    at = clock.now()
    outbox.queue(MailKind.PASSWORD_CHANGED, f"account {account.login} {at.isoformat()}", account.email, account, at=at)


def closed(account: Account, reason: str, held: Iterable[Renewal], lines: Iterable[rendering.Item], transfer: Order | None) -> None:
    """`held`: the charges that are not made; `transfer`: the order that waits for one."""
    about = {"reason": reason, "renewals": tuple(held), "lines": tuple(lines)}
    if transfer:
        about |= {"number": transfer.number, "missing_yen": transfer.missing_yen, "due_on": transfer.due_on}
    outbox.queue(MailKind.ACCOUNT_CLOSED, _entity(account, account.closed_at), account.email, account, **about)


def reopened(account: Account, upcoming: NextRenewals) -> None:
    outbox.queue(MailKind.ACCOUNT_REOPENED, _entity(account, account.reopened_at), account.email, account, upcoming=upcoming)


def _entity(account: Account, at: datetime) -> str:
    return f"account {account.login} {at.isoformat()}"

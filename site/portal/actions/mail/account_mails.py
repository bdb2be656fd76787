"""Mails about sign-in. Call them inside the transaction of the event."""

from models import Account
from portal import clock
from portal.actions.mail import outbox
from portal.enums import MailKind


def new_browser(account: Account, address: str, user_agent: str, form: str) -> None:
    """One mail for each sign-in form, however often its button is pressed."""
    about = {"at": clock.now(), "address": address, "user_agent": user_agent}
    outbox.queue(MailKind.NEW_BROWSER, f"sign-in {account.login} {form}", account.email, account, **about)


def password_changed(account: Account) -> None:
    at = clock.now()
    outbox.queue(MailKind.PASSWORD_CHANGED, f"account {account.login} {at.isoformat()}", account.email, account, at=at)

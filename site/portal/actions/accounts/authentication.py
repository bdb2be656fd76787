"""Sign-in, with limits on guessing that cannot lock out the owner., which stand in sign_in_limits."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from models import Account, SignInAttempt, Staff
from portal import clock
from portal.actions.accounts.accounts import has_password
from portal.actions.accounts.sign_in_limits import TooMany, is_over_limit
from portal.actions.mail import account_mails
from portal.rules.accounts.networks import network_of
from portal.security_log import SecurityEvent, note
from portal.store.database import database


@dataclass(frozen=True)
class SignInArea:
    """One of the two sign-in pages. `mark` keeps their counts apart. It is upper case, which a typed login never is."""

    find: Callable[[str], Account | Staff | None]
    mark: str = ""

    def name(self, login: str) -> str:
        return f"{self.mark}{login.strip().lower()}"


CUSTOMERS = SignInArea(Account.by_login)
STAFF = SignInArea(Staff.by_login, "STAFF/")


@dataclass(frozen=True)
class Refused:
    """Wrong ID or password; the same result for both."""


@dataclass(frozen=True)
class Closed:
    """The right password of an account that staff have closed."""


def sign_in(
    login: str,
    password: str,
    *,
    address: str,
    device: str | None,
    secret: str,
    browser: str = "",
    form: str = "",
    area: SignInArea = CUSTOMERS,
) -> Account | Staff | Refused | Closed | TooMany:
    """The account, if the password is right and no limit is reached. A customer gets a mail about a new browser.

    `form` identifies the page whose button was pressed: pressed twice, it is one mail.
    """
    now, account, name = clock.real_now(), area.find(login), area.name(login)
    known = hashed(device, secret) if account and device and knows_device(device, name, secret) else None
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=known, at=now)
    if is_over_limit(attempt):
        attempt.delete_instance()
        note(SecurityEvent.TOO_MANY, person=account, typed_hash=attempt.login_hash)
        return TooMany()
    if has_password(account, password):
        attempt.delete_instance()
        if isinstance(account, Account) and account.is_closed:
            note(SecurityEvent.CLOSED_ACCOUNT, person=account)
            return Closed()
        note(SecurityEvent.SIGNED_IN if isinstance(account, Account) else SecurityEvent.PASSWORD_RIGHT, person=account)
        if known is None and isinstance(account, Account):
            _mail_about_new_browser(account, address, browser, form)
        return account
    note(SecurityEvent.WRONG_PASSWORD, person=account, typed_hash=attempt.login_hash)
    return Refused()


def is_own_password(account: Account, password: str, *, address: str, secret: str) -> bool | TooMany:
    """Checks the password of a signed-in customer. The limits are those of sign-in, counted separately."""
    name, now = f"PASSWORD/{account.login}", clock.real_now()
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=None, at=now)
    if is_over_limit(attempt):
        attempt.delete_instance()
        note(SecurityEvent.TOO_MANY, person=account)
        return TooMany()
    if not has_password(account, password):
        note(SecurityEvent.WRONG_PASSWORD, person=account)
        return False
    attempt.delete_instance()
    return True


def _mail_about_new_browser(account: Account, address: str, browser: str, form: str) -> None:
    with database.atomic():
        account_mails.new_browser(account, address, browser, form)


def device_mark(login: str, secret: str, nonce: str) -> str:
    """The value of the device cookie. It only gives the browser a count of its own at sign-in."""
    return f"{nonce}.{_sign(f'{nonce} {login}', secret)}"


def knows_device(mark: str, login: str, secret: str) -> bool:
    nonce, _, _ = mark.partition(".")
    return hmac.compare_digest(device_mark(login, secret, nonce).encode(), mark.encode())


def hashed(name: str, secret: str) -> str:
    """People type passwords into the login field, so the table stores only hashes."""
    return _sign(name, secret)


def _sign(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

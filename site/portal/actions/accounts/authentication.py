"""Sign-in, with limits on guessing that cannot lock out the owner (rules/accounts/limits.py)."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from models import Account, Staff
from portal.actions.accounts import limits
from portal.actions.accounts.accounts import has_password
from portal.actions.accounts.limits import Who
from portal.actions.mail import account_mails
from portal.rules.accounts.limits import Limited, TooMany
from portal.security_log import SecurityEvent, note
from portal.store.database import database


@dataclass(frozen=True)
class SignInArea:
    """One of the two sign-in pages. `mark` keeps their counts apart. It is upper case, which a typed login never is."""

    find: Callable[[str], Account | Staff | None]
    mark: str = ""

    def name(self, login: str) -> str:
        return f"{self.mark}{login.strip().lower()}"

    def owner(self, person: Account | Staff) -> str:
        """Whose browsers are known: a name with its password. A new password makes every browser a new one, also a thief's."""
        return f"{self.name(person.login)} {person.password_hash}"


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
    account = area.find(login)
    who = _who(account, area, login, address, device, secret)
    tried = limits.count(Limited.SIGN_IN, who)
    if isinstance(tried, TooMany):
        return tried
    if not has_password(account, password):
        note(SecurityEvent.WRONG_PASSWORD, person=account, typed_hash=who.name)
        return Refused()
    tried.take_back()
    if isinstance(account, Account) and account.is_closed:
        note(SecurityEvent.CLOSED_ACCOUNT, person=account)
        return Closed()
    note(SecurityEvent.SIGNED_IN if isinstance(account, Account) else SecurityEvent.PASSWORD_RIGHT, person=account)
    if who.browser is None and isinstance(account, Account):
        _mail_about_new_browser(account, address, browser, form)
    return account


def is_own_password(account: Account, password: str, *, address: str, device: str | None, secret: str) -> bool | TooMany:
    """Checks the password of a signed-in customer. The limits are those of sign-in, counted separately."""
    tried = limits.count(Limited.OWN_PASSWORD, _who(account, CUSTOMERS, account.login, address, device, secret))
    if isinstance(tried, TooMany):
        return tried
    if not has_password(account, password):
        note(SecurityEvent.WRONG_PASSWORD, person=account)
        return False
    tried.take_back()
    return True


def known_browser(device: str | None, owner: str, secret: str) -> str | None:
    """The hash of the browser's mark, if it has signed in as this owner before."""
    return hashed(device, secret) if device and knows_device(device, owner, secret) else None


def _who(found: Account | Staff | None, area: SignInArea, login: str, address: str, device: str | None, secret: str) -> Who:
    browser = known_browser(device, area.owner(found), secret) if found else None
    return Who(hashed(area.name(login), secret), address, browser, found)


def _mail_about_new_browser(account: Account, address: str, browser: str, form: str) -> None:
    """A few an hour: whoever signs in with a new browser each time is told of the first ones, and staff see that it goes on."""
    with database.atomic():
        if not isinstance(limits.count(Limited.BROWSER_MAIL, limits.of_account(account), press=form), TooMany):
            account_mails.new_browser(account, address, browser, form)


def passed_before(device: str | None, secret: str) -> str | None:
    """The hash of the browser's mark, if it has signed in before under whatever name."""
    drawn, _, sealed = (device or "").partition(".")[0].partition("~")
    return hashed(device, secret) if sealed and hmac.compare_digest(_seal(drawn, secret).encode(), sealed.encode()) else None


def new_nonce(secret: str) -> str:
    """For `device_mark`; sealed, so that a mark is known for ours before anybody has typed a name."""
    drawn = secrets.token_urlsafe(9)
    return f"{drawn}~{_seal(drawn, secret)}"


def device_mark(owner: str, secret: str, nonce: str) -> str:
    """The value of the device cookie. It only gives the browser a count of its own at sign-in. `owner`: of SignInArea."""
    return f"{nonce}.{_sign(f'{nonce} {owner}', secret)}"


def knows_device(mark: str, owner: str, secret: str) -> bool:
    nonce, _, _ = mark.partition(".")
    return hmac.compare_digest(device_mark(owner, secret, nonce).encode(), mark.encode())


def hashed(name: str, secret: str) -> str:
    """People type passwords into the login field, so the table stores only hashes."""
    return _sign(name, secret)


def _seal(drawn: str, secret: str) -> str:
    return _sign(f"browser {drawn}", secret)[:16]


def _sign(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

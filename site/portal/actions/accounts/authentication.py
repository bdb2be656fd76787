"""Sign-in, with limits on guessing that cannot lock out the owner.

Wrong passwords are counted per account and network, per network, and per account over all networks. A browser that has signed in to the
account before has a signed device cookie and is counted alone, so a stranger's guesses never lock out the owner.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Account, SignInAttempt, Staff
from portal import clock
from portal.actions.accounts.accounts import has_password
from portal.actions.mail import account_mails
from portal.store.database import database

PAUSE = timedelta(minutes=15)
TRIES_PER_ACCOUNT_AND_NETWORK = 10
TRIES_PER_NETWORK = 50
TRIES_PER_ACCOUNT = 100


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
class TooMany:
    """Too many wrong passwords. The next attempt is accepted in `minutes`."""

    minutes: int


def sign_in(
    login: str, password: str, *, address: str, device: str | None, secret: str, browser: str = "", area: SignInArea = CUSTOMERS
) -> Account | Staff | Refused | TooMany:
    """The account, if the password is right and no limit is reached. A customer gets a mail about a new browser."""
    now, account, name = clock.real_now(), area.find(login), area.name(login)
    known = hashed(device, secret) if account and device and knows_device(device, name, secret) else None
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=known, at=now)
    if _too_many(attempt):
        attempt.delete_instance()
        return TooMany(minutes=int(PAUSE.total_seconds() // 60))
    if has_password(account, password):
        attempt.delete_instance()
        if known is None and isinstance(account, Account):
            _mail_about_new_browser(account, address, browser)
        return account
    return Refused()


def is_own_password(account: Account, password: str, *, address: str, secret: str) -> bool | TooMany:
    """Checks the password of a signed-in customer. The limits are those of sign-in, counted separately."""
    name, now = f"PASSWORD/{account.login}", clock.real_now()
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=None, at=now)
    if _too_many(attempt):
        attempt.delete_instance()
        return TooMany(minutes=int(PAUSE.total_seconds() // 60))
    if not has_password(account, password):
        return False
    attempt.delete_instance()
    return True


def _mail_about_new_browser(account: Account, address: str, browser: str) -> None:
    with database.atomic():
        account_mails.new_browser(account, address, browser)


def device_mark(login: str, secret: str, nonce: str) -> str:
    """The value of the device cookie. It only gives the browser a count of its own at sign-in."""
    return f"{nonce}.{_sign(f'{nonce} {login}', secret)}"


def knows_device(mark: str, login: str, secret: str) -> bool:
    nonce, _, _ = mark.partition(".")
    return hmac.compare_digest(device_mark(login, secret, nonce).encode(), mark.encode())


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, because one customer has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def sweep(now: datetime) -> int:
    """Delete attempts that no limit counts any more. Returns how many."""
    return SignInAttempt.delete().where(SignInAttempt.at < now - PAUSE).execute()


def _too_many(attempt: SignInAttempt) -> bool:
    """The attempt itself is stored first and counted, so parallel requests cannot pass the limit."""
    recent = SignInAttempt.select().where(SignInAttempt.at > attempt.at - PAUSE)
    ours = recent.where(SignInAttempt.login_hash == attempt.login_hash)
    if attempt.device:
        return ours.where(SignInAttempt.device == attempt.device).count() > TRIES_PER_ACCOUNT_AND_NETWORK
    strangers = ours.where(SignInAttempt.device.is_null())
    return (
        strangers.where(SignInAttempt.address == attempt.address).count() > TRIES_PER_ACCOUNT_AND_NETWORK
        or recent.where(SignInAttempt.address == attempt.address, SignInAttempt.device.is_null()).count() > TRIES_PER_NETWORK
        or strangers.count() > TRIES_PER_ACCOUNT
    )


def hashed(name: str, secret: str) -> str:
    """People type passwords into the login field, so the table stores only hashes."""
    return _sign(name, secret)


def _sign(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

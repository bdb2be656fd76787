"""Signing in, with limits on guessing that cannot lock the owner out.

Wrong passwords are counted in three buckets: per account and network, per network, and per account over everyone. A browser
that has signed in to the account before carries a mark of its own and is counted alone, so that a stranger's guesses never
close the owner's way.
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
    """One of the two ways in. `mark` keeps their counts and browsers apart: in capitals, which no login that is typed ever has."""

    find: Callable[[str], Account | Staff | None]
    mark: str = ""

    def name(self, login: str) -> str:
        return f"{self.mark}{login.strip().lower()}"


CUSTOMERS = SignInArea(Account.by_login)
STAFF = SignInArea(Staff.by_login, "STAFF/")


@dataclass(frozen=True)
class Refused:
    """Wrong ID or password: the same answer for both."""


@dataclass(frozen=True)
class TooMany:
    """Too many wrong tries; `minutes` until the next one is listened to."""

    minutes: int


def sign_in(
    login: str, password: str, *, address: str, device: str | None, secret: str, browser: str = "", area: SignInArea = CUSTOMERS
) -> Account | Staff | Refused | TooMany:
    """Who it is, if the password is right and not too many wrong ones came before it. A customer hears of a new browser by mail."""
    now, account, name = clock.real_now(), area.find(login), area.name(login)
    known = hashed(device, secret) if account and device and knows_device(device, name, secret) else None
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=known, at=now)
    if _too_many(attempt):
        attempt.delete_instance()
        return TooMany(minutes=int(PAUSE.total_seconds() // 60))
    if has_password(account, password):
        attempt.delete_instance()
        if known is None and isinstance(account, Account):
            _tell(account, address, browser)
        return account
    return Refused()


def is_own_password(account: Account, password: str, *, address: str, secret: str) -> bool | TooMany:
    """Whether somebody who is signed in knows the password too; guesses here are counted as at the door, apart from those."""
    name, now = f"PASSWORD/{account.login}", clock.real_now()
    attempt = SignInAttempt.create(login_hash=hashed(name, secret), address=network_of(address), device=None, at=now)
    if _too_many(attempt):
        attempt.delete_instance()
        return TooMany(minutes=int(PAUSE.total_seconds() // 60))
    if not has_password(account, password):
        return False
    attempt.delete_instance()
    return True


def _tell(account: Account, address: str, browser: str) -> None:
    with database.atomic():
        account_mails.new_browser(account, address, browser)


def device_mark(login: str, secret: str, nonce: str) -> str:
    """What a browser keeps after signing in: worth nothing but a count of its own at the sign-in page."""
    return f"{nonce}.{_sign(f'{nonce} {login}', secret)}"


def knows_device(mark: str, login: str, secret: str) -> bool:
    nonce, _, _ = mark.partition(".")
    return hmac.compare_digest(device_mark(login, secret, nonce).encode(), mark.encode())


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 that one IPv6 customer has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def sweep(now: datetime) -> int:
    """Forget wrong tries that no limit counts any more; how many."""
    return SignInAttempt.delete().where(SignInAttempt.at < now - PAUSE).execute()


def _too_many(attempt: SignInAttempt) -> bool:
    """Counted with the attempt itself already written, so that a hundred at once are no way around the limit."""
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
    """People type passwords into the wrong field: the table does not keep what was typed there."""
    return _sign(name, secret)


def _sign(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

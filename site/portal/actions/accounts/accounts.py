"""Accounts and passwords."""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import Account, OneTimeLink, Session, Staff
from portal import clock
from portal.actions import history
from portal.actions.mail import account_mails
from portal.enums import LinkPurpose
from portal.rules.accounts import passwords
from portal.rules.accounts.mail_addresses import why_refused
from portal.rules.accounts.name_key import name_key
from portal.rules.accounts.people import why_no_login, why_no_name
from portal.security_log import SecurityEvent, note
from portal.store.database import database

# 19 MiB, 3 passes: above OWASP's minimum, and small enough for eight sign-ins at once on a small machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
# Of random bytes that were thrown away. Written down, because to make one takes as long at each start as a sign-in.
_NOBODY = "$argon2id$v=19$m=19456,t=3,p=1$qDLBc7vw7vFfHUzbwcxmnQ$PRl/WRRjtvFNWDY+HKpGBJHjs3KYt2NkdZiexoatcxA"


class NotAcceptable(ValueError):
    """The account cannot be created like this. The text says in Japanese what to change."""


def add_account(*, login: str, password: str, name: str, email: str, plan: str, site: Iterable[str], actor: str = "operator") -> Account:
    """Create an account with its plan. Raises NotAcceptable if the login is taken or malformed, or the password is refused.

    `site`: the company's own texts, of which no password is made (rules/accounts/passwords).
    """
    login = login.strip().lower()
    check_person(login, name)
    check_password(password, (*site, login, name, email))
    if why := why_refused(email):
        raise NotAcceptable(why)
    with database.atomic():
        if Account.by_login(login):
            raise NotAcceptable(f"ログインID「{login}」はすでに使われています。")
        about = {"login": login, "name": name, "name_key": name_key(name), "email": email, "plan": plan}
        account = Account.create(password_hash=hash_password(password), created_at=clock.now(), **about)
        history.record("account", login, None, "open", actor, "アカウントを作成", account=account)
        return account


def hash_password(password: str) -> str:
    return _HASHER.hash(passwords.as_compared(password))


def change_password(account: Account, password: str, site: Iterable[str], *, own: Session | None = None) -> bool:
    """Set a new password and end every session of the account. Raises NotAcceptable if it is refused.

    `own`: the session in which the button was pressed; it ends too, and stays known, so that a second press is answered.
    False if the password was changed since `account` was read, unless to this one: the button was pressed twice. `account` then has what
    is stored.
    """
    check_password(password, (*site, *own_texts(account)))
    password_hash = hash_password(password)
    with database.atomic():
        unchanged = (Account.id == account.id) & (Account.password_hash == account.password_hash)
        if not Account.update(password_hash=password_hash).where(unchanged).execute():
            account.password_hash = Account.get_by_id(account.id).password_hash
            return has_password(account, password)
        OneTimeLink.replace(account, *LinkPurpose)  # whoever knew the old password may have asked for them
        Session.delete().where(Session.account == account, Session.token_hash != (own.token_hash if own else "")).execute()
        if own:
            own.end_at(clock.real_now())
        history.record("account", account.login, "open", "open", history.by(account), "パスワードを変更", account=account)
        account_mails.password_changed(account)
    account.password_hash = password_hash
    note(SecurityEvent.PASSWORD_CHANGED, person=account)
    return True


def has_password(account: Account | Staff | None, password: str) -> bool:
    """True if the password is right, in its whole length. Takes as long if there is no such account."""
    spellings = dict.fromkeys((passwords.as_compared(password), password))  # stored as it was typed before NFC
    stored = account.password_hash if account else _NOBODY
    is_right = any(_is_of(stored, spelling[: passwords.LONGEST]) for spelling in spellings)
    return is_right and account is not None and len(passwords.as_compared(password)) <= passwords.LONGEST


def own_texts(account: Account) -> tuple[str, ...]:
    """What others know of the customer: no password is made of it."""
    return account.login, account.name, account.email


def check_person(login: str, name: str) -> None:
    """The rules for logins and names of customers and staff. Raises NotAcceptable."""
    if why := why_no_login(login):
        raise NotAcceptable(why)
    check_name(name)


def check_name(name: str) -> None:
    if why := why_no_name(name):
        raise NotAcceptable(why)


def check_password(password: str, known_texts: Iterable[str]) -> None:
    if why := passwords.why_refused(password, known_texts):
        raise NotAcceptable(why)


def _is_of(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False

"""Accounts and passwords."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import Account, Session, Staff
from portal import clock
from portal.actions import history
from portal.actions.mail import account_mails
from portal.rules.accounts.name_key import name_key
from portal.store.database import database

# 19 MiB, 3 passes: above OWASP's minimum, and small enough for eight sign-ins at once on a small machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")
MIN_PASSWORD = 8
MAX_PASSWORD = 1000
LONGEST_LOGIN = 48  # the history's actor column has 64 characters


class NotAcceptable(ValueError):
    """The account cannot be created like this. The text says in Japanese what to change."""


def add_account(*, login: str, password: str, name: str, email: str, plan: str, actor: str = "operator") -> Account:
    """Create an account with its plan. Raises NotAcceptable if the login is taken or malformed, or the password too short."""
    login = login.strip().lower()
    check_person(login, password, name)
    _check_email(email)
    with database.atomic():
        if Account.by_login(login):
            raise NotAcceptable(f"ログインID「{login}」はすでに使われています。")
        about = {"login": login, "name": name, "name_key": name_key(name), "email": email, "plan": plan}
        account = Account.create(password_hash=hash_password(password), created_at=clock.now(), **about)
        history.record("account", login, None, "open", actor, "アカウントを作成", account=account)
        return account


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def change_password(account: Account, password: str) -> bool:
    """Set a new password and end every session of the account. Raises NotAcceptable if it is too short.

    False if it was changed since `account` was read, unless to this one: the button was pressed twice.
    """
    _check_password(password)
    password_hash = _HASHER.hash(password)
    with database.atomic():
        unchanged = (Account.id == account.id) & (Account.password_hash == account.password_hash)
        if not Account.update(password_hash=password_hash).where(unchanged).execute():
            return has_password(Account.get_by_id(account.id), password)
        Session.delete().where(Session.account == account).execute()
        history.record("account", account.login, "open", "open", history.by(account), "パスワードを変更", account=account)
        account_mails.password_changed(account)
        return True


def has_password(account: Account | Staff | None, password: str) -> bool:
    """True if the password is right. Takes as long if there is no such account."""
    try:
        return _HASHER.verify(account.password_hash if account else _NOBODY, password[:MAX_PASSWORD]) and account is not None
    except (VerificationError, InvalidHashError):
        return False


def check_person(login: str, password: str, name: str) -> None:
    """The rules for logins, passwords and names of customers and staff. Raises NotAcceptable."""
    if not (login.isascii() and login.replace("-", "").replace("_", "").isalnum() and len(login) <= LONGEST_LOGIN):
        raise NotAcceptable("ログインIDは48文字までの半角英数字と - _ で指定してください。")
    _check_password(password)
    if not name.strip() or any(not character.isprintable() for character in name.replace("\u3000", " ")):
        raise NotAcceptable("お名前は改行などを含まない文字で指定してください。")


def _check_email(email: str) -> None:
    if email.count("@") != 1 or " " in email or len(email) > 254 or not email.isprintable():
        raise NotAcceptable("メールアドレスの形が正しくありません。")


def _check_password(password: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise NotAcceptable(f"パスワードは{MIN_PASSWORD}文字以上にしてください。")

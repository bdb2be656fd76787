"""A forgotten password: a link by mail, good for one new password.

The web stores what was typed and answers; the worker looks whose it is. So the answer and its time are the same for known and unknown
names. A link is drawn when its mail is sent (actions/mail/links.py).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Account, CountedTry, OneTimeLink, PasswordRequest, Session
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.accounts.accounts import check_password, has_password, hash_password, own_texts
from portal.actions.accounts.authentication import CUSTOMERS, hashed
from portal.actions.accounts.limits import Who
from portal.actions.mail import account_mails
from portal.actions.refusals import NotPossible
from portal.actions.row_by_row import Failed, one_by_one
from portal.enums import LinkPurpose
from portal.rules.accounts.limits import Limited, TooMany
from portal.security_log import SecurityEvent, note
from portal.store.batches import delete
from portal.store.database import database
from portal.store.row_locks import take

LONGEST_TYPED = 254  # a mail address
MOST_ACCOUNTS = 20  # with one address
MOST_LINKS = 3  # while the first of them is good: whoever is refused has one in the mailbox that works
HOUR = timedelta(hours=1)
ONE_PRESS = timedelta(minutes=1)


@dataclass(frozen=True)
class Done:
    """The password is the new one."""

    account: Account


def ask(typed: str, form: str, *, address: str, secret: str) -> TooMany | None:
    """Somebody typed a login or a mail address. `form`: which form was pressed; pressed twice, it is asked once."""
    key = hashlib.sha256(f"{form} {typed}".encode()).hexdigest()
    counted = limits.count(Limited.RESET, Who(hashed(typed.lower(), secret), address), press=key)
    if isinstance(counted, TooMany):
        return counted
    PasswordRequest.insert(form=key, typed=typed[:LONGEST_TYPED], asked_at=clock.real_now()).on_conflict_ignore().execute()
    return None


def answer_requests() -> Iterator[PasswordRequest | Failed]:
    """Mail a link to each account that was asked for. Yields each answered request."""
    rows = PasswordRequest.select().where(PasswordRequest.answered_at.is_null()).order_by(PasswordRequest.id).limit(100)
    return one_by_one("password request", list(rows), _answer)


def send_link(account: Account, actor: str, reason: str = "") -> OneTimeLink:
    """Mail a new link; older ones open nothing any more. `reason`: of staff. Raises NotPossible: closed, or just sent."""
    with database.atomic():
        account = Account.locked(account.id)
        if account.is_closed:
            raise NotPossible("このアカウントは閉じられています。再び開いてから、リンクを送ってください。")
        if reason and was_just_sent(account, actor, reason):
            raise NotPossible("このリンクは、いま送ったところです。")
        link = open_link(account, LinkPurpose.PASSWORD, account.email)
        account_mails.password_link(account, link, reason)
        history.record("account", account.login, "open", "open", actor, _sent(reason), account=account)
        return link


def was_just_sent(account: Account, actor: str, reason: str) -> bool:
    """By the same staff member for the same reason, within a minute: the button was pressed twice."""
    return history.has(f"account {account.login}", actor, _sent(reason), since=clock.now() - ONE_PRESS)


def _sent(reason: str) -> str:
    return f"パスワードの再設定のリンクを送信（{reason}）" if reason else "パスワードの再設定のリンクを送信"


def open_link(account: Account, purpose: LinkPurpose, address: str) -> OneTimeLink:
    """The one open link of this account and purpose. Call it with the account locked."""
    OneTimeLink.replace(account, purpose)
    return OneTimeLink.create(account=account, purpose=purpose, address=address, created_at=clock.real_now())


def choose(link: OneTimeLink, password: str, site: Iterable[str], *, secret: str) -> Done | None:
    """Set the password, once; end all sessions, forget wrong passwords, mail. Raises NotAcceptable if it is refused.

    None if the link is not good any more. The same press again: Done.
    """
    account = link.account
    check_password(password, (*site, *own_texts(account)))
    password_hash = hash_password(password)
    with database.atomic():
        account = Account.locked(account.id)
        if account.is_closed or not link.use(clock.real_now()):
            is_again = was_just_used(link, account) and has_password(account, password)
            return Done(account) if is_again else None
        Account.update(password_hash=password_hash).where(Account.id == account.id).execute()
        OneTimeLink.replace(account, *LinkPurpose)  # whoever knew the old password may have asked for them
        Session.delete().where(Session.account == account).execute()
        guessed = (CountedTry.kind == Limited.SIGN_IN) & (CountedTry.who == hashed(CUSTOMERS.name(account.login), secret))
        CountedTry.delete().where(guessed).execute()
        history.record(
            "account", account.login, "open", "open", history.by(account), "パスワードを変更（メールのリンクから）", account=account
        )
        account_mails.password_changed(account, by_link=True)
        account.password_hash = password_hash
    note(SecurityEvent.PASSWORD_CHANGED, person=account)
    return Done(account)


def sweep(now: datetime) -> int:
    """Requests that no press can repeat any more."""
    old = (PasswordRequest.answered_at.is_null(False)) & (PasswordRequest.asked_at < now - HOUR)
    return delete(PasswordRequest, old)


def _answer(row: PasswordRequest) -> PasswordRequest | None:
    with database.atomic():
        request = take(PasswordRequest.select().where(PasswordRequest.id == row.id, PasswordRequest.answered_at.is_null()))
        if request is None:
            return None
        for account in _meant(request.typed):
            if _links_of_late(account) < MOST_LINKS:
                send_link(account, history.PORTAL)
        PasswordRequest.update(typed=None, answered_at=clock.real_now()).where(PasswordRequest.id == request.id).execute()
        return request


def _meant(typed: str) -> list[Account]:
    if "@" in typed:
        return list(Account.open_with_email(typed).limit(MOST_ACCOUNTS))
    account = Account.by_login(typed)
    return [account] if account and not account.is_closed else []


def _links_of_late(account: Account) -> int:
    since = clock.real_now() - OneTimeLink.LASTS
    return account.links.where(OneTimeLink.purpose == LinkPurpose.PASSWORD, OneTimeLink.created_at > since).count()


def was_just_used(link: OneTimeLink, account: Account) -> bool:
    """The button was pressed twice. Only at once, so that a used link is no way to try passwords."""
    now = OneTimeLink.get_by_id(link.id)
    at_once = now.used_at is not None and clock.real_now() - now.used_at < ONE_PRESS
    return at_once and not account.is_closed and now.token_hash == link.token_hash

"""A customer's sign-ins: seen, and ended one by one or all others at once by the customer, all by staff."""

from models import Account, Session
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.mail import account_mails
from portal.rules.accounts.limits import Limited, TooMany
from portal.store.database import database

MOST_SHOWN = 20


def open_sessions(account: Account) -> list[Session]:
    """The sign-ins that have not ended, the one used last first."""
    query = account.sessions.where(~Session.is_over(clock.real_now())).order_by(Session.seen_at.desc(), Session.created_at.desc())
    return list(query.limit(MOST_SHOWN))


def end_others(account: Account, own: Session, mark: str | None = None) -> int:
    """End the sign-in with this mark, or all but `own`; history and a mail. Returns how many; without any, nothing is written.

    After three mails in an hour the next ones are not written.
    """
    with database.atomic():
        account = Account.locked(account.id)
        others = [row for row in account.sessions.where(Session.token_hash != own.token_hash) if mark in (None, row.mark)]
        ended = _end(account, others)
        if ended:
            history.record(
                "account", account.login, "open", "open", history.by(account), f"ほかの端末のログインを終了（{ended}件）", account=account
            )
            if not isinstance(limits.count(Limited.SESSIONS_MAIL, limits.of_account(account)), TooMany):
                account_mails.sessions_ended(account, "")
        return ended


def end_all(account: Account, actor: str, reason: str) -> int:
    """For staff: end every sign-in of the account, with a mail. Returns how many; without any, nothing is written."""
    with database.atomic():
        account = Account.locked(account.id)
        ended = _end(account, list(account.sessions))
        if ended:
            history.record("account", account.login, "open", "open", actor, f"ログイン中の端末を終了（{reason}）", account=account)
            account_mails.sessions_ended(account, reason)
        return ended


def _end(account: Account, rows: list[Session]) -> int:
    """Returns how many of them had not ended by themselves."""
    now = clock.real_now()
    Session.delete().where(Session.token_hash.in_([row.token_hash for row in rows])).execute()
    return sum(not row.has_ended(now) for row in rows)

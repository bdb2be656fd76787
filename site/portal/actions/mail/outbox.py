"""The outbox: a mail is written in the transaction of its cause, and the worker sends it afterwards, outside any transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Any

from peewee import Expression, Value, fn

from models import Account, Mail, OneTimeLink, created_all
from portal import clock
from portal.actions import history, outgoing
from portal.actions.mail import links, rendering
from portal.actions.outgoing import Trouble
from portal.actions.row_by_row import Failed
from portal.enums import MailKind, MailState
from portal.gateways.smtp import Mailer, Refused, Unavailable
from portal.rules.accounts.mail_addresses import is_same
from portal.store.database import database

# About signing in and the account: never to the second address for notices.
FOR_THE_OWNER = [
    MailKind.ACCOUNT_OPENED,
    MailKind.NEW_BROWSER,
    MailKind.PASSWORD_CHANGED,
    MailKind.PASSWORD_LINK,
    MailKind.ADDRESS_LINK,
    MailKind.ADDRESS_CHANGED,
    MailKind.NOTICES_CHANGED,
    MailKind.NAME_CHANGED,
    MailKind.SESSIONS_ENDED,
]


def queue(kind: MailKind, entity: str, account: Account | None, *, to: str | None = None, **about: Any) -> Mail | None:
    """Write one mail in the caller's transaction, and its copy to the second address for notices. None if there is one already, or nobody
    to write to any more: the account was erased.

    `account`: whose mail it is; None for staff. `to`: this address alone. `about`: as in `_rows`.
    """
    if _is_written(kind, entity, account, to):
        return None
    rows = _rows(kind, entity, account, to=to, **about)
    return _write(rows)[0] if rows else None


def queue_all(kind: MailKind, mails: Sequence[tuple[str, Account, Mapping[str, object]]]) -> None:
    """Mails of one kind to several customers, each with its entity and values, by one statement. The caller has locked the accounts, and
    numbered the mails: there is none of these entities.
    """
    _write([row for entity, account, values in mails for row in _rows(kind, entity, account, **values)])


def _rows(
    kind: MailKind,
    entity: str,
    account: Account | None,
    *,
    to: str | None = None,
    good_until: date | None = None,
    link: OneTimeLink | None = None,
    **values: object,
) -> list[dict[str, object]]:
    """The mail, and its copy to the second address.

    `values`: the fields of the kind in portal.actions.mail.rendering.kinds. `good_until`: the last day on which it may be sent. `link`:
    what only the sent mail has.
    """
    greeting = "ご担当者" if account is None else account.login if kind is MailKind.ADDRESS_LINK else account.name
    letter = rendering.render(kind, greeting, is_closed=account is not None and account.is_closed, **values)
    about = {"kind": kind, "entity": entity, "account": account, "link": link, "good_until": good_until}
    about |= {"subject": letter.subject, "body": letter.body, "created_at": clock.now(), "next_try_at": clock.now()}
    to_all = _recipients(kind, account, to)
    return [about | {"recipient": each, "message_id": rendering.message_id(kind, entity, each)} for each in to_all]


def _is_written(kind: MailKind, entity: str, account: Account | None, to: str | None) -> bool:
    """Mails to the customer are one for each event, whatever the address was then."""
    same = (Mail.kind == kind) & (Mail.entity == entity)
    return Mail.select().where(same, (Mail.recipient == to) if to else (Mail.account == account)).exists()


def _recipients(kind: MailKind, account: Account, to: str | None) -> list[str]:
    if to:
        return [to]
    if account.erased_at:
        return []
    second = account.notice_email if kind not in FOR_THE_OWNER and not is_same(account.email, account.notice_email) else None
    return [account.email, *([second] if second else [])]


def _write(rows: Sequence[Mapping[str, object]]) -> list[Mail | None]:
    """None for a mail that is there already: it was written by another transaction meanwhile.

    What it is about and its Message-ID, which is made of that, are both unique: PostgreSQL may meet either first.
    """
    mails, about = created_all(Mail, Mail.message_id, rows, unless_there=()), (None, MailState.WAITING, history.PORTAL)
    new = [mail for mail in mails if mail]
    history.record_all([history.Change("mail", mail.id, *about, f"{mail.kind.label}（{mail.entity}）", mail.account_id) for mail in new])
    return mails


def readdress(account: Account, before: str) -> None:
    """The customer's address has changed: what waits for the old one goes to the new one, but links and what tells of the change."""
    mine = account.mails.where(Mail.recipient == before, Mail.state == MailState.WAITING, Mail.kind.not_in(FOR_THE_OWNER))
    for mail in list(mine):
        taken = (Mail.kind == mail.kind) & (Mail.entity == mail.entity) & (Mail.recipient == account.email)
        if not Mail.select().where(taken).exists():
            Mail.update(recipient=account.email).where(Mail.id == mail.id, Mail.state == MailState.WAITING).execute()


def withdraw(accounts: Sequence[Account], are_wrong: Expression) -> list[Mail]:
    """Withdraw waiting mails of these accounts that have become wrong, and mark the others, so staff cannot send them again.

    Returns the withdrawn ones.
    """
    theirs = Mail.account.in_([account.id for account in accounts]) & are_wrong
    to_mark = Mail.untrue_since.is_null() | (Mail.state == MailState.WAITING)
    since = fn.COALESCE(Mail.untrue_since, Value(clock.now(), converter=Mail.untrue_since.db_value))
    marked = Mail.update(untrue_since=since).where(theirs, to_mark).returning(Mail.id, Mail.state, Mail.tries, Mail.account).execute()
    waiting = sorted((mail for mail in marked if mail.state == MailState.WAITING), key=lambda mail: mail.id)
    withdrawn = [mail for mail in waiting if mail.move(MailState.WITHDRAWN, came_from=[MailState.WAITING])]
    for mail in withdrawn:
        states = (MailState.WAITING, MailState.WITHDRAWN)
        history.record("mail", mail.id, *states, history.PORTAL, "内容が変わったため", account=mail.account_id)
    return withdrawn


def how_many_withdrawn(kind: MailKind, entity: str, account: Account) -> int:
    """How many mails about this were withdrawn because it had changed, before anybody could read them."""
    is_it = (Mail.kind == kind) & ((Mail.entity == entity) | Mail.entity.startswith(f"{entity} "))
    return account.mails.where(is_it, Mail.state == MailState.WITHDRAWN, Mail.untrue_since.is_null(False)).count()


def send_due(mailer: Mailer | None, *, limit: int = 50) -> Iterator[Mail | Failed]:
    """Send due mails; yields each that a server accepted. Without a mailer all wait, visible to staff."""
    return outgoing.send_due(Mail.due(clock.now(), clock.real_now(), limit), ToMailServer(mailer)) if mailer else iter(())


def how_many_are_due() -> int:
    return Mail.all_due(clock.now(), clock.real_now()).count()


def send_again(mail: Mail, actor: str) -> bool:
    """For staff: retry now with the same Message-ID. False while it is being sent, if it is untrue, or if someone else was faster."""
    if why_not_again(mail):
        return False
    return outgoing.send_again(mail, set(MailState) - {MailState.SENDING}, "mail", actor, "再送")


def why_not_again(mail: Mail) -> str | None:
    """Why the mail is not sent again, in Japanese: it says something that is no longer true. None if it may be sent."""
    if mail.untrue_since or mail.state == MailState.WITHDRAWN:
        return "書いてある予定がそのあと変わったため、このメールは再送できません。"
    if not mail.body:
        return "保存期間を過ぎて本文を消去したため、このメールは再送できません。"
    if links.is_over(mail):
        return "このメールのリンクは、もう使えません（使用済みか、新しいリンクがあります）。必要なときは、新しいリンクを送ってください。"
    if mail.good_until and mail.good_until < clock.today():
        return "知らせる日を過ぎたため、このメールは再送できません。"
    return None


@dataclass(frozen=True)
class ToMailServer:
    """A mail that is rejected, or not accepted within a week, fails. A mail after its last day is withdrawn."""

    mailer: Mailer
    entity = "mail"
    gives_up = True

    def is_withdrawn(self, mail: Mail) -> bool:
        why = self._why_withdrawn(mail)
        if why is None:
            return False
        with database.atomic():
            if mail.move(MailState.WITHDRAWN, came_from=[MailState.SENDING]):
                states = (MailState.WAITING, MailState.WITHDRAWN)
                history.record("mail", mail.id, *states, history.WORKER, why, account=mail.account_id)
        return True

    def _why_withdrawn(self, mail: Mail) -> str | None:
        if links.is_over(mail):
            return "リンクが使用済みか、新しいリンクがあるため"
        return "知らせる日を過ぎたため" if mail.good_until and mail.good_until < clock.today() else None

    def send(self, mail: Mail) -> None:
        self.mailer.send(_message(mail))

    def trouble(self, error: Exception) -> Trouble | None:
        match error:
            case links.LinkIsOver():
                return Trouble("リンクが使用済みか、新しいリンクがあるため、送れません。", is_refusal=True)
            case Refused() | rendering.BadAddress():
                return Trouble(str(error), is_refusal=True)
            case Unavailable():
                return Trouble(str(error), is_away=error.is_server)
        return None

    def reason_when_sent(self, mail: Mail) -> str:
        return f"{mail.tries}回目で送信"


def _message(mail: Mail) -> EmailMessage:
    body, message_id = links.draw(mail)
    about = {"subject": mail.subject, "body": body, "recipient": mail.recipient, "message_id": message_id}
    return rendering.envelope(written_at=mail.created_at.astimezone(clock.JAPAN), **about)

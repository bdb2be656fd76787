"""The outbox: a mail is written with its cause, in one transaction, and sent by the worker afterwards, outside any."""

import logging
from datetime import date
from email.message import EmailMessage

from peewee import IntegrityError

from models import Account, Mail
from portal import clock
from portal.actions import history
from portal.actions.mail import rendering
from portal.actions.mail.delivery import GIVE_UP_AFTER, LEASE, LONGEST_FOR_A_SERVER, PASS, pause_after, written_down
from portal.enums import MailKind, MailState
from portal.gateways.smtp import Mailer, Refused, Unavailable
from portal.store.database import database

log = logging.getLogger(__name__)


def queue(
    kind: MailKind, entity: str, recipient: str, account: Account | None, *, good_until: date | None = None, **values: object
) -> bool:
    """Write one mail in the caller's transaction; once for ever: False when that kind, entity and recipient have theirs already.

    `values` are the fields of the kind in portal.mails.kinds. `good_until` is the last day on which it may still be sent.
    `account` is whose mail it is; None for staff.
    """
    if Mail.exists_for(kind, entity, recipient):
        return False
    letter = rendering.render(kind, account.name if account else "ご担当者", **values)
    about = {"kind": kind, "entity": entity, "recipient": recipient, "account": account}
    about |= {
        "good_until": good_until,
        "message_id": rendering.message_id(kind, entity, recipient),
        "subject": letter.subject,
        "body": letter.body,
    }
    try:
        with database.atomic():
            mail = Mail.create(created_at=clock.now(), next_try_at=clock.now(), **about)
            history.record("mail", mail.id, None, MailState.WAITING, "portal", f"{kind.label}（{entity}）")
    except IntegrityError:
        if Mail.exists_for(kind, entity, recipient):
            return False
        raise
    return True


def send_due(mailer: Mailer | None, *, limit: int = 50) -> int:
    """Send what is due; how many a server took. Safe beside other workers. Without a mailer everything waits, visibly.

    Ends early when the server is of no use to any mail, or other jobs have waited long enough.
    """
    if mailer is None:
        return 0
    sent, until = 0, clock.real_now() + PASS
    for mail in Mail.due(clock.now(), clock.real_now(), limit):
        if not mail.claim(clock.now(), clock.real_now() + LEASE):
            continue
        if mail.good_until and mail.good_until < clock.today():
            _withdraw(mail)
            continue
        trouble = _send(mail, mailer)
        sent += trouble is None
        if (isinstance(trouble, Unavailable) and trouble.is_server) or clock.real_now() >= until:
            break
    return sent


def how_many_are_due() -> int:
    return Mail.all_due(clock.now(), clock.real_now()).count()


def send_again(mail: Mail, actor: str) -> bool:
    """Staff: try now, with patience anew and the same Message-ID. False while it is being sent, or when somebody was faster."""
    anew = {"next_try_at": clock.now(), "pauses": 0, "trying_since": None}
    with database.atomic():
        if mail.state == MailState.SENDING or not mail.move(MailState.WAITING, came_from=[mail.state], **anew):
            return False
        history.record("mail", mail.id, mail.state, MailState.WAITING, actor, "再送")
        return True


def _send(mail: Mail, mailer: Mailer) -> Exception | None:
    """One try of a claimed mail; what was in the way."""
    if database.transaction_depth():
        raise RuntimeError("a mail must not be sent inside a transaction")
    try:
        mailer.send(_message(mail))
    except (Refused, rendering.BadAddress) as refusal:
        _fail(mail, str(refusal))
        return refusal
    except Unavailable as trouble:
        _postpone(mail, trouble)
        return trouble
    except Exception as mistake:
        log.exception("mail %s cannot be sent", mail.id)
        _postpone(mail, Unavailable(f"送信の処理で問題が起きました（{type(mistake).__name__}）。", is_server=False))
        return mistake
    written_down(f"mail {mail.id}", lambda: _write_sent(mail))
    return None


def _withdraw(mail: Mail) -> None:
    """What it announces has passed while no server took it: it is not sent any more, and that can be seen."""
    with database.atomic():
        if mail.move(MailState.WITHDRAWN, came_from=[MailState.SENDING]):
            history.record("mail", mail.id, MailState.WAITING, MailState.WITHDRAWN, history.WORKER, "知らせる日を過ぎたため")


def _message(mail: Mail) -> EmailMessage:
    about = {name: getattr(mail, name) for name in ("subject", "body", "recipient", "message_id")}
    return rendering.envelope(written_at=mail.created_at.astimezone(clock.JAPAN), **about)


def _write_sent(mail: Mail) -> None:
    with database.atomic():
        if mail.mark_sent(clock.now()):
            history.record("mail", mail.id, MailState.WAITING, MailState.SENT, history.WORKER, f"{mail.tries}回目で送信")


def _fail(mail: Mail, reason: str) -> None:
    with database.atomic():
        if mail.move(MailState.FAILED, came_from=[MailState.SENDING], last_error=reason):
            history.record("mail", mail.id, MailState.WAITING, MailState.FAILED, history.WORKER, "送信できない")
            log.warning("mail %s failed", mail.id)


def _postpone(mail: Mail, trouble: Unavailable) -> None:
    """Pauses grow while it is about this mail; a whole server that is away is asked at least every quarter of an hour."""
    now = clock.now()
    if now - mail.trying_since >= GIVE_UP_AFTER:
        return _fail(mail, f"7日間送れませんでした。最後の理由：{trouble}")
    step = min(mail.pauses, LONGEST_FOR_A_SERVER) if trouble.is_server else mail.pauses
    values = {"next_try_at": now + pause_after(step), "pauses": max(step + 1, mail.pauses), "last_error": str(trouble)}
    mail.move(MailState.WAITING, came_from=[MailState.SENDING], **values)
    return None

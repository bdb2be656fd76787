"""Texts whose time is over are emptied; that there was a mail, a message or a link, and when, stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import SQL, Model

from models import BankFile, BankLine, Mail, OneTimeLink, WebhookEvent
from portal import clock
from portal.catalog import RetentionNumbers
from portal.enums import MailState
from portal.rules.privacy.retention import first_day_kept, records_since
from portal.store.database import database

A_BATCH = 500
NOTHING = SQL("''")  # a literal: the indexes are of the rows that still have a text
IN_HAND = (MailState.WAITING, MailState.SENDING)


@dataclass(frozen=True)
class Emptied:
    """So many texts of one kind, named in Japanese."""

    what: str
    rows: int


@dataclass(frozen=True)
class Kind:
    """`since`: the first day that is kept. `over`: a query condition for what is older than a moment and still has its text.

    `by`: the column of its index. Unless rows are asked for in that order, PostgreSQL hopes to meet some sooner in the whole table.
    """

    what: str
    table: type[Model]
    emptied: dict[str, str]
    since: Callable[[date, RetentionNumbers], date]
    over: Callable[[datetime], Any]
    by: Any


def _mails(today: date, numbers: RetentionNumbers) -> date:
    return first_day_kept(today, numbers.mails_months)


def _messages(today: date, numbers: RetentionNumbers) -> date:
    return first_day_kept(today, numbers.messages_months)


def _is_old_mail(moment: datetime) -> Any:
    return (Mail.created_at < moment) & (Mail.body != NOTHING) & Mail.state.not_in(IN_HAND)


def _is_old_link(moment: datetime) -> Any:
    return (OneTimeLink.created_at < moment) & (OneTimeLink.address != NOTHING)


def _is_old_message(moment: datetime) -> Any:
    return (WebhookEvent.received_at < moment) & (WebhookEvent.body != NOTHING)


def _is_old_file(moment: datetime) -> Any:
    return (BankFile.read_at < moment) & (BankFile.content != NOTHING)


def _is_of_an_old_file(moment: datetime) -> Any:
    return BankLine.file.in_(BankFile.select(BankFile.id).where(BankFile.read_at < moment)) & (BankLine.payer != NOTHING)


NO_PAYER = dict.fromkeys(("payer", "payer_key", "code", "reference", "note"), "")
KINDS = (
    Kind("メールの本文", Mail, {"body": ""}, _mails, _is_old_mail, Mail.created_at),
    Kind("リンクの宛先", OneTimeLink, {"address": ""}, _mails, _is_old_link, OneTimeLink.created_at),
    Kind("決済の会社からの通知の本文", WebhookEvent, {"body": ""}, _messages, _is_old_message, WebhookEvent.received_at),
    Kind("銀行の入金ファイル", BankFile, {"content": "", "name": ""}, records_since, _is_old_file, BankFile.read_at),
    Kind("銀行の入金明細の名義", BankLine, NO_PAYER, records_since, _is_of_an_old_file, BankLine.file),
)


def empty_old_texts(numbers: RetentionNumbers) -> Iterator[Emptied]:
    """All that is due, a batch in each transaction; yields each batch."""
    for kind in KINDS:
        while rows := _empty(kind, _moment(kind, numbers)):
            yield Emptied(kind.what, rows)


def due(numbers: RetentionNumbers) -> Iterator[Emptied]:
    """For the dry run."""
    for kind in KINDS:
        if rows := kind.table.select().where(kind.over(_moment(kind, numbers))).count():
            yield Emptied(kind.what, rows)


def _moment(kind: Kind, numbers: RetentionNumbers) -> datetime:
    return clock.begin_of(kind.since(clock.today(), numbers))


def _empty(kind: Kind, moment: datetime) -> int:
    with database.atomic():
        batch = [row.id for row in kind.table.select(kind.table.id).where(kind.over(moment)).order_by(kind.by).limit(A_BATCH)]
        if not batch:
            return 0
        return kind.table.update(kind.emptied).where(kind.table.id.in_(batch), kind.over(moment)).execute()

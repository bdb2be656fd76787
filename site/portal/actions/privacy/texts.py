"""Texts whose time is over are emptied; that there was a mail, a message or a link, and when, stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from peewee import SQL, Model

from models import Mail, OneTimeLink, WebhookEvent
from portal import clock
from portal.catalog import RetentionNumbers
from portal.enums import MailState
from portal.rules.privacy.retention import first_day_kept
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
    """`over`: a query condition for what is older than a moment and has its text."""

    what: str
    table: type[Model]
    column: str
    months: Callable[[RetentionNumbers], int]
    over: Callable[[datetime], object]


KINDS = (
    Kind(
        "メールの本文",
        Mail,
        "body",
        lambda numbers: numbers.mails_months,
        lambda moment: (Mail.created_at < moment) & (Mail.body != NOTHING) & Mail.state.not_in(IN_HAND),
    ),
    Kind(
        "リンクの宛先",
        OneTimeLink,
        "address",
        lambda numbers: numbers.mails_months,
        lambda moment: (OneTimeLink.created_at < moment) & (OneTimeLink.address != NOTHING),
    ),
    Kind(
        "決済の会社からの通知の本文",
        WebhookEvent,
        "body",
        lambda numbers: numbers.messages_months,
        lambda moment: (WebhookEvent.received_at < moment) & (WebhookEvent.body != NOTHING),
    ),
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
    return clock.begin_of(first_day_kept(clock.today(), kind.months(numbers)))


def _empty(kind: Kind, moment: datetime) -> int:
    with database.atomic():
        batch = [row.id for row in kind.table.select(kind.table.id).where(kind.over(moment)).limit(A_BATCH)]
        if not batch:
            return 0
        return kind.table.update({kind.column: ""}).where(kind.table.id.in_(batch), kind.over(moment)).execute()

"""Sending what was written down: mails, and events for the hosting side. Each row is committed with its cause and sent afterwards.

A row is claimed with a lease, sent outside any transaction, and then written down as sent, failed, or to be tried again after a pause that
grows. At least once: a worker that dies in between leaves a row that the next one sends again.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from peewee import InterfaceError, OperationalError

from models import Outgoing
from portal import clock
from portal.actions import history
from portal.actions.row_by_row import Attempt, Failed
from portal.enums import LabelEnum
from portal.store import database as store
from portal.store.database import database

log = logging.getLogger(__name__)
R = TypeVar("R", bound=Outgoing)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
DAILY = timedelta(days=1)
LONGEST_WHILE_AWAY = 2  # PAUSES[2]: an other side that is back gets everything that waits within a quarter of an hour
GIVE_UP_AFTER = timedelta(days=7)
LEASE = timedelta(minutes=10)  # longer than any conversation with another server lasts
PASS = timedelta(seconds=30)  # other jobs of the worker wait meanwhile
SECONDS_TO_WRITE_IT_DOWN = (0.5, 1, 2, 4, 8)


@dataclass(frozen=True)
class Trouble:
    """Why a try failed, in Japanese for staff.

    `is_refusal`: the other side does not want this row. `is_away`: no other row has a better chance now.
    """

    reason: str
    is_refusal: bool = False
    is_away: bool = False


class Channel(Protocol):
    """Where rows of one table go. `entity` names them in the history.

    `gives_up`: a row that is refused, or not taken for a week, has failed and is not tried any more. Otherwise it is tried for ever; after
    a week it is listed among what failed, and every new reason for a refusal is in the history.
    """

    entity: str
    gives_up: bool

    def is_withdrawn(self, row: Outgoing) -> bool:
        """True for a claimed row that is not to be sent any more; it has been written down as that."""

    def send(self, row: Outgoing) -> None:
        """One try. Whatever it raises is what `trouble` explains."""

    def trouble(self, error: Exception) -> Trouble | None:
        """None for a mistake of our own."""

    def reason_when_sent(self, row: Outgoing) -> str:
        """For the history."""


def send_due(rows: Iterable[R], channel: Channel) -> Iterator[R | Failed]:
    """Send these; each that the other side took. Safe beside other workers. Ends early when it is away, or other jobs have waited long."""
    if database.transaction_depth():
        raise RuntimeError("nothing must be sent inside a transaction")
    until = clock.real_now() + PASS
    for row in rows:
        trouble, is_sent = None, False
        with Attempt(channel.entity, row) as attempt:
            before = row.states.FAILED if row.is_failed else row.states.WAITING
            if not row.claim(clock.now(), clock.real_now() + LEASE) or channel.is_withdrawn(row):
                continue
            trouble = _try(row, channel, before)
            is_sent = trouble is None
        if is_sent or attempt.failed:
            yield attempt.failed or row
        if (trouble and trouble.is_away) or clock.real_now() >= until:
            return


def send_again(row: Outgoing, came_from: Iterable[LabelEnum], entity: str, actor: str, reason: str) -> bool:
    """Staff: try now, with patience anew. False from any other state, or when somebody was faster."""
    anew = {"next_try_at": clock.now(), "pauses": 0, "trying_since": None}
    with database.atomic():
        if row.state not in came_from or not row.move(row.states.WAITING, came_from=[row.state], **anew):
            return False
        history.record(entity, row.id, row.state, row.states.WAITING, actor, reason, account=row.account_id)
        return True


def pause_after(step: int) -> timedelta:
    """The pause after the first try is that of step 0; they grow up to a day."""
    return PAUSES[step] if step < len(PAUSES) else DAILY


def written_down(what: str, write: Callable[[], None]) -> None:
    """The other side has it: that must be written down, or it gets it twice. A database that is away is waited for."""
    for seconds in SECONDS_TO_WRITE_IT_DOWN:
        try:
            store.ensure_connection()
            return write()
        except (OperationalError, InterfaceError):
            log.warning("%s was sent, and the database does not take it", what)
            store.close()
            time.sleep(seconds)
    store.ensure_connection()
    return write()


def _try(row: Outgoing, channel: Channel, before: LabelEnum) -> Trouble | None:
    """One try of a claimed row, which was in the state `before`; what was in the way."""
    try:
        channel.send(row)
    except Exception as error:
        trouble = channel.trouble(error) or _mistake(row, channel, error)
        write_failed(row, channel, before, trouble)
        return trouble
    written_down(f"{channel.entity} {row.id}", lambda: write_sent(row, channel, before))
    return None


def _mistake(row: Outgoing, channel: Channel, error: Exception) -> Trouble:
    """It may concern this row alone: the others go on. It is tried again, for a mistake can be mended."""
    log.exception("%s %s cannot be sent", channel.entity, row.id)
    return Trouble(f"送信の処理で問題が起きました（{type(error).__name__}）。", is_refusal=not channel.gives_up)


def write_sent(row: Outgoing, channel: Channel, before: LabelEnum) -> None:
    with database.atomic():
        if row.mark_sent(clock.now()):
            history.record(
                channel.entity, row.id, before, row.states.SENT, history.WORKER, channel.reason_when_sent(row), account=row.account_id
            )


def write_failed(row: Outgoing, channel: Channel, before: LabelEnum, trouble: Trouble) -> None:
    is_over = clock.now() - row.trying_since >= GIVE_UP_AFTER
    if channel.gives_up and (trouble.is_refusal or is_over):
        _give_up(row, channel, before, trouble)
    else:
        _postpone(row, channel, before, row.states.FAILED if is_over else before, trouble)


def _give_up(row: Outgoing, channel: Channel, before: LabelEnum, trouble: Trouble) -> None:
    reason = trouble.reason if trouble.is_refusal else f"7日間送れませんでした。最後の理由：{trouble.reason}"
    with database.atomic():
        if row.move(row.states.FAILED, came_from=[row.states.SENDING], last_error=reason):
            history.record(channel.entity, row.id, before, row.states.FAILED, history.WORKER, "送信できない", account=row.account_id)
            log.warning("%s %s failed", channel.entity, row.id)


def _postpone(row: Outgoing, channel: Channel, before: LabelEnum, after: LabelEnum, trouble: Trouble) -> None:
    """Pauses grow while it is about this row; another side that is away is asked at least every quarter of an hour."""
    step = min(row.pauses, LONGEST_WHILE_AWAY) if trouble.is_away else row.pauses
    values = {"next_try_at": clock.now() + pause_after(step), "pauses": max(step + 1, row.pauses), "last_error": trouble.reason}
    is_news = after != before or (trouble.is_refusal and trouble.reason != row.last_error)
    with database.atomic():
        if row.move(after, came_from=[row.states.SENDING], **values) and is_news:
            history.record(channel.entity, row.id, before, after, history.WORKER, trouble.reason, account=row.account_id)
            log.warning("%s %s is not taken", channel.entity, row.id)

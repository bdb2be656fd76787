"""Sends stored mails and hosting events. A row is committed with the change that caused it, and sent afterwards.

A row is claimed with a lease, sent outside any transaction, and then marked as sent, as failed, or for a retry after a growing pause. At
least once: if a worker dies in between, the row is sent again.
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
from portal.store.database import database, for_update

log = logging.getLogger(__name__)
R = TypeVar("R", bound=Outgoing)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
DAILY = timedelta(days=1)
LONGEST_WHILE_AWAY = 2  # PAUSES[2]: after an outage everything is sent within 15 minutes
GIVE_UP_AFTER = timedelta(days=7)
LEASE = timedelta(minutes=10)  # longer than any request to another server
PASS = timedelta(seconds=30)  # then let the worker's other jobs run
SECONDS_TO_WRITE_IT_DOWN = (0.5, 1, 2, 4, 8)


@dataclass(frozen=True)
class Trouble:
    """Why an attempt failed, in Japanese for staff.

    `is_refusal`: the receiver rejects this row. `is_away`: the receiver is unavailable, so other rows would fail too.
    """

    reason: str
    is_refusal: bool = False
    is_away: bool = False


class Channel(Protocol):
    """How rows of one table are sent. `entity` is their name in the history.

    `gives_up`: a row that is rejected, or not accepted for a week, fails for good. Otherwise retries never end; after a week the row is
    listed as failed, and every new reason of a rejection goes to the history.
    """

    entity: str
    gives_up: bool

    def is_withdrawn(self, row: Outgoing) -> bool:
        """True for a claimed row that must not be sent any more. It has been marked as withdrawn."""

    def send(self, row: Outgoing) -> None:
        """One attempt. `trouble` explains the exceptions that it raises."""

    def trouble(self, error: Exception) -> Trouble | None:
        """None if the error is a bug of ours."""

    def reason_when_sent(self, row: Outgoing) -> str:
        """The reason text for the history."""


def send_due(rows: Iterable[R], channel: Channel) -> Iterator[R | Failed]:
    """Send these rows; yields each that was accepted. Safe beside other workers. Ends early if the receiver is unavailable.

    It also ends after PASS, so that other jobs can run.
    """
    if database.transaction_depth():
        raise RuntimeError("nothing must be sent inside a transaction")
    until = clock.real_now() + PASS
    for row in rows:
        trouble, is_sent = None, False
        with Attempt(channel.entity, row) as attempt:
            before = row.states.FAILED if row.is_failed else row.states.WAITING
            if not row.claim(clock.now(), clock.real_now() + LEASE) or channel.is_withdrawn(row):
                continue
            trouble = _attempt(row, channel, before)
            is_sent = trouble is None
        if is_sent or attempt.failed:
            yield attempt.failed or row
        if (trouble and trouble.is_away) or clock.real_now() >= until:
            return


def send_again(row: Outgoing, came_from: Iterable[LabelEnum], entity: str, actor: str, reason: str) -> bool:
    """For staff: retry now and start the pauses anew. Does nothing if it is waiting and due: then True. False from other states."""
    anew = {"next_try_at": clock.now(), "pauses": 0, "trying_since": None}
    with database.atomic():
        row = for_update(type(row).select().where(type(row).id == row.id)).get()
        if row.state == row.states.WAITING and row.next_try_at <= clock.now():
            return True
        if row.state not in came_from or not row.move(row.states.WAITING, came_from=[row.state], **anew):
            return False
        history.record(entity, row.id, row.state, row.states.WAITING, actor, reason, account=row.account_id)
        return True


def pause_after(step: int) -> timedelta:
    """The retry pause after attempt number `step` (from 0). Pauses grow up to a day."""
    return PAUSES[step] if step < len(PAUSES) else DAILY


def written_down(what: str, write: Callable[[], None]) -> None:
    """The receiver has accepted, so this write must not be lost, or it would be sent twice. Waits for an unreachable database."""
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


def _attempt(row: Outgoing, channel: Channel, before: LabelEnum) -> Trouble | None:
    """One attempt for a claimed row that was in the state `before`. Returns what went wrong."""
    try:
        channel.send(row)
    except Exception as error:
        trouble = channel.trouble(error) or _own_error(row, channel, error)
        write_failed(row, channel, before, trouble)
        return trouble
    written_down(f"{channel.entity} {row.id}", lambda: write_sent(row, channel, before))
    return None


def _own_error(row: Outgoing, channel: Channel, error: Exception) -> Trouble:
    """A bug may concern only this row, so other rows go on. It is retried, because bugs get fixed."""
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
    """Pauses grow if only this row fails. An unavailable receiver is asked at least every 15 minutes."""
    step = min(row.pauses, LONGEST_WHILE_AWAY) if trouble.is_away else row.pauses
    values = {"next_try_at": clock.now() + pause_after(step), "pauses": max(step + 1, row.pauses), "last_error": trouble.reason}
    is_news = after != before or (trouble.is_refusal and trouble.reason != row.last_error)
    with database.atomic():
        if row.move(after, came_from=[row.states.SENDING], **values) and is_news:
            history.record(channel.entity, row.id, before, after, history.WORKER, trouble.reason, account=row.account_id)
            log.warning("%s %s is not taken", channel.entity, row.id)

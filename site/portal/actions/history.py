"""The history: who changed which state, when and why. Call it inside the transaction that makes the change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import Account, Event, Staff
from portal import clock
from portal.store.database import database, hold
from portal.store.inserts import insert

PORTAL = "portal"
WORKER = "worker"
HOSTING = "hosting side"
OPERATOR = "operator"

_waiting: ContextVar[list[dict[str, Any]] | None] = ContextVar("rows that are written together", default=None)


def by(account: Account) -> str:
    """The customer as actor."""
    return f"account {account.login}"


def by_staff(staff: Staff) -> str:
    """A staff member as actor."""
    return f"staff {staff.login}"


@dataclass(frozen=True)
class Change:
    """One line of the history. `account`: the account or its id. None for what belongs to no account."""

    entity: str
    number: object
    from_state: str | None
    to_state: str
    actor: str
    reason: str
    account: Account | int | None


def record(
    entity: str, number: object, from_state: str | None, to_state: str, actor: str, reason: str, *, account: Account | int | None
) -> None:
    """See `Change`."""
    record_all([Change(entity, number, from_state, to_state, actor, reason, account)])


def record_all(changes: Sequence[Change]) -> None:
    """Several at once, by one statement: in this order, and of one moment."""
    now, waiting = clock.now(), _waiting.get()
    rows = [{"account": each.account, "at": now, **_values(each)} for each in changes]
    if waiting is None:
        insert(Event, *rows)
    else:
        waiting.extend(rows)


@contextmanager
def written_together() -> Iterator[None]:
    """What is recorded within is written at its end, by one statement. Inside a transaction that does not look it up before."""
    rows: list[dict[str, Any]] = []
    before = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(before)
    insert(Event, *rows)


def _values(change: Change) -> dict[str, str | None]:
    values = {name: getattr(change, name) for name in ("from_state", "to_state", "actor", "reason")}
    return {"entity": f"{change.entity} {change.number}"} | values


def record_once(entity: str, number: object, to_state: str, reason: str, *, account: Account | int | None) -> bool:
    """Of the worker, who finds the same again and again. False if these words were recorded of it before, whoever is looking meanwhile."""
    with database.atomic():
        hold([f"{entity} {number}"])
        if Event.select().where(Event.entity == f"{entity} {number}", Event.reason == reason).exists():
            return False
        record(entity, number, None, to_state, WORKER, reason, account=account)
        return True


def has(entity: str, actor: str, reason: str, *, since: datetime) -> bool:
    """True if exactly this was recorded after that moment (business time)."""
    same = (Event.entity == entity) & (Event.actor == actor) & (Event.reason == reason)
    return Event.select().where(same, Event.at > since).exists()

"""The history: who changed which state, when and why. Call it inside the transaction that makes the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Account, Event, Staff
from portal import clock
from portal.enums import OrderState
from portal.store.database import database, hold
from portal.store.inserts import insert, write_waiting

PORTAL = "portal"
WORKER = "worker"
HOSTING = "hosting side"
OPERATOR = "operator"


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
    now = clock.now()
    insert(Event, *[{"account": each.account, "at": now, **_values(each)} for each in changes])


def _values(change: Change) -> dict[str, str | None]:
    values = {name: getattr(change, name) for name in ("from_state", "to_state", "actor", "reason")}
    return {"entity": f"{change.entity} {change.number}"} | values


def record_once(entity: str, number: object, to_state: str, reason: str, *, account: Account | int | None) -> bool:
    """Of the worker, who finds the same again and again. False if these words were recorded of it before, whoever is looking meanwhile."""
    with database.atomic():
        hold([f"{entity} {number}"])
        write_waiting(Event)
        if Event.select().where(Event.entity == f"{entity} {number}", Event.reason == reason).exists():
            return False
        record(entity, number, None, to_state, WORKER, reason, account=account)
        return True


def was_undone(order_number: str) -> bool:
    """True if staff have undone the payment of this order."""
    write_waiting(Event)
    undone = (Event.from_state == OrderState.PAID) & (Event.to_state == OrderState.PLACED)
    return Event.select().where(Event.entity == f"order {order_number}", undone).exists()


def newest(entity: str) -> Event | None:
    """What was recorded last of it."""
    write_waiting(Event)
    return Event.select().where(Event.entity == entity).order_by(Event.id.desc()).first()


def has(entity: str, actor: str, reason: str, *, since: datetime) -> bool:
    """True if exactly this was recorded after that moment (business time)."""
    write_waiting(Event)
    same = (Event.entity == entity) & (Event.actor == actor) & (Event.reason == reason)
    return Event.select().where(same, Event.at > since).exists()

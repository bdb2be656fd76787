"""The history: who changed which state, when and why. Call it inside the transaction that makes the change."""

from datetime import datetime

from models import Account, Event, Staff
from portal import clock
from portal.store.database import database, hold
from portal.store.inserts import insert

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


def record(
    entity: str, number: object, from_state: str | None, to_state: str, actor: str, reason: str, *, account: Account | int | None
) -> None:
    """`account`: the account or its id. None for what belongs to no account."""
    values = {"entity": f"{entity} {number}", "from_state": from_state, "to_state": to_state, "actor": actor, "reason": reason}
    insert(Event, {"account": account, "at": clock.now()} | values)


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

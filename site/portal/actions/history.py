"""The history: who changed which state, when and why. Call it inside the transaction that makes the change."""

from datetime import datetime

from models import Account, Event, Staff
from portal import clock

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
    Event.create(account=account, at=clock.now(), **values)


def has(entity: str, actor: str, reason: str, *, since: datetime) -> bool:
    """True if exactly this was recorded after that moment (business time)."""
    same = (Event.entity == entity) & (Event.actor == actor) & (Event.reason == reason)
    return Event.select().where(same, Event.at > since).exists()

"""Events for the hosting side: written in the transaction of their cause, and sent by the worker until accepted.

At least once, in order: if a response is lost, the same event is sent again with the same key, never an earlier one.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from peewee import IntegrityError

from models import Account, HostingEvent, Subscription, created_all
from portal import clock
from portal.actions import history, outgoing
from portal.actions.outgoing import Trouble
from portal.actions.row_by_row import Failed
from portal.enums import HostingEventKind, HostingEventState
from portal.gateways.hosting import Hosting, Refused, Unavailable
from portal.store.database import database

KEY = re.compile(r"(?=.{1,128}\Z)[!-~]+( [!-~]+)*")
STATES = HostingEventState


@dataclass(frozen=True)
class NewEvent:
    """An event to write. `account`: whose it is, locked by the caller. Both days belong to the term.

    `key` identifies it: `start term 12`, `stop subscription 5 2026-12-01`. `more`: further fields of the body, of a kind that asks
    something (docs/provisioning.md).
    """

    kind: HostingEventKind
    subscription: Subscription
    key: str
    account: Account
    starts_on: date | None = None
    ends_on: date | None = None
    order_number: str | None = None
    quantity: int | None = None
    more: Mapping[str, str] = field(default_factory=dict)


def queue(kind: HostingEventKind, subscription: Subscription, *, key: str, **about: Any) -> bool:
    """Write one event (`NewEvent`) in the caller's transaction. False if it was written before.

    The account stays locked until the transaction ends, so event ids are in the order in which things happened.
    """
    with database.atomic():
        account = Account.locked(subscription.account_id)
        [is_new] = queue_all([NewEvent(kind, subscription, key, account, **about)])
        return is_new


def queue_all(new: Sequence[NewEvent]) -> list[bool]:
    """Several in this sequence, by one statement: for each, if it is new. A key of another subscription raises IntegrityError."""
    rows = [_row(each) for each in new]
    written = created_all(HostingEvent, HostingEvent.key, rows, unless_there=[HostingEvent.key])
    for each, event in zip(new, written, strict=True):
        if event is None and not HostingEvent.is_known(each.key, each.subscription):
            raise IntegrityError(f"the event {each.key} is of another subscription")
    found = [event for event in written if event]
    about = (None, STATES.WAITING, history.PORTAL)
    history.record_all(
        [history.Change("provisioning", event.id, *about, f"{event.kind_label}（{event.key}）", event.account_id) for event in found]
    )
    return [event is not None for event in written]


def queue_end(kind: HostingEventKind, subscription_id: int, on: date, ends_on: date) -> bool:
    """A stop or an end on that day, of a term that was paid until `ends_on`."""
    return queue(kind, Subscription.get_by_id(subscription_id), key=f"{kind} subscription {subscription_id} {on}", ends_on=ends_on)


def send_due(hosting: Hosting | None, *, limit: int = 50) -> Iterator[HostingEvent | Failed]:
    """Send due events; yields each that was accepted. Without a hosting side all wait, visible to staff."""
    return outgoing.send_due(HostingEvent.due(clock.now(), clock.real_now(), limit), ToHostingSide(hosting)) if hosting else iter(())


def how_many_are_due() -> int:
    return HostingEvent.all_due(clock.now(), clock.real_now()).count()


def send_again(event: HostingEvent, actor: str) -> bool:
    """For staff: retry now with the same key. False if it is sent or being sent, or if someone else was faster."""
    return outgoing.send_again(event, {STATES.WAITING, STATES.FAILED}, "provisioning", actor, "もう一度送る")


def _row(new: NewEvent) -> dict[str, object]:
    """Raises ValueError for a key that is none."""
    if not KEY.fullmatch(new.key):
        raise ValueError(f"no name for an event: {new.key!r}")
    now, subscription = clock.now(), new.subscription
    about = {"kind": new.kind, "product": subscription.product, "variant": subscription.variant}
    about |= {"quantity": subscription.quantity if new.quantity is None else new.quantity}
    about |= {"starts_on": new.starts_on, "ends_on": new.ends_on, "order_number": new.order_number}
    body = _body(new, about | new.more)
    whose = {"account": new.account, "subscription": subscription, "created_at": now, "next_try_at": now}
    return {"key": new.key, "body": body, **about, **whose}


def _body(new: NewEvent, about: dict[str, object]) -> str:
    """The exact request body, the same on every attempt. Dates in ISO 8601; the moment in UTC."""
    key, account, subscription = new.key, new.account, new.subscription
    at = clock.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    whose = {"id": key, "account": account.login, "plan": account.plan, "subscription": subscription.id}
    whose |= {"part_of": subscription.part_of_id} if subscription.part_of_id else {}
    return json.dumps(whose | about | {"at": at}, ensure_ascii=False, default=date.isoformat)


@dataclass(frozen=True)
class ToHostingSide:
    """Retries never end, because an outage of the hosting side must not lose a contract. After a week staff see it as failed."""

    hosting: Hosting
    entity = "provisioning"
    gives_up = False

    def is_withdrawn(self, event: HostingEvent) -> bool:
        return False

    def send(self, event: HostingEvent) -> None:
        self.hosting.send(event.key, event.body)

    def trouble(self, error: Exception) -> Trouble | None:
        known = isinstance(error, Refused | Unavailable)
        return Trouble(str(error), is_refusal=isinstance(error, Refused), is_away=isinstance(error, Unavailable)) if known else None

    def reason_when_sent(self, event: HostingEvent) -> str:
        return f"{event.tries}回目で連絡（{event.key}）"

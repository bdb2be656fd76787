"""Events for the hosting side: written in the transaction of their cause, and sent by the worker until accepted.

At least once, in order: if a response is lost, the same event is sent again with the same key, never an earlier one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date
from types import MappingProxyType

from peewee import IntegrityError

from models import Account, HostingEvent, Subscription, created_unless_there
from portal import clock
from portal.actions import history, outgoing
from portal.actions.outgoing import Trouble
from portal.actions.row_by_row import Failed
from portal.enums import HostingEventKind, HostingEventState
from portal.gateways.hosting import Hosting, Refused, Unavailable
from portal.store.database import database

KEY = re.compile(r"(?=.{1,128}\Z)[!-~]+( [!-~]+)*")
STATES = HostingEventState


def queue(
    kind: HostingEventKind,
    subscription: Subscription,
    *,
    key: str,
    account: Account | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    order_number: str | None = None,
    quantity: int | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Write one event in the caller's transaction. False if it was written before. Both days belong to the term.

    `more`: further fields of the body, of a kind that asks something (docs/provisioning.md).

    `key` identifies the event: `start term 12`, `stop subscription 5 2026-12-01`. A key of another subscription raises IntegrityError. The
    account stays locked until the transaction ends, so event ids are in the order in which things happened. `account`: if the caller has
    locked it.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"no name for an event: {key!r}")
    about = {"kind": kind, "product": subscription.product, "variant": subscription.variant}
    about |= {"quantity": subscription.quantity if quantity is None else quantity}
    about |= {"starts_on": starts_on, "ends_on": ends_on, "order_number": order_number}
    with nullcontext() if account else database.atomic():
        account = account or Account.locked(subscription.account_id)
        return _write(account, subscription, key, about, more)


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


def _write(account: Account, subscription: Subscription, key: str, about: dict[str, object], more: Mapping[str, str]) -> bool:
    now = clock.now()
    values = about | {"account": account, "subscription": subscription, "created_at": now, "next_try_at": now}
    body = _body(account, subscription, key, about | more)
    event = created_unless_there(HostingEvent, HostingEvent.key, key=key, body=body, **values)
    if event is None and not HostingEvent.is_known(key, subscription):
        raise IntegrityError(f"the event {key} is of another subscription")
    if event is None:
        return False
    history.record("provisioning", event.id, None, STATES.WAITING, history.PORTAL, f"{event.kind_label}（{key}）", account=event.account_id)
    return True


def _body(account: Account, subscription: Subscription, key: str, about: dict[str, object]) -> str:
    """The exact request body, the same on every attempt. Dates in ISO 8601; the moment in UTC."""
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

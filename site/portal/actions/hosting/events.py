"""What the hosting side is told of contracts: written with its cause, in one transaction, and sent by the worker until it is taken.

At least once, in order: an answer that got lost brings the same event again under the same key, never another event before it.
"""

import json
import logging
import re
from datetime import UTC, date

from models import Account, HostingEvent, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail.delivery import GIVE_UP_AFTER, LEASE, LONGEST_FOR_A_SERVER, PASS, pause_after, written_down
from portal.actions.orders.drafts import hold
from portal.enums import HostingEventKind, HostingEventState
from portal.gateways.hosting import Hosting, Refused, Unavailable
from portal.store.database import database

log = logging.getLogger(__name__)

KEY = re.compile(r"(?=.{1,128}\Z)[!-~]+( [!-~]+)*")
STATES = HostingEventState


def tell(
    kind: HostingEventKind,
    subscription: Subscription,
    *,
    key: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    order_number: str | None = None,
    quantity: int | None = None,
) -> bool:
    """Write one event in the caller's transaction; once for ever: False when it was told already. Both days belong to the term.

    `key` is the event's own name, the same whoever notices it: `start term 12`, `stop subscription 5 2026-12-01`. One that names an
    event of another subscription is a mistake and raises IntegrityError. The account is held until the transaction ends, so events of
    one subscription get their ids in the order in which they become true.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"no name for an event: {key!r}")
    about = {"kind": kind, "product": subscription.product, "variant": subscription.variant}
    about |= {"quantity": subscription.quantity if quantity is None else quantity}
    about |= {"starts_on": starts_on, "ends_on": ends_on, "order_number": order_number}
    with database.atomic():
        account = hold(subscription.account_id)
        if HostingEvent.is_known(key, subscription):
            return False
        _write(account, subscription, key, about)
    return True


def tell_of_end(kind: HostingEventKind, subscription_id: int, on: date, ends_on: date) -> bool:
    """A stop or an end on that day, of what was paid until `ends_on`."""
    return tell(kind, Subscription.get_by_id(subscription_id), key=f"{kind} subscription {subscription_id} {on}", ends_on=ends_on)


def send_due(hosting: Hosting | None, *, limit: int = 50) -> int:
    """Tell what is due; how many the hosting side took. Safe beside other workers. Without a hosting side everything waits, visibly.

    Ends early when the hosting side is away, or other jobs have waited long enough.
    """
    if hosting is None:
        return 0
    sent, until = 0, clock.real_now() + PASS
    for event in HostingEvent.due(clock.now(), clock.real_now(), limit):
        before = STATES.FAILED if event.is_failed else STATES.WAITING
        if not event.claim(clock.now(), clock.real_now() + LEASE):
            continue
        trouble = _send(event, hosting, before)
        sent += trouble is None
        if isinstance(trouble, Unavailable) or clock.real_now() >= until:
            break
    return sent


def how_many_are_due() -> int:
    return HostingEvent.all_due(clock.now(), clock.real_now()).count()


def send_again(event: HostingEvent, actor: str) -> bool:
    """Staff: try now, with patience anew and under the same key. False when it is sent or being sent, or when somebody was faster."""
    anew = {"next_try_at": clock.now(), "pauses": 0, "trying_since": None}
    with database.atomic():
        if event.state not in (STATES.WAITING, STATES.FAILED) or not event.move(STATES.WAITING, came_from=[event.state], **anew):
            return False
        history.record("provisioning", event.id, event.state, STATES.WAITING, actor, "もう一度送る")
        return True


def _write(account: Account, subscription: Subscription, key: str, about: dict[str, object]) -> None:
    now = clock.now()
    values = about | {"account": account, "subscription": subscription, "key": key, "created_at": now, "next_try_at": now}
    event = HostingEvent.create(body=_body(account, subscription, key, about), **values)
    history.record("provisioning", event.id, None, STATES.WAITING, history.PORTAL, f"{event.kind_label}（{key}）")


def _body(account: Account, subscription: Subscription, key: str, about: dict[str, object]) -> str:
    """What is sent, word for word, however often. Dates and the moment in ISO 8601; the moment in UTC."""
    at = clock.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    whose = {"id": key, "account": account.login, "plan": account.plan, "subscription": subscription.id}
    return json.dumps(whose | about | {"at": at}, ensure_ascii=False, default=date.isoformat)


def _send(event: HostingEvent, hosting: Hosting, before: HostingEventState) -> Exception | None:
    """One try of a claimed event, which was in the state `before`; what was in the way."""
    if database.transaction_depth():
        raise RuntimeError("nobody must be told inside a transaction")
    try:
        hosting.tell(event.key, event.body)
    except (Refused, Unavailable) as trouble:
        _postpone(event, before, trouble)
        return trouble
    except Exception as mistake:
        log.exception("provisioning %s cannot be sent", event.id)
        _postpone(event, before, Refused(f"送信の処理で問題が起きました（{type(mistake).__name__}）。"))
        return mistake
    written_down(f"provisioning {event.id}", lambda: _write_sent(event, before))
    return None


def _write_sent(event: HostingEvent, before: HostingEventState) -> None:
    with database.atomic():
        if event.mark_sent(clock.now()):
            history.record("provisioning", event.id, before, STATES.SENT, history.WORKER, f"{event.tries}回目で連絡（{event.key}）")


def _postpone(event: HostingEvent, before: HostingEventState, trouble: Refused | Unavailable) -> None:
    """It is tried for ever: a hosting side under repair must not lose a contract. After a week staff see it among what failed.

    Pauses grow while it is about this event; a hosting side that is away is asked at least every quarter of an hour.
    """
    now, reason = clock.now(), str(trouble)
    step = min(event.pauses, LONGEST_FOR_A_SERVER) if isinstance(trouble, Unavailable) else event.pauses
    after = STATES.FAILED if now - event.trying_since >= GIVE_UP_AFTER else before
    values = {"next_try_at": now + pause_after(step), "pauses": max(step + 1, event.pauses), "last_error": reason}
    is_news = after != before or (isinstance(trouble, Refused) and reason != event.last_error)
    with database.atomic():
        if event.move(after, came_from=[STATES.SENDING], **values) and is_news:
            history.record("provisioning", event.id, before, after, history.WORKER, reason)
            log.warning("provisioning %s (%s) is not taken", event.id, event.key)

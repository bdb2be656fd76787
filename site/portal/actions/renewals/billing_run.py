"""The worker's look at one account: what is due is done, each thing once, whoever looks how often and however late.

An account is claimed with a lease and a fence; what is done about it is one transaction, but for a charge, which takes the three beats
of every payment. Then the account's next day is written down, and nobody looks before it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models import Account, Order, Payment, Schedule
from portal import clock
from portal.actions.orders.drafts import hold
from portal.actions.payments import pay
from portal.actions.renewals import automatic_charge, lifecycle, notices
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.row_by_row import Attempt, Failed
from portal.catalog import Catalog
from portal.rules.renewals.scheduled_event import EventKind, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import next_day, timeline
from portal.store.database import database

LEASE = timedelta(minutes=5)  # longer than any company takes to answer
NEVER = date(9999, 12, 31)
AT_A_TIME = 200  # rows of the agenda in memory
CHARGES = (EventKind.CHARGE, EventKind.RETRY)
MOST_CHARGES = 4  # of one account in one look: its ends, made up late, each once


@dataclass(frozen=True)
class EventResult:
    """One thing that was done for an account, or would be. `payment`: a charge, with its order and the company's answer."""

    login: str
    scheduled: ScheduledEvent
    payment: Payment | None = None


Tell = Callable[[EventResult], None]


def process_due_accounts(context: BillingContext, *, limit: int = 100) -> Iterator[EventResult | Failed]:
    """Look after the accounts whose day has come, at most `limit`; each thing that was done."""
    return process_accounts(Schedule.due(clock.today(), clock.real_now(), limit), context)


def process_accounts(found: Iterable[Schedule], context: BillingContext) -> Iterator[EventResult | Failed]:
    """What was done for each account. One that fails is tried again when its lease has run out, one that is locked in the next pass."""
    for schedule in found:
        done: list[EventResult] = []
        with Attempt("account", schedule) as attempt:
            process_account(schedule, context, done.append)
        yield from done
        if attempt.failed:
            yield attempt.failed


def all_due(*, everybody: bool = False) -> Iterator[Schedule]:
    """Every account whose day has come and that no worker holds, each once, some at a time. `everybody`: whatever their day."""
    today, last = NEVER if everybody else clock.today(), 0
    while found := Schedule.due_after(last, today, clock.real_now(), AT_A_TIME):
        yield from found
        last = found[-1].account_id


def process_account(schedule: Schedule, context: BillingContext, tell: Tell | None = None) -> bool:
    """True for the one worker that looked after this account. `tell` hears of each thing once it is committed. Raises RowIsLocked."""
    if not schedule.claim(clock.real_now(), clock.real_now() + LEASE):
        return False
    for _ in range(MOST_CHARGES):
        done, charge = _do_what_is_due(schedule, context)
        if charge:
            pay.send(charge.payment, charge.company, context.catalog)
        if tell:
            _tell_all(done, charge, tell)
        if charge is None:
            return True
    _release(schedule, clock.today())
    return True


def _do_what_is_due(schedule: Schedule, context: BillingContext) -> tuple[list[EventResult], automatic_charge.Begun | None]:
    """Everything but charges, and the first beat of a charge, which is the last that was done. Without one, the account's next day."""
    with database.atomic():
        account, done = hold(schedule.account_id), []
        if not schedule.is_still_mine():
            return done, None
        snapshot = snapshot_of(account, with_sent_notices=True)
        for scheduled in due_of(snapshot, context):
            result = HANDLERS.get(scheduled.kind, nothing)(account, snapshot, scheduled, context)
            if result:
                done.append(EventResult(account.login, scheduled))
            if isinstance(result, automatic_charge.Begun):
                return done, result
        now = snapshot_of(account, with_sent_notices=True) if done else snapshot
        schedule.release(_day_to_look_again(now, clock.today(), context.catalog))
        return done, None


def due_of(snapshot: Snapshot, context: BillingContext) -> list[ScheduledEvent]:
    today = clock.today()
    return [found for found in timeline(snapshot, today, context.catalog) if found.on <= today]


def _tell_all(done: list[EventResult], charge: automatic_charge.Begun | None, tell: Tell) -> None:
    for one in done[:-1] if charge else done:
        tell(one)
    if charge:
        payment = Payment.select(Payment, Order).join(Order).where(Payment.id == charge.payment.id).get()
        tell(replace(done[-1], payment=payment))


def _day_to_look_again(snapshot: Snapshot, today: date, catalog: Catalog) -> date:
    """What is still due could not be done today (a company is not configured): it is tried again tomorrow."""
    following = next_day(snapshot, today, catalog) or NEVER
    is_left = any(found.on <= today and found.kind in CHARGES for found in timeline(snapshot, today, catalog))
    return min(following, today + timedelta(days=1)) if is_left else following


def _release(schedule: Schedule, on: date) -> None:
    with database.atomic():
        schedule.release(on)


def nothing(_account: Account, _snapshot: Snapshot, _scheduled: ScheduledEvent, _context: BillingContext) -> bool:
    return False


Handler = Callable[[Account, Snapshot, ScheduledEvent, BillingContext], "automatic_charge.Begun | bool"]
HANDLERS: dict[EventKind, Handler] = {
    EventKind.NOTICE: notices.notice,
    EventKind.MOVED: notices.moved,
    EventKind.CARD_EXPIRES: notices.card_expires,
    EventKind.BY_HAND: notices.by_hand,
    EventKind.CHARGE: automatic_charge.begin,
    EventKind.RETRY: automatic_charge.begin,
    EventKind.END: lifecycle.end,
    EventKind.STOP: lifecycle.stop,
    EventKind.DELETION_AHEAD: lifecycle.announce_deletion,
    EventKind.DELETION: lifecycle.delete,
}

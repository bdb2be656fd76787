"""The worker's billing run: handles the due events of each account once, even if it runs late or twice.

An account is claimed with a lease and a fencing number. Its events are handled in one transaction, except a charge, which needs the
three steps of every payment. Then the account's next due day is stored in the schedule.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models import Account, Order, Payment, Schedule
from portal import clock
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import pay
from portal.actions.renewals import automatic_charge, lifecycle, notices, skipped_charges
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.row_by_row import Attempt, Failed
from portal.rules.renewals.scheduled_event import EventKind, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline
from portal.store.database import database

LEASE = timedelta(minutes=5)  # longer than any company takes to answer
NEVER = date(9999, 12, 31)
AT_A_TIME = 200  # rows of the schedule in memory
CHARGES = skipped_charges.CHARGES
MOST_CHARGES = 4  # for one account in one run


@dataclass(frozen=True)
class EventResult:
    """One event that was handled, or would be (dry run). `payment`: the attempt of a charge, with its order."""

    login: str
    scheduled: ScheduledEvent
    payment: Payment | None = None


OnResult = Callable[[EventResult], None]


def process_due_accounts(context: BillingContext, *, limit: int = 100) -> Iterator[EventResult | Failed]:
    """Process the accounts that are due, at most `limit`. Yields each handled event, or the failure of an account."""
    return process_accounts(Schedule.due(clock.today(), clock.real_now(), limit), context)


def process_accounts(found: Iterable[Schedule], context: BillingContext) -> Iterator[EventResult | Failed]:
    """Process these accounts. A failed account is retried when its lease has expired, a locked one in the next run."""
    for schedule in found:
        done: list[EventResult] = []
        with Attempt("account", schedule) as attempt:
            process_account(schedule, context, done.append)
        yield from done
        if attempt.failed:
            yield attempt.failed


def all_due(*, everybody: bool = False) -> Iterator[Schedule]:
    """All due accounts that no worker has claimed, read in batches. `everybody`: also accounts that are not due."""
    today, last = NEVER if everybody else clock.today(), 0
    while found := Schedule.due_after(last, today, clock.real_now(), AT_A_TIME):
        yield from found
        last = found[-1].account_id


def process_account(schedule: Schedule, context: BillingContext, on_result: OnResult | None = None) -> bool:
    """Handle the due events of one account. False if another worker has claimed it. Calls `on_result` after each commit.

    Raises RowIsLocked.
    """
    if not schedule.claim(clock.real_now(), clock.real_now() + LEASE):
        return False
    for _ in range(MOST_CHARGES):
        done, charge = _handle_due_events(schedule, context)
        if charge:
            pay.send(charge.payment, charge.company, context.catalog)
        if on_result:
            _report(done, charge, on_result)
        if charge is None:
            return True
    _release(schedule, clock.today())
    return True


def _handle_due_events(schedule: Schedule, context: BillingContext) -> tuple[list[EventResult], automatic_charge.CommittedAttempt | None]:
    """Handle due events up to the first charge, whose attempt is committed but not sent. Without a charge, release the account."""
    with database.atomic():
        account, done = lock_account(schedule.account_id), []
        if not schedule.is_still_mine():
            return done, None
        snapshot = snapshot_of(account, with_sent_notices=True)
        for scheduled in due_of(snapshot, context):
            result = HANDLERS.get(scheduled.kind, do_nothing)(account, snapshot, scheduled, context)
            if result:
                done.append(EventResult(account.login, scheduled))
            if isinstance(result, automatic_charge.CommittedAttempt):
                return done, result
        current = snapshot_of(account, with_sent_notices=True) if done else snapshot
        upcoming = timeline(current, clock.today(), context.catalog)
        skipped_charges.record_without_days(account, current, upcoming, clock.today(), context.catalog)
        schedule.release(_next_due_day(upcoming, clock.today(), done))
        return done, None


def due_of(snapshot: Snapshot, context: BillingContext) -> list[ScheduledEvent]:
    today = clock.today()
    return [found for found in timeline(snapshot, today, context.catalog) if found.on <= today]


def _report(done: list[EventResult], charge: automatic_charge.CommittedAttempt | None, on_result: OnResult) -> None:
    """Pass on the results; the last one with the payment if it was a charge."""
    for result in done[:-1] if charge else done:
        on_result(result)
    if charge:
        payment = Payment.select(Payment, Order).join(Order).where(Payment.id == charge.payment.id).get()
        on_result(replace(done[-1], payment=payment))


def _next_due_day(upcoming: list[ScheduledEvent], today: date, done: list[EventResult]) -> date:
    """The account's next due day. Tomorrow if a charge is still due, for example because its company is not configured.

    Today if what was done after a notice withdrew its mail, so that the notice is due once more.
    """
    written = {one.scheduled.notice for one in done} - {None}
    if any(found.on <= today and found.notice in written for found in upcoming):
        return today
    following = min((found.on for found in upcoming if found.on > today), default=NEVER)
    is_left = any(found.on <= today and found.kind in CHARGES for found in upcoming)
    return min(following, today + timedelta(days=1)) if is_left else following


def _release(schedule: Schedule, on: date) -> None:
    with database.atomic():
        schedule.release(on)


def do_nothing(_account: Account, _snapshot: Snapshot, _scheduled: ScheduledEvent, _context: BillingContext) -> bool:
    return False


Handler = Callable[[Account, Snapshot, ScheduledEvent, BillingContext], "automatic_charge.CommittedAttempt | bool"]
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

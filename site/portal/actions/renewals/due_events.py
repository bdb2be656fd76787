"""Handles the due events of accounts in one transaction: each event by its handler, up to the first charge of an account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial

from models import Account, Event, Payment, Schedule
from portal import clock
from portal.actions.payments.pay import CommittedAttempt
from portal.actions.renewals import automatic_charge, lifecycle, notices, skipped_charges
from portal.actions.renewals.automatic_charge import PlannedCharge
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.snapshot import snapshot_of, snapshots_of
from portal.rules.renewals.scheduled_event import EventKind, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline
from portal.store.database import database
from portal.store.inserts import written_together

NEVER = date(9999, 12, 31)
CHARGES = skipped_charges.CHARGES


@dataclass(frozen=True)
class EventResult:
    """One event that was handled, or would be (dry run). `payment`: the attempt of a charge, with its order."""

    login: str
    scheduled: ScheduledEvent
    payment: Payment | None = None


@dataclass(frozen=True)
class Handled:
    """What was done for an account in one transaction. It ended with a charge, whose attempt is committed and not sent, or has a day
    when it is due again.
    """

    schedule: Schedule
    done: tuple[EventResult, ...] = ()
    planned: PlannedCharge | None = None
    charge: CommittedAttempt | None = None
    due_on: date | None = None


def handle_due_events(schedules: Sequence[Schedule], context: BillingContext) -> list[Handled]:
    """Handle due events up to the first charge of each account. The claim of one without a charge is ended.

    Raises RowIsLocked if one of several accounts is locked.
    """
    with database.atomic():
        accounts = {account.id: account for account in Account.all_locked([schedule.account_id for schedule in schedules])}
        still, everybody = Schedule.still_mine(schedules), list(accounts.values())
        snapshots = dict(zip(accounts, snapshots_of(everybody, with_sent_notices=True), strict=True))
        context = replace(context, renewing_with=cache(partial(automatic_charge.renewing_with, everybody)))
        numbers = [(schedule, schedule.account_id) for schedule in schedules]
        with written_together(Event):
            found = [_handle(each, accounts[of], snapshots[of], context) if of in still else Handled(each) for each, of in numbers]
            begun = iter(automatic_charge.begin_all([each.planned for each in found if each.planned], context.installation_id))
        Schedule.release_all({each.schedule.account_id: each.due_on for each in found if each.due_on})
        return [replace(each, charge=next(begun)) if each.planned else each for each in found]


def _handle(schedule: Schedule, account: Account, snapshot: Snapshot, context: BillingContext) -> Handled:
    done: list[EventResult] = []
    upcoming = timeline(snapshot, clock.today(), context.catalog)
    for scheduled in [found for found in upcoming if found.on <= clock.today()]:
        result = HANDLERS.get(scheduled.kind, do_nothing)(account, snapshot, scheduled, context)
        if result:
            done.append(EventResult(account.login, scheduled))
        if isinstance(result, PlannedCharge):
            return Handled(schedule, tuple(done), result)
    if done:
        snapshot = snapshot_of(account, with_sent_notices=True)
        upcoming = timeline(snapshot, clock.today(), context.catalog)
    skipped_charges.record_without_days(account, snapshot, upcoming, clock.today(), context.catalog)
    return Handled(schedule, tuple(done), due_on=_next_due_day(upcoming, clock.today(), done))


def due_of(snapshot: Snapshot, context: BillingContext) -> list[ScheduledEvent]:
    return [found for found in timeline(snapshot, clock.today(), context.catalog) if found.on <= clock.today()]


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


def do_nothing(_account: Account, _snapshot: Snapshot, _scheduled: ScheduledEvent, _context: BillingContext) -> bool:
    return False


Handler = Callable[[Account, Snapshot, ScheduledEvent, BillingContext], PlannedCharge | bool]
HANDLERS: dict[EventKind, Handler] = {
    EventKind.NOTICE: notices.notice,
    EventKind.MOVED: notices.moved,
    EventKind.CARD_EXPIRES: notices.card_expires,
    EventKind.BY_HAND: notices.by_hand,
    EventKind.CHARGE: automatic_charge.plan,
    EventKind.RETRY: automatic_charge.plan,
    EventKind.END: lifecycle.end,
    EventKind.STOP: lifecycle.stop,
    EventKind.DELETION_AHEAD: lifecycle.announce_deletion,
    EventKind.DELETION: lifecycle.delete,
}

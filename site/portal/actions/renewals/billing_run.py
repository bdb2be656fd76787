"""The worker's billing run: handles the due events of each account once, even if it runs late or twice.

An account is claimed with a lease and a fencing number. Its events are handled in one transaction, except a charge, which needs the
three steps of every payment. Then the account's next due day is stored in the schedule. Each step is done for all accounts of a batch
before the next one: in transactions for several accounts, as many as others can wait for (`Pace`), or one for each if that fails
(`all_at_once`); the companies are asked for several charges at the same time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from models import Payment, Row, Schedule
from portal import clock
from portal.actions.payments import pay
from portal.actions.payments.pay import CommittedAttempt
from portal.actions.payments.results import Answered, record_answers
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.due_events import NEVER, EventResult, Handled, handle_due_events
from portal.actions.renewals.pace import Pace, Paces
from portal.actions.row_by_row import Attempt, Failed, all_at_once
from portal.store.database import database
from portal.store.row_locks import RowIsLocked

T = TypeVar("T")
R = TypeVar("R", bound=Row)
LEASE = timedelta(minutes=5)  # longer than any company takes to answer
AT_A_TIME = 200  # rows of the schedule in memory
ROUNDS = 6  # of questions to the company, for the accounts of one batch
MOST_CHARGES = 4  # for one account in one run


def process_due_accounts(context: BillingContext, *, limit: int = 100) -> Iterator[EventResult | Failed]:
    """Process the accounts that are due, at most `limit`. Yields each handled event, or the failure of an account."""
    return process_accounts(_due(limit, context), context)


def _due(limit: int, context: BillingContext) -> Iterator[Schedule]:
    """Read batch by batch, so that what another worker has taken meanwhile is not among them. None twice."""
    seen: set[int] = set()
    while len(seen) < limit:
        rows = Schedule.due(clock.today(), clock.real_now(), min(limit - len(seen), _in_a_batch(context)))
        found = [row for row in rows if row.account_id not in seen]
        if not found:
            return
        seen |= {row.account_id for row in found}
        yield from found


def _in_a_batch(context: BillingContext) -> int:
    return ROUNDS * context.charges_at_once


def process_accounts(found: Iterable[Schedule], context: BillingContext) -> Iterator[EventResult | Failed]:
    """Process these accounts. A failed account is retried when its lease has expired, a locked one in the next run."""
    waiting, paces = iter(found), Paces()
    while batch := list(islice(waiting, _in_a_batch(context))):
        yield from process_together(batch, context, paces)


def all_due(*, everybody: bool = False) -> Iterator[Schedule]:
    """All due accounts that no worker has claimed, read in batches. `everybody`: also accounts that are not due."""
    today, last = NEVER if everybody else clock.today(), 0
    while found := Schedule.due_after(last, today, clock.real_now(), AT_A_TIME):
        yield from found
        last = found[-1].account_id


def process_together(schedules: Sequence[Schedule], context: BillingContext, paces: Paces | None = None) -> Iterator[EventResult | Failed]:
    """Handle the due events of these accounts, unless another worker has claimed them."""
    paces = paces or Paces()
    mine, failed = _claim(schedules)
    yield from failed
    for charges_made in range(MOST_CHARGES):
        pace = paces.going_on if charges_made else paces.beginning
        found = _in_groups(pace, mine, partial(handle_due_events, context=context))
        handled = [each for each in found if isinstance(each, Handled)]
        charged = [each for each in handled if each.charge]
        lost = _pay([each.charge for each in charged], context, paces)
        yield from (each for each in (*found, *lost) if isinstance(each, Failed))
        yield from _results(handled)
        mine = [each.schedule for each in charged if each.schedule.account_id not in {one.id for one in lost}]
        if not mine:
            return
    for schedule in mine:
        with database.atomic():
            schedule.release(clock.today())


def _in_groups(pace: Pace, rows: Sequence[R], take: Callable[[Sequence[R]], Sequence[T]]) -> list[T | Failed]:
    """What `take` returned for each row, or its failure: in transactions for as many rows as the pace allows."""
    return [found for some in pace.groups(rows) for _, found in all_at_once("account", some, take)]


def _claim(schedules: Sequence[Schedule]) -> tuple[list[Schedule], list[Failed]]:
    """Those that are ours, and those that are locked. The others are another worker's."""
    mine, failed = Schedule.claim_all(schedules, clock.real_now(), clock.real_now() + LEASE), []
    claimed = {each.account_id for each in mine}
    for schedule in Schedule.unclaimed([each for each in schedules if each.account_id not in claimed], clock.real_now()):
        with Attempt("account", schedule) as attempt:
            raise RowIsLocked
        failed.append(attempt.failed)
    return mine, failed


def _pay(charges: Sequence[CommittedAttempt], context: BillingContext, paces: Paces) -> list[Failed]:
    """Send them and settle the answers. What could not be sent or settled is asked about later, as what never got an answer."""
    sent = [each for _, each in all_at_once("account", charges, partial(pay.send_all, at_once=context.charges_at_once))]
    answered = [each for each in sent if isinstance(each, Answered)]
    settled = _in_groups(paces.settling, answered, partial(record_answers, catalog=context.catalog))
    return [each for each in (*sent, *settled) if isinstance(each, Failed)]


def _results(handled: Sequence[Handled]) -> Iterator[EventResult]:
    """Each with what was done; what was a charge has the payment in its new state."""
    charges = [each.charge.payment.id for each in handled if each.charge]
    paid = {payment.id: payment for payment in Payment.with_orders(charges)} if charges else {}
    for each in handled:
        yield from each.done[:-1] if each.charge else each.done
        if each.charge:
            yield replace(each.done[-1], payment=paid[each.charge.payment.id])

"""The scheduled jobs, in their order. The worker, `run-due` and its dry run are made from this table: a new job is one row more."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from portal import clock
from portal.actions.accounts import cleanup
from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.payments import abandoned, detach_method, reconcile, unused_cards
from portal.actions.renewals import billing_run, dry_run, schedule
from portal.actions.renewals.billing_run import EventResult
from portal.actions.row_by_row import Failed
from portal.actions.transfers import bank_orders
from portal.jobs import lines
from portal.jobs.context import JobContext
from portal.jobs.lines import Line
from portal.store.row_locks import RowIsLocked

log = logging.getLogger(__name__)
T = TypeVar("T")
EVERY_PASS = timedelta(0)


def unforeseen(_context: JobContext) -> Iterable[T]:
    return ()


@dataclass(frozen=True)
class Job(Generic[T]):
    """`run`: one pass over what is due, each row in a transaction of its own; each thing that was done, and each row that failed.

    `every`: how often the worker does it. `forecast`: what `run-due --dry-run` shows instead of a pass; it changes nothing.
    `line`: how `run-due` tells of a thing; None for a job that nobody needs to read about.
    """

    name: str
    run: Callable[[JobContext], Iterable[T | Failed]]
    every: timedelta = EVERY_PASS
    forecast: Callable[[JobContext], Iterable[T | Failed]] = unforeseen
    line: Callable[[T, bool], Line] | None = None


def bill(context: JobContext) -> Iterator[EventResult | Failed]:
    """Renewals, notices and ends whose day has come."""
    try:
        schedule.follow_catalog(context.catalog_sha256, clock.today())
    except RowIsLocked:
        log.warning("the schedule is locked: the new catalog waits for the next pass")
        yield Failed("catalog", 0, is_locked=True)
    if context.accounts_a_pass:
        yield from billing_run.process_due_accounts(context.billing, limit=context.accounts_a_pass)
    else:
        rows = context.watch(billing_run.all_due(), schedule.how_many_are_due(clock.today()))
        yield from billing_run.process_accounts(rows, context.billing)


def forecast_billing(context: JobContext) -> Iterator[EventResult | Failed]:
    """With a new catalog everybody is looked at, whatever their day."""
    everybody = schedule.is_new(context.catalog_sha256)
    total = schedule.how_many_are_due(billing_run.NEVER if everybody else clock.today())
    return dry_run.dry_run_accounts(context.watch(billing_run.all_due(everybody=everybody), total), context.billing)


def carry_post(context: JobContext) -> Iterator[int]:
    """What the pretend companies of a demo send us."""
    for sandbox_job in context.sandbox_jobs:
        yield from range(sandbox_job())


JOBS: tuple[Job, ...] = (
    Job(
        "payments",
        lambda context: reconcile.ask_about_payments(context.companies, context.catalog),
        forecast=lambda context: reconcile.unanswered(context.companies),
        line=lines.asked,
    ),
    Job(
        "abandoned orders",
        lambda _context: abandoned.cancel_abandoned_orders(),
        forecast=lambda _context: abandoned.abandoned_orders(),
        line=lines.cancelled,
    ),
    Job(
        "unpaid transfers",
        lambda _context: bank_orders.expire_unpaid(),
        forecast=lambda _context: bank_orders.overdue_orders(),
        line=lines.expired,
    ),
    Job("cleanup", lambda _context: range(cleanup.sweep()), every=timedelta(minutes=1)),
    Job("billing", bill, forecast=forecast_billing, line=lines.billed),
    Job("unused cards", lambda context: unused_cards.drop_unused_cards(context.companies)),
    Job("detach", lambda context: detach_method.detach_due(context.companies)),
    Job("sandbox post", carry_post),
    Job(
        "hosting events",
        lambda context: events.send_due(context.hosting),
        forecast=lambda _context: range(events.how_many_are_due()),
        line=lines.told,
    ),
    Job(
        "mails",
        lambda context: outbox.send_due(context.mailer),
        forecast=lambda _context: range(outbox.how_many_are_due()),
        line=lines.sent,
    ),
)

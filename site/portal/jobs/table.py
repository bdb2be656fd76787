"""The scheduled jobs in order. The worker, `run-due` and its dry run all use this table: a new job is one more row."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from portal import clock
from portal.actions.accounts import cleanup, password_reset
from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.operations import alerts
from portal.actions.payments import abandoned, comparing, detach_method, owed_papers, reconcile, refund_lookups, unused_setups
from portal.actions.privacy import erasing, texts
from portal.actions.renewals import billing_run, dry_run, ended_additions, schedule
from portal.actions.renewals.due_events import NEVER, EventResult
from portal.actions.row_by_row import Failed
from portal.actions.transfers import bank_files, bank_orders, reminders, remittances
from portal.jobs import lines
from portal.jobs.context import JobContext
from portal.jobs.lines import Line
from portal.store.row_locks import RowIsLocked

log = logging.getLogger(__name__)
T = TypeVar("T")
EVERY_PASS = timedelta(0)


def no_forecast(_context: JobContext) -> Iterable[T]:
    return ()


@dataclass(frozen=True)
class Job(Generic[T]):
    """`run`: one pass over what is due, one transaction per row; yields each thing done and each failed row.

    `every`: how often the worker runs it. `forecast`: what `run-due --dry-run` yields instead; it changes nothing.
    `line`: the line that `run-due` prints for a thing; None if nobody needs to read it.
    `watches`: it looks at the running system itself, of which a turn of the demo's clock says nothing.
    """

    name: str
    run: Callable[[JobContext], Iterable[T | Failed]]
    every: timedelta = EVERY_PASS
    forecast: Callable[[JobContext], Iterable[T | Failed]] = no_forecast
    line: Callable[[T, bool], Line] | None = None
    watches: bool = False


def bill(context: JobContext) -> Iterator[EventResult | Failed]:
    """Renewals, renewal notices and term ends that are due."""
    try:
        schedule.follow_catalog(context.catalog_sha256, clock.today(), read_at=context.catalog_read_at)
    except RowIsLocked:
        log.warning("the schedule is locked: the new catalog waits for the next pass")
        yield Failed("catalog", 0, is_locked=True)
    if context.accounts_a_pass:
        yield from billing_run.process_due_accounts(context.billing, limit=context.accounts_a_pass)
    else:
        rows = context.watch(billing_run.all_due(), schedule.how_many_are_due(clock.today()))
        yield from billing_run.process_accounts(rows, context.billing)


def forecast_billing(context: JobContext) -> Iterator[EventResult | Failed]:
    """After a catalog change every account is checked, also those that are not due."""
    everybody = schedule.is_new(context.catalog_sha256)
    total = schedule.how_many_are_due(NEVER if everybody else clock.today())
    return dry_run.dry_run_accounts(context.watch(billing_run.all_due(everybody=everybody), total), context.billing)


def deliver_sandbox_webhooks(context: JobContext) -> Iterator[int]:
    """For the demo: webhooks from the sandbox companies."""
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
        "refunds",
        lambda context: refund_lookups.ask_about_refunds(context.companies),
        forecast=lambda context: refund_lookups.unanswered(context.companies),
        line=lines.refunded,
    ),
    Job(
        "owed papers",
        lambda context: owed_papers.issue_owed(context.catalog.company),
        forecast=lambda _context: owed_papers.owed(),
        line=lines.paper_issued,
    ),
    Job(
        "abandoned orders",
        lambda _context: abandoned.cancel_abandoned_orders(),
        forecast=lambda _context: abandoned.abandoned_orders(),
        line=lines.cancelled,
    ),
    Job(
        "unpaid transfers",
        lambda context: bank_orders.expire_unpaid(context.catalog.closed_days),
        forecast=lambda context: bank_orders.overdue_orders(context.catalog.closed_days),
        line=lines.expired,
    ),
    Job(
        "part payments",
        lambda context: reminders.remind_of_parts(context.catalog.payable_accounts, context.catalog.closed_days),
        forecast=lambda context: reminders.to_remind(context.catalog.closed_days),
        line=lines.reminded,
    ),
    Job(
        "ended additions",
        lambda _context: ended_additions.cancel_ended_orders(),
        forecast=lambda _context: ended_additions.ended_orders(),
        line=lines.cancelled,
    ),
    Job("ended parts", lambda _context: ended_additions.end_parts(), forecast=lambda _context: ended_additions.ended_parts()),
    Job(
        "comparison",
        lambda context: comparing.tell_differences(context.companies),
        every=timedelta(hours=6),
        line=lines.difference,
        watches=True,
    ),
    Job(
        "remittances",
        lambda context: remittances.look(context.companies),
        every=timedelta(hours=6),
        line=lines.difference,
        watches=True,
    ),
    Job("cleanup", lambda context: range(cleanup.sweep(context.catalog.retention)), every=timedelta(minutes=1)),
    Job("billing", bill, forecast=forecast_billing, line=lines.billed),
    Job("alerts", lambda context: alerts.alert(context.alert_mail), every=timedelta(minutes=5), watches=True),
    Job("unused setups", lambda context: unused_setups.end_unused_setups(context.companies)),
    Job("detach", lambda context: detach_method.detach_due(context.companies)),
    Job("sandbox webhooks", deliver_sandbox_webhooks),
    Job(
        "hosting events",
        lambda context: events.send_due(context.hosting),
        forecast=lambda _context: range(events.how_many_are_due()),
        line=lines.hosting_event_sent,
    ),
    Job("password requests", lambda _context: password_reset.answer_requests()),
    Job(
        "old texts",
        lambda context: texts.empty_old_texts(context.catalog.retention),
        every=timedelta(hours=1),
        forecast=lambda context: texts.due(context.catalog.retention),
        line=lines.emptied,
    ),
    Job("files not imported", lambda _context: range(bank_files.forget_unimported()), every=timedelta(hours=1)),
    Job(
        "left customers",
        lambda context: erasing.erase_due(context.catalog.retention),
        every=timedelta(hours=1),
        forecast=lambda context: erasing.due(context.catalog.retention),
        line=lines.erased,
    ),
    Job(
        "mails",
        lambda context: outbox.send_due(context.mailer),
        forecast=lambda _context: range(outbox.how_many_are_due()),
        line=lines.mail_sent,
    ),
)

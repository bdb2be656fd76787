"""Dry run of the billing run: the events that the worker would handle today. Changes nothing."""

from collections.abc import Iterable, Iterator

from models import Account, Schedule
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.renewals import automatic_charge
from portal.actions.renewals.automatic_charge import PlannedCharge
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.due_events import CHARGES, HANDLERS, EventResult, do_nothing, due_of
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.row_by_row import Attempt, Failed
from portal.store.database import database


def dry_run_accounts(found: Iterable[Schedule], context: BillingContext) -> Iterator[EventResult | Failed]:
    for schedule in found:
        results: list[EventResult] = []
        with Attempt("account", schedule) as attempt:
            results = dry_run_account(schedule, context)
        yield from results
        if attempt.failed:
            yield attempt.failed


def dry_run_account(schedule: Schedule, context: BillingContext) -> list[EventResult]:
    """The results that `process_account` would give: handles the events in a transaction and rolls it back. No company is asked.

    Events that follow from a charge's result are not included.
    """
    with database.atomic() as transaction:
        account = lock_account_if_free(schedule.account_id)
        results = list(_dry_results(account, context))
        transaction.rollback()
        return results


def _dry_results(account: Account, context: BillingContext) -> Iterator[EventResult]:
    snapshot, charged = snapshot_of(account, with_sent_notices=True), set()
    for scheduled in due_of(snapshot, context):
        if scheduled.kind in CHARGES and scheduled.ends_on in charged:
            continue
        with database.atomic() as attempt:
            result = HANDLERS.get(scheduled.kind, do_nothing)(account, snapshot, scheduled, context)
            begun = automatic_charge.begin_all([result], context.installation_id) if isinstance(result, PlannedCharge) else []
            if begun:
                attempt.rollback()
                charged.add(scheduled.ends_on)
        if result:
            yield EventResult(account.login, scheduled, begun[0].payment if begun else None)

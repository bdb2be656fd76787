"""`portal run-due`: one whole pass over everything that is due, for cron; or what such a pass would do, without doing it.

The jobs are the worker's, in its order, each repeated until nothing is left. Safe beside workers and beside another such pass, for each
job claims what it takes up.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from models import Payment
from portal import clock
from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.orders import abandoned
from portal.actions.payments import detach, pay, unused_cards
from portal.actions.renewals import billing_run, dry_run, schedule
from portal.actions.transfers import bank_orders
from portal.gateways.companies import Companies
from portal.jobs import worker
from portal.jobs.report import RunReport
from portal.runtime.settings import Settings
from portal.store import database as store

log = logging.getLogger(__name__)
DONE, SOMETHING_FAILED = 0, 1


def run(settings: Settings, companies: Companies) -> int:
    """The exit code: 1 when something went wrong that the next pass tries again."""
    report = RunReport(today=clock.today())
    due = Due(settings, companies, report)
    jobs = (due.ask_about_payments, due.cancel_abandoned_orders, due.expire_transfers, worker.sweep, due.run_billing)
    return _all((*jobs, due.forget, *companies.sandbox_jobs, due.tell_hosting, due.send_mails), report)


def foretell(settings: Settings, companies: Companies) -> int:
    """The same as a forecast: nothing is written, claimed, asked, told or sent."""
    report = RunReport(today=clock.today(), is_dry_run=True)
    dry_run = DryRun(settings, companies, report)
    return _all((dry_run.payments, dry_run.orders, dry_run.accounts, dry_run.post), report)


def _all(jobs: tuple[Callable[[], object], ...], report: RunReport) -> int:
    """A job that breaks does not keep the others from their turn."""
    try:
        for job in jobs:
            try:
                store.ensure_connection()
                job()
            except Exception:
                log.exception("a job failed and will be tried again")
                report.fail()
                store.close()
    finally:
        report.close()
    return SOMETHING_FAILED if report.failures else DONE


@dataclass(frozen=True)
class Due:
    settings: Settings
    companies: Companies
    report: RunReport

    def ask_about_payments(self) -> None:
        catalog = worker.billing_context(self.settings, self.companies).catalog
        while asked := [payment for payment in self._unanswered() if pay.ask_about(payment, self.companies.get(payment.method), catalog)]:
            for payment in asked:
                self.report.asked(Payment.get_by_id(payment.id))

    def cancel_abandoned_orders(self) -> None:
        while cancelled := [order for order in abandoned.abandoned_orders() if abandoned.cancel_abandoned(order)]:
            for order in cancelled:
                self.report.cancelled(order)

    def expire_transfers(self) -> None:
        for order in bank_orders.overdue_orders():
            if bank_orders.expire(order):
                self.report.expired(order)

    def run_billing(self) -> None:
        worker.follow_catalog(self.settings)
        found = self.report.over(billing_run.all_due(), schedule.how_many_are_due(clock.today()))
        looks = billing_run.process_accounts(found, worker.billing_context(self.settings, self.companies), self.report.done)
        self.report.fail(looks.failed)

    def forget(self) -> None:
        """Nothing that a sheet about money has a line for."""
        while unused_cards.drop_unused_cards(self.companies) + detach.detach_due(self.companies):
            pass

    def tell_hosting(self) -> None:
        while told := worker.tell_hosting(self.settings):
            self.report.told(told)

    def send_mails(self) -> None:
        while sent := worker.send_mails(self.settings):
            self.report.sent(sent)

    def _unanswered(self) -> list[Payment]:
        return [payment for payment in Payment.due(clock.now()) if self.companies.get(payment.method)]


@dataclass(frozen=True)
class DryRun:
    settings: Settings
    companies: Companies
    report: RunReport

    def payments(self) -> None:
        for payment in Payment.due(clock.now()):
            if self.companies.get(payment.method):
                self.report.asked(payment)

    def orders(self) -> None:
        for order in abandoned.abandoned_orders(limit=None):
            self.report.cancelled(order)
        for order in bank_orders.overdue_orders():
            if not order.received_yen:
                self.report.expired(order)

    def accounts(self) -> None:
        """With a new catalog everybody is looked at, whatever their day."""
        everybody, context = worker.is_new_catalog(self.settings), worker.billing_context(self.settings, self.companies)
        total = schedule.how_many_are_due(billing_run.NEVER if everybody else clock.today())
        for row in self.report.over(billing_run.all_due(everybody=everybody), total):
            for done in dry_run.dry_run_account(row, context):
                self.report.done(done)

    def post(self) -> None:
        self.report.told(events.how_many_are_due())
        self.report.sent(outbox.how_many_are_due())

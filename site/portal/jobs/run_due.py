"""`portal run-due`: one whole pass over everything that is due, for cron; or what such a pass would do, without doing it.

The jobs are the worker's, in its order, each repeated until nothing is left. Safe beside workers and beside another such pass, for each
job claims what it takes up.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import models
from models import Payment
from portal import clock
from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.orders import abandoned
from portal.actions.payments import detach, pay
from portal.actions.renewals import billing_run, dry_run, schedule
from portal.actions.transfers import bank_orders
from portal.app import Companies
from portal.jobs import worker
from portal.jobs.report import Sheet
from portal.runtime.settings import Settings

log = logging.getLogger(__name__)
DONE, SOMETHING_FAILED = 0, 1


def run(settings: Settings, companies: Companies) -> int:
    """The exit code: 1 when something went wrong that the next pass tries again."""
    sheet = Sheet(today=clock.today())
    due = Due(settings, companies, sheet)
    jobs = (due.ask_about_payments, due.cancel_abandoned_orders, due.expire_transfers, worker.sweep, due.look_after_accounts)
    return _all((*jobs, due.forget, *companies.errands, due.tell_hosting, due.send_mails), sheet)


def foretell(settings: Settings, companies: Companies) -> int:
    """The same as a forecast: nothing is written, claimed, asked, told or sent."""
    sheet = Sheet(today=clock.today(), is_forecast=True)
    forecast = Forecast(settings, companies, sheet)
    return _all((forecast.payments, forecast.orders, forecast.accounts, forecast.post), sheet)


def _all(jobs: tuple[Callable[[], object], ...], sheet: Sheet) -> int:
    """A job that breaks does not keep the others from their turn."""
    try:
        for job in jobs:
            try:
                models.ensure_connection()
                job()
            except Exception:
                log.exception("a job failed and will be tried again")
                sheet.fail()
                models.close()
    finally:
        sheet.close()
    return SOMETHING_FAILED if sheet.failures else DONE


@dataclass(frozen=True)
class Due:
    settings: Settings
    companies: Companies
    sheet: Sheet

    def ask_about_payments(self) -> None:
        while asked := [payment for payment in self._unanswered() if pay.ask_about(payment, self.companies.get(payment.method))]:
            for payment in asked:
                self.sheet.asked(Payment.get_by_id(payment.id))

    def cancel_abandoned_orders(self) -> None:
        while cancelled := [order for order in abandoned.abandoned_orders() if abandoned.cancel_abandoned(order)]:
            for order in cancelled:
                self.sheet.cancelled(order)

    def expire_transfers(self) -> None:
        for order in bank_orders.overdue_orders():
            if bank_orders.expire(order):
                self.sheet.expired(order)

    def look_after_accounts(self) -> None:
        worker.follow_catalog(self.settings)
        found = self.sheet.over(billing_run.all_due(), schedule.how_many_are_due(clock.today()))
        looks = billing_run.look_after_each(found, worker.desk_of(self.settings, self.companies), self.sheet.done)
        self.sheet.fail(looks.failed)

    def forget(self) -> None:
        """Nothing that a sheet about money has a line for."""
        while detach.forget_due(self.companies):
            pass

    def tell_hosting(self) -> None:
        while told := worker.tell_hosting(self.settings):
            self.sheet.told(told)

    def send_mails(self) -> None:
        while sent := worker.send_mails(self.settings):
            self.sheet.sent(sent)

    def _unanswered(self) -> list[Payment]:
        return [payment for payment in Payment.due(clock.now()) if self.companies.get(payment.method)]


@dataclass(frozen=True)
class Forecast:
    settings: Settings
    companies: Companies
    sheet: Sheet

    def payments(self) -> None:
        for payment in Payment.due(clock.now()):
            if self.companies.get(payment.method):
                self.sheet.asked(payment)

    def orders(self) -> None:
        for order in abandoned.abandoned_orders(limit=None):
            self.sheet.cancelled(order)
        for order in bank_orders.overdue_orders():
            if not order.received_yen:
                self.sheet.expired(order)

    def accounts(self) -> None:
        """With a new catalog everybody is looked at, whatever their day."""
        everybody, desk = worker.is_new_catalog(self.settings), worker.desk_of(self.settings, self.companies)
        total = schedule.how_many_are_due(billing_run.NEVER if everybody else clock.today())
        for row in self.sheet.over(billing_run.all_due(everybody=everybody), total):
            for done in dry_run.foresee(row, desk):
                self.sheet.done(done)

    def post(self) -> None:
        self.sheet.told(events.how_many_are_due())
        self.sheet.sent(outbox.how_many_are_due())

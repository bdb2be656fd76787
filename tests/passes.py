"""One pass of a job, and how many things it did."""

from collections.abc import Iterable, Set
from datetime import date

from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.payments import abandoned, detach_method
from portal.actions.row_by_row import Failed
from portal.actions.transfers import bank_orders
from portal.gateways.companies import Companies, CompaniesByMethod
from portal.gateways.hosting import Hosting
from portal.gateways.smtp import Mailer
from portal.jobs.context import context_for
from portal.jobs.table import JOBS
from portal.runtime.settings import Settings


def done_by(found: Iterable[object]) -> int:
    return sum(not isinstance(each, Failed) for each in found)


def run_job(name: str, settings: Settings, companies: Companies) -> int:
    """As the worker does it."""
    [job] = (job for job in JOBS if job.name == name)
    return done_by(job.run(context_for(settings, companies, accounts_a_pass=200)))


def ask_about_payments(settings: Settings, companies: Companies) -> int:
    return run_job("payments", settings, companies)


def cancel_abandoned_orders() -> int:
    return done_by(abandoned.cancel_abandoned_orders())


def expire_unpaid(closed: Set[date] = frozenset()) -> int:
    return done_by(bank_orders.expire_unpaid(closed))


def detach_due(companies: CompaniesByMethod) -> int:
    return done_by(detach_method.detach_due(companies))


def tell_hosting(hosting: Hosting | None) -> int:
    return done_by(events.send_due(hosting))


def send_mails(mailer: Mailer | None) -> int:
    return done_by(outbox.send_due(mailer))

"""The scheduled jobs: ask about payments without an answer, cancel what nobody pays, tidy up, carry post, send mails."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import models
from models import Payment
from portal import clock
from portal.actions import housekeeping, outbox, pay, transfers
from portal.app import Companies
from portal.gateways.smtp import mailer_for
from portal.settings import Settings
from portal.web import sessions

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 2.0


def sweep() -> int:
    return sessions.sweep(clock.real_now()) + housekeeping.sweep_guesses()


TIDYING = (housekeeping.cancel_abandoned_orders, transfers.expire_unpaid, sweep)


Shift = Callable[[], AbstractContextManager[bool]]


def at_any_time() -> AbstractContextManager[bool]:
    return nullcontext(True)


def run(settings: Settings, companies: Companies, *, stop: threading.Event, shift: Shift = at_any_time) -> None:
    """Do what is due, every two seconds, until `stop` is set. What fails once is tried again next time."""
    while not stop.is_set():
        run_shift(settings, companies, shift)
        stop.wait(SECONDS_BETWEEN)


def run_shift(settings: Settings, companies: Companies, shift: Shift) -> None:
    """One pass, or none while `shift` says that somebody else does this work: a demo's presenter who turns the clock."""
    with shift() as may_work:
        if may_work:
            run_once(settings, companies)


def run_once(settings: Settings, companies: Companies) -> int:
    """One pass; safe beside any number of other workers. A job that breaks does not keep the others from their turn. How much was done."""
    mail = lambda: send_mails(settings)  # noqa: E731
    return sum(_attempt(job) for job in (lambda: ask_about_payments(companies), *TIDYING, *companies.errands, mail))


def ask_about_payments(companies: Companies) -> int:
    """Ask about every payment whose answer is due; how many were asked about."""
    due = [(payment, companies.get(payment.method)) for payment in Payment.due(clock.now())]
    return sum(pay.ask_about(payment, company) for payment, company in due if company)


def send_mails(settings: Settings) -> int:
    """Send what the outbox holds; how many a mail server took. Without a mail server they wait."""
    return outbox.send_due(mailer_for(settings.smtp_url, is_demo=settings.demo))


def _attempt(job: Callable[[], int]) -> int:
    try:
        models.ensure_connection()
        return job()
    except Exception:
        log.exception("a job failed and will be tried again")
        models.close()
        return 0

"""The scheduled jobs: ask about payments without an answer, cancel what nobody pays, renew, end, tidy up, carry post, tell, mail."""

import hashlib
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path

from portal import clock
from portal.actions.hosting import events
from portal.actions.mail import outbox
from portal.actions.orders import abandoned
from portal.actions.payments import detach, pay, unused_cards
from portal.actions.renewals import billing_run, schedule
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies
from portal.gateways.hosting import hosting_for
from portal.gateways.smtp import mailer_for
from portal.runtime.settings import Settings
from portal.store import database as store
from portal.web import sessions

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 2.0
ACCOUNTS_A_PASS = 200


def sweep() -> int:
    return sessions.sweep(clock.real_now()) + abandoned.sweep_guesses()


TIDYING = (abandoned.cancel_abandoned_orders, bank_orders.expire_unpaid, sweep)


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
    ask = lambda: ask_about_payments(settings, companies)  # noqa: E731
    renew = lambda: run_billing(settings, companies)  # noqa: E731
    outgoing = (lambda: tell_hosting(settings), lambda: send_mails(settings))
    forget = lambda: unused_cards.drop_unused_cards(companies) + detach.detach_due(companies)  # noqa: E731
    return sum(_attempt(job) for job in (ask, *TIDYING, renew, forget, *companies.sandbox_jobs, *outgoing))


def run_billing(settings: Settings, companies: Companies) -> int:
    """Renewals, notices and ends whose day has come, for some accounts; how many were looked after."""
    follow_catalog(settings)
    return billing_run.process_due_accounts(billing_context(settings, companies), limit=ACCOUNTS_A_PASS)


def follow_catalog(settings: Settings) -> bool:
    return schedule.follow_catalog(_catalog_sha256(settings.company_folder), clock.today())


def is_new_catalog(settings: Settings) -> bool:
    """Whether every account is still to be looked at because of it."""
    return schedule.is_new(_catalog_sha256(settings.company_folder))


def billing_context(settings: Settings, companies: Companies) -> BillingContext:
    return BillingContext(_catalog(settings.company_folder), companies, settings.installation_id)


@cache
def _catalog(folder: Path) -> Catalog:
    """Read once: whoever changes it starts the worker again."""
    return load_catalog(folder)


@cache
def _catalog_sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "catalog.toml").read_bytes()).hexdigest()


def ask_about_payments(settings: Settings, companies: Companies) -> int:
    """Ask about every payment whose answer is due; how many were asked about."""
    return pay.ask_about_due(companies, _catalog(settings.company_folder))


def tell_hosting(settings: Settings) -> int:
    """Tell the hosting side what it has to know of contracts; how many events it took. Without one they wait."""
    return events.send_due(hosting_for(settings.provision_url, settings.provision_secret))


def send_mails(settings: Settings) -> int:
    """Send what the outbox holds; how many a mail server took. Without a mail server they wait."""
    return outbox.send_due(mailer_for(settings.smtp_url, is_demo=settings.demo))


def _attempt(job: Callable[[], int]) -> int:
    try:
        store.ensure_connection()
        return job()
    except Exception:
        log.exception("a job failed and will be tried again")
        store.close()
        return 0

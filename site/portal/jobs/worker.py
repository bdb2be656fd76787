"""The worker: runs the table of jobs in a loop."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

from portal.actions.renewals import schedule
from portal.actions.row_by_row import Failed
from portal.enums import SystemTrouble
from portal.gateways.companies import Companies
from portal.jobs.clock_watch import ClockWatch
from portal.jobs.context import catalog_version, context_for
from portal.jobs.heartbeat import OUTDATED, WORKER, Pulse
from portal.jobs.table import JOBS, Job
from portal.runtime.settings import Settings
from portal.store import database as store
from portal.store import migrations
from portal.store.row_locks import is_about_one_row

log = logging.getLogger(__name__)
SECONDS_BETWEEN, SECONDS_IF_FULL = 2.0, 0.05  # the second lets others have the lock of the passes
ACCOUNTS_A_PASS = 200
A_FULL_PASS = 50  # things done: as many as mails in one pass, the least that a job stops at

PassLock = Callable[[], AbstractContextManager[bool]]


def no_lock() -> AbstractContextManager[bool]:
    return nullcontext(True)


def no_beat() -> None:
    pass


def run(settings: Settings, companies: Companies, *, stop: threading.Event, pass_lock: PassLock = no_lock) -> None:
    """Run due jobs every two seconds until `stop` is set, or at once while much waits. Failures are retried in the next pass."""
    due_jobs, pulse, old_pulse, watch = DueJobs(), Pulse(WORKER), Pulse(OUTDATED), ClockWatch()
    while not stop.is_set():
        is_full = False
        if _trouble(pulse, watch) is None and not _is_outdated(settings, old_pulse):
            is_full = run_pass(settings, companies, pass_lock, due_jobs.take, pulse.beat)
        stop.wait(SECONDS_IF_FULL if is_full else SECONDS_BETWEEN)


def _trouble(pulse: Pulse, watch: ClockWatch) -> SystemTrouble | None:
    """Why nothing is done in this pass. The sign of life says so."""
    try:
        store.ensure_connection()
        trouble = watch.trouble() or (None if migrations.is_current() else SystemTrouble.SCHEMA)
        pulse.beat(trouble)
    except Exception:
        log.exception("the database is away: the next pass tries again")
        store.close()
        return SystemTrouble.DATABASE
    return trouble


def _is_outdated(settings: Settings, pulse: Pulse) -> bool:
    """True while another worker uses a catalog that was read later: this one would charge yesterday's prices."""
    try:
        version = catalog_version(settings.company_folder)
        outdated = schedule.is_outdated(version.sha256, version.read_at)
        if outdated:
            pulse.beat(SystemTrouble.CATALOG)
    except Exception:
        log.exception("the database is away: the next pass tries again")
        store.close()
        return True
    return outdated


class DueJobs:
    """Which jobs are due: each one every pass, or at the interval in the table."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._last = now, dict[str, float]()

    def take(self) -> list[Job]:
        """The jobs that are due now. They count as run from this moment."""
        now = self._now()
        found = [job for job in JOBS if now - self._last.get(job.name, float("-inf")) >= job.every.total_seconds()]
        self._last |= {job.name: now for job in found}
        return found


def all_jobs() -> Iterable[Job]:
    return JOBS


def run_pass(
    settings: Settings,
    companies: Companies,
    pass_lock: PassLock,
    jobs: Callable[[], Iterable[Job]] = all_jobs,
    beat: Callable[[], None] = no_beat,
) -> bool:
    """One pass, or none if `pass_lock` yields False: in a demo the presenter may be turning the clock. True if more is likely to wait."""
    with pass_lock() as may_work:
        return may_work and run_once(settings, companies, jobs(), beat) >= A_FULL_PASS


def run_once(settings: Settings, companies: Companies, jobs: Iterable[Job] = JOBS, beat: Callable[[], None] = no_beat) -> int:
    """One pass; returns how much was done. Safe beside other workers. A job that raises does not stop the others.

    `beat` is called before each job. Without the database the pass ends: each further job would only wait for it again.
    """
    context, done = context_for(settings, companies, accounts_a_pass=ACCOUNTS_A_PASS), 0
    for job in jobs:
        try:
            store.ensure_connection()
            beat()
            for found in job.run(context):
                done += not isinstance(found, Failed)
        except Exception as error:
            log.exception("the job %s failed and will be tried again", job.name)
            store.close()
            if store.is_away(error) and not is_about_one_row(error):
                break
    return done

"""The worker: the table of jobs, again and again."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

from portal.actions.row_by_row import Failed
from portal.gateways.companies import Companies
from portal.jobs.context import JobContext, context_for
from portal.jobs.table import JOBS, Job
from portal.runtime.settings import Settings
from portal.store import database as store

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 2.0
ACCOUNTS_A_PASS = 200

Shift = Callable[[], AbstractContextManager[bool]]


def at_any_time() -> AbstractContextManager[bool]:
    return nullcontext(True)


def run(settings: Settings, companies: Companies, *, stop: threading.Event, shift: Shift = at_any_time) -> None:
    """Do what is due, every two seconds, until `stop` is set. What fails once is tried again next time."""
    rota = Rota()
    while not stop.is_set():
        run_shift(settings, companies, shift, rota.take)
        stop.wait(SECONDS_BETWEEN)


class Rota:
    """Which jobs' time it is: each of them every pass, or as seldom as the table says."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._last = now, dict[str, float]()

    def take(self) -> list[Job]:
        """Those whose time it is, which count as done with that."""
        now = self._now()
        found = [job for job in JOBS if now - self._last.get(job.name, float("-inf")) >= job.every.total_seconds()]
        self._last |= {job.name: now for job in found}
        return found


def all_jobs() -> Iterable[Job]:
    return JOBS


def run_shift(settings: Settings, companies: Companies, shift: Shift, jobs: Callable[[], Iterable[Job]] = all_jobs) -> None:
    """One pass, or none while `shift` says that somebody else does this work: a demo's presenter who turns the clock."""
    with shift() as may_work:
        if may_work:
            run_once(settings, companies, jobs())


def run_once(settings: Settings, companies: Companies, jobs: Iterable[Job] = JOBS) -> int:
    """One pass; safe beside any number of other workers. A job that breaks does not keep the others from their turn. How much was done."""
    context = context_for(settings, companies, accounts_a_pass=ACCOUNTS_A_PASS)
    return sum(_done_by(job, context) for job in jobs)


def _done_by(job: Job, context: JobContext) -> int:
    done = 0
    try:
        store.ensure_connection()
        for found in job.run(context):
            done += not isinstance(found, Failed)
    except Exception:
        log.exception("the job %s failed and will be tried again", job.name)
        store.close()
    return done

"""`portal run-due`, for cron: one full pass over everything that is due. With --dry-run: only show what a pass would do.

The jobs are the worker's, in the same order, each repeated until nothing is left. Safe beside workers and other passes, because each job
claims its rows.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

from peewee import PeeweeException

from portal import clock
from portal.actions.row_by_row import Failed
from portal.gateways.companies import Companies
from portal.jobs.context import JobContext, context_for
from portal.jobs.heartbeat import RUN_DUE, Pulse
from portal.jobs.progress import progress
from portal.jobs.report import RunReport
from portal.jobs.table import JOBS, Job
from portal.runtime.settings import Settings
from portal.store import database as store

log = logging.getLogger(__name__)
DONE, SOMETHING_FAILED = 0, 1


def run(settings: Settings, companies: Companies) -> int:
    """Returns the exit code: 1 if something failed that the next pass will retry."""
    with suppress(PeeweeException):  # the jobs say it
        Pulse(RUN_DUE).beat()
    return _each(do, RunReport(today=clock.today()), context_for(settings, companies, watch=progress))


def forecast(settings: Settings, companies: Companies) -> int:
    """The dry run: nothing is written, claimed or sent."""
    return _each(_forecast, RunReport(today=clock.today(), is_dry_run=True), context_for(settings, companies, watch=progress))


def do(job: Job, context: JobContext, report: RunReport) -> None:
    """Run passes until one does nothing. A locked row counts as failed only if it is still locked in the last pass."""
    broken: set[Failed] = set()
    while True:
        done, failed = _report(job, job.run(context), report)
        broken |= {each for each in failed if not each.is_locked}
        if not done:
            return report.fail(len(broken | failed))


def _forecast(job: Job, context: JobContext, report: RunReport) -> None:
    _, failed = _report(job, job.forecast(context), report)
    report.fail(len(failed))


def _report(job: Job, found: Iterable[object], report: RunReport) -> tuple[int, set[Failed]]:
    """How many things were done, and what failed."""
    done, failed = 0, set[Failed]()
    for each in found:
        if isinstance(each, Failed):
            failed.add(each)
            continue
        done += 1
        if job.line:
            report.add(job.line(each, report.is_dry_run))
    return done, failed


def _each(task: Callable[[Job, JobContext, RunReport], None], report: RunReport, context: JobContext) -> int:
    """A job that raises does not stop the others."""
    try:
        for job in JOBS:
            try:
                store.ensure_connection()
                task(job, context, report)
            except Exception:
                log.exception("the job %s failed and will be tried again", job.name)
                report.fail()
                store.close()
    finally:
        report.close()
    return SOMETHING_FAILED if report.failures else DONE

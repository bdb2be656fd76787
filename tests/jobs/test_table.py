"""Each row of the table is a job for the worker, for `run-due` and for its dry run."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.formats import date_ja
from portal.gateways.companies import Companies
from portal.jobs import run_due, table, worker
from portal.jobs.lines import Line
from portal.jobs.table import JOBS, Job


class Tidying:
    """A job with two rows to process."""

    def __init__(self):
        self.rooms = ["kitchen", "hall"]
        self.job = Job("tidying", self.tidy, forecast=lambda _context: list(self.rooms), line=self.line)

    def tidy(self, _context):
        while self.rooms:
            yield self.rooms.pop(0)

    @staticmethod
    def line(room: str, is_dry_run: bool) -> Line:
        return Line("片付け", (room, "予定" if is_dry_run else "済み"))


@pytest.fixture
def tidying(monkeypatch) -> Tidying:
    tidying = Tidying()
    for module in (run_due, worker, table):
        monkeypatch.setattr(module, "JOBS", (*JOBS, tidying.job))
    return tidying


def printed(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_new_job_is_shown_by_a_dry_run_and_done_by_run_due(tidying, settings, capsys):
    assert run_due.forecast(settings, Companies()) == run_due.DONE
    assert printed(capsys)[1:] == [*(f"{room}　予定" for room in ("kitchen", "hall")), told_day("予定"), "  片付け：2件"]

    assert run_due.run(settings, Companies()) == run_due.DONE
    assert tidying.rooms == []


def told_day(kind: str) -> str:
    return f"{date_ja(clock.today())}の{kind}"


def test_the_worker_runs_a_new_job(tidying, settings):
    worker.run_pass(settings, Companies(), worker.no_lock)

    assert tidying.rooms == []


def test_job_names_are_unique():
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_a_job_with_an_interval_waits_for_it(monkeypatch):
    often, seldom = (replace(Tidying().job, name=name, every=timedelta(seconds=every)) for name, every in (("often", 0), ("seldom", 60)))
    monkeypatch.setattr(worker, "JOBS", (often, seldom))
    seconds = iter((0, 2, 59, 60, 62))
    due_jobs = worker.DueJobs(lambda: next(seconds))

    assert [[job.name for job in due_jobs.take()] for _ in range(5)] == [
        ["often", "seldom"],
        ["often"],
        ["often"],
        ["often", "seldom"],
        ["often"],
    ]

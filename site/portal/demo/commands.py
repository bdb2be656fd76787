"""The scheduled jobs in a demo: sandbox companies, the demo's clock, no pass while the clock is turned."""

from datetime import date

from portal.demo.companies import demo_companies, follow_demo_clock
from portal.demo.turn_lock import TurnLock
from portal.gateways.companies import Companies
from portal.runtime import commands
from portal.runtime.comparing import print_comparisons
from portal.runtime.settings import Settings
from portal.store.opening import Refused

A_PASS_MAY_TAKE = 5.0  # seconds that run-due waits for the demo's worker


def worker() -> None:
    settings = commands.settings_of_worker()
    commands.work_until_stopped(settings, _companies(settings), pass_lock=TurnLock(settings.data_folder).working)


def run_due(dry_run: bool) -> int:
    settings = commands.settings_of_worker()
    with TurnLock(settings.data_folder).working(A_PASS_MAY_TAKE) as may_work:
        if not may_work:
            raise Refused("デモの時計を動かしているところです。終わってから、もう一度実行してください。")
        return commands.one_pass(settings, _companies(settings), dry_run)


def reconcile(first: date, last: date) -> int:
    return print_comparisons(_companies(commands.settings_of_worker()), first, last)


def _companies(settings: Settings) -> Companies:
    companies, books = demo_companies(settings)
    follow_demo_clock(books)
    return companies

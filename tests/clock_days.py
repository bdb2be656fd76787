"""Days of the contract world for tests that go by the real clock: deadlines end at a second, not on a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import time_machine

from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from tests.passes import ask_about_payments, run_job

JAPAN = timezone(timedelta(hours=9))


@contextmanager
def at(*moment: int) -> Iterator[None]:
    """`with at(2025, 11, 4, 23, 59, 59):` that is the moment in Japan, for everybody; the clock stands still."""
    with time_machine.travel(datetime(*moment, tzinfo=JAPAN), tick=False):
        yield


@dataclass
class Worker:
    """The scheduled jobs about money and contracts."""

    settings: Settings
    companies: Companies

    def comes(self, *moment: int) -> None:
        with at(*moment):
            self.work()

    def work(self) -> None:
        ask_about_payments(self.settings, self.companies)
        run_job("billing", self.settings, self.companies)

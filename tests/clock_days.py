"""Business dates for tests that need exact times: deadlines end at a second, not on a day."""

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
    """`with at(2025, 11, 4, 23, 59, 59):` freezes the clock at that time in Japan."""
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

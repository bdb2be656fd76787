"""The worker's sign of life, in the database, for `/readyz`, 要確認 and metrics."""

import time
from collections.abc import Callable
from datetime import timedelta

from models import Heartbeat
from portal import clock
from portal.enums import SystemTrouble

SECONDS_BETWEEN = 10.0
WORKER, RUN_DUE = "worker", "run-due"
OUTDATED = Heartbeat.OUTDATED  # a worker with an old catalog: another one works
# A single job may take its time; cron comes now and then.
EXPECTED_WITHIN = {WORKER: timedelta(minutes=3), OUTDATED: timedelta(minutes=3), RUN_DUE: timedelta(hours=1)}


class Pulse:
    """`beat()` writes at most every ten seconds, and at once when there is a new trouble. `name`: of EXPECTED_WITHIN."""

    def __init__(self, name: str, now: Callable[[], float] = time.monotonic) -> None:
        self._name, self._now = name, now
        self._last, self._said = float("-inf"), None

    def beat(self, trouble: SystemTrouble | None = None) -> None:
        """`trouble`: why nothing is done. Raises what peewee raises if the database is away."""
        if self._now() - self._last < SECONDS_BETWEEN and trouble == self._said:
            return
        at = clock.real_now()
        Heartbeat.beat(self._name, at, at + EXPECTED_WITHIN[self._name], trouble.value if trouble else "")
        self._last, self._said = self._now(), trouble

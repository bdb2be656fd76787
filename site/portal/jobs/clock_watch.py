"""Notices when somebody moves the computer's clock: a wrong clock would charge and stop customers on the wrong day."""

import logging
import time
from collections.abc import Callable

from portal.enums import SystemTrouble

log = logging.getLogger(__name__)
A_JUMP = 5 * 60
BELIEVED_AFTER = 15 * 60  # time to set it right; after that the new time is taken for the right one


def steady() -> float:
    """Seconds since the computer started, sleep included where the system counts it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class ClockWatch:
    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = steady) -> None:
        self._wall, self._steady = wall, steady
        self._difference, self._jumped_at = wall() - steady(), None

    def trouble(self) -> SystemTrouble | None:
        """CLOCK for fifteen minutes after a jump of more than five minutes, unless the clock is set back."""
        now, difference = self._steady(), self._wall() - self._steady()
        if abs(difference - self._difference) < A_JUMP:
            self._difference, self._jumped_at = difference, None
            return None
        if self._jumped_at is None:
            self._jumped_at = now
            log.error("the clock has jumped by %.0f s: nothing is done for %d minutes", difference - self._difference, BELIEVED_AFTER // 60)
        if now - self._jumped_at >= BELIEVED_AFTER:
            self._difference, self._jumped_at = difference, None
            return None
        return SystemTrouble.CLOCK

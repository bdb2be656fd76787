"""A trouble that lasts is said in full once, then less and less often, with how many lines were left out.

The answer to a customer names a number (受付番号), which must be found: such a line loses its traceback and is written all the same. While
the database is away that would be a line for each request of everybody. Then the numbers are gathered, and written with the trouble's next
line, or half a minute later.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from portal.runtime.log_lines import said_in_one_line
from portal.security_log import NO_REQUEST, current_request
from portal.security_log import log as security_log
from portal.store.database import is_away

FIRST_PAUSE, LONGEST_PAUSE = 10.0, 600.0
FORGOTTEN_AFTER = 2  # pauses without the trouble: the next one is a new trouble
MOST_TROUBLES = 500
GATHERED_FOR, MOST_IN_A_LINE = 30.0, 500
DATABASE = ("the database is away",)
log = logging.getLogger(__name__)


@dataclass
class Trouble:
    said_at: float
    seen_at: float
    pause: float = FIRST_PAUSE
    left_out: int = 0


class SaidOnce(logging.Filter):
    """On handlers. Lines of the security log and below WARNING are not counted. `later` calls a function after so many seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic, later: Callable[[float, Callable[[], None]], None] | None = None) -> None:
        super().__init__()
        self._now, self._lock, self._troubles = now, threading.Lock(), dict[tuple[object, ...], Trouble]()
        self._later, self._gathered = later or _later, list[str]()
        atexit.register(self.say_gathered)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or record.name in (security_log.name, log.name):
            return True
        error, number = record.exc_info[1] if record.exc_info else None, current_request().id
        is_database = error is not None and is_away(error)
        with self._lock:
            is_said = self._is_said_again(record)
        if is_database and (is_said or number != NO_REQUEST):
            self._about_the_database(record, number, is_said=is_said)
            return is_said
        if not is_said and number == NO_REQUEST:
            return False
        if not is_said:
            record.exc_info = record.exc_text = None
        return True

    def _about_the_database(self, record: logging.LogRecord, number: str, *, is_said: bool) -> None:
        """One line, with what it says of itself: the places of a database that does not answer are everywhere."""
        if not is_said:
            with self._lock:
                self._gathered.append(number)
                is_first = len(self._gathered) == 1
            if is_first:
                self._later(GATHERED_FOR, self.say_gathered)
            return
        self.say_gathered()
        record.msg, record.args = f"{record.getMessage()}: {said_in_one_line(record.exc_info[1])}", None
        record.exc_info = record.exc_text = None

    def say_gathered(self) -> None:
        """The numbers of requests that failed because of the database, and have not been written yet."""
        with self._lock:
            numbers, self._gathered = self._gathered, []
        for start in range(0, len(numbers), MOST_IN_A_LINE):
            log.error("the database was away for requests %s", ", ".join(numbers[start : start + MOST_IN_A_LINE]))

    def _is_said_again(self, record: logging.LogRecord) -> bool:
        key, now = _key(record), self._now()
        trouble = self._troubles.get(key)
        if trouble is None or now - trouble.seen_at > FORGOTTEN_AFTER * trouble.pause:
            if len(self._troubles) >= MOST_TROUBLES:
                self._troubles.clear()
            self._troubles[key] = Trouble(now, now)
            return True
        trouble.seen_at = now
        if now - trouble.said_at < trouble.pause:
            trouble.left_out += 1
            return False
        record.msg, record.args = f"{record.getMessage()} (and {trouble.left_out} times in {now - trouble.said_at:.0f} s before)", None
        trouble.said_at, trouble.left_out, trouble.pause = now, 0, min(2 * trouble.pause, LONGEST_PAUSE)
        return True


def _later(seconds: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


def _key(record: logging.LogRecord) -> tuple[object, ...]:
    """One trouble: the database for whoever asks it, else the same exception at the same place, else the same line."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and is_away(error):
        return DATABASE
    if error is None:
        return record.name, str(record.msg), str(record.args)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else ()
    return record.name, str(record.msg), type(error).__name__, place

"""How a log line is written: as text or JSON, always one line but for a traceback, and without personal data in exceptions.

An exception's message can hold what somebody typed or a row of the database (`Failing row contains (...)`). Tracebacks therefore name the
kinds of the exceptions and the places; a message is written only where it speaks of the program or of the machine.
"""

import json
import logging
import sqlite3
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from peewee import PeeweeException

from portal import clock
from portal.security_log import current_request

ABOUT_THE_PROGRAM = (AttributeError, ImportError, NameError, RecursionError, TypeError)
DEEPEST_CHAIN = 5
PROGRAM, PLACES = Path(__file__).parents[1], 4


def said_by(error: BaseException) -> str:
    """What may be said of it: `IntegrityError (23505, order_number)`, `OperationalError: database is locked`."""
    kind = type(error).__qualname__
    about_machine = _of_database(error) or (error.strerror if isinstance(error, OSError) else None)
    if about_machine:
        return f"{kind}: {about_machine}"
    return f"{kind}: {error}" if isinstance(error, ABOUT_THE_PROGRAM) else kind


def traceback_of(error: BaseException) -> str:
    """The places, without values, and what may be said of each exception of the chain; the first cause first."""
    parts = []
    for each in reversed(list(_chain(error))):
        places = "".join(traceback.format_list(traceback.extract_tb(each.__traceback__)))
        parts.append(f"Traceback (most recent call last):\n{places}{said_by(each)}")
    return "\n\n".join(parts)


def said_in_one_line(error: BaseException) -> str:
    """`OperationalError: database is locked, at store/database.py:139 jobs/worker.py:51`: the program's own places, the innermost first."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(PROGRAM))]
    places = " ".join(f"{Path(frame.filename).relative_to(PROGRAM)}:{frame.lineno}" for frame in ours[: -PLACES - 1 : -1])
    return f"{said_by(error)}, at {places}" if places else said_by(error)


class PrivateExceptions(logging.Filter):
    """On handlers: exceptions become text here, before any formatter writes their messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            record.exc_text = traceback_of(record.exc_info[1])
        record.exc_info = None
        if isinstance(record.args, tuple):
            record.args = tuple(said_by(each) if isinstance(each, BaseException) else each for each in record.args)
        return True


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = f"{_at(record)} {record.levelname} {record.name} [{current_request().id}] {_one_line(record.getMessage())}"
        return f"{line}\n{record.exc_text}" if record.exc_text else line


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _at(record), "level": record.levelname, "logger": record.name, "request": current_request().id}
        line |= {"message": record.getMessage()} | getattr(record, "facts", {})
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()


def _of_database(error: BaseException) -> str | None:
    """State, table and constraint of PostgreSQL, SQLite's own sentence; never a value."""
    each = getattr(error, "orig", error)
    diagnosis = getattr(each, "diag", None)
    if diagnosis is not None:
        named = (each.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        return ", ".join(filter(None, named)) or "no answer"
    is_ours_or_of_sqlite = isinstance(error, (PeeweeException, sqlite3.Error))
    return " ".join(str(error).partition("\n")[0].split())[:200] if is_ours_or_of_sqlite else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(DEEPEST_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _at(record: logging.LogRecord) -> str:
    """Japan's time with its offset, to the millisecond."""
    return datetime.fromtimestamp(record.created, clock.JAPAN).isoformat(timespec="milliseconds")


def _one_line(text: str) -> str:
    """No line break and no control character from outside can begin a second line."""
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)

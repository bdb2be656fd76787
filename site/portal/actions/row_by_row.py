"""Jobs process rows one by one: a row that is locked or fails does not stop the others."""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from models import Row
from portal.store.row_locks import RowIsLocked, is_about_one_row

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Failed:
    """A row that failed: it is logged, and the next pass retries it. `is_locked`: another transaction held it."""

    kind: str
    id: int
    is_locked: bool = False


class Attempt:
    """`with Attempt("mail", mail) as attempt:` an error with this row becomes one log line and `attempt.failed`.

    Errors that concern every row, such as an unreachable database, are raised.
    """

    def __init__(self, kind: str, row: Row) -> None:
        self._kind, self._id = kind, row.get_id()
        self.failed: Failed | None = None

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception) or not is_about_one_row(error):
            return False
        is_locked = isinstance(error, RowIsLocked)
        self.failed = Failed(self._kind, self._id, is_locked)
        reason = "is locked and waits for the next pass" if is_locked else f"failed and will be tried again: {_in_one_line(error)}"
        log.warning("%s %s %s", self._kind, self._id, reason)
        return True


def one_by_one(kind: str, rows: Iterable[R], take: Callable[[R], T | None]) -> Iterator[T | Failed]:
    """Yields what `take` returned for each row, if anything, and each failed row. `take` opens its own transactions."""
    for row in rows:
        done = None
        with Attempt(kind, row) as attempt:
            done = take(row)
        found = attempt.failed or done
        if found:
            yield found


def all_at_once(kind: str, rows: Sequence[R], take: Callable[[Sequence[R]], Sequence[T]]) -> Iterator[tuple[R, T | Failed]]:
    """Yields each row with what `take` returned for it, or its failure. `take` handles several rows in one transaction.

    If that fails, nothing of it is stored, and each row gets a transaction of its own: one that is locked or fails stops no other. `take`
    never does again what it has stored.
    """
    done = _all_or_none(kind, rows, take) if len(rows) > 1 else None
    if done is not None:
        yield from zip(rows, done, strict=True)
        return
    for row in rows:
        with Attempt(kind, row) as attempt:
            [found] = take([row])
        yield row, attempt.failed or found


def _all_or_none(kind: str, rows: Sequence[R], take: Callable[[Sequence[R]], Sequence[T]]) -> Sequence[T] | None:
    """None if it failed. The log says so, because if each of them goes well alone nobody would learn why that is slow."""
    try:
        return take(rows)
    except Exception as error:
        if not is_about_one_row(error):
            raise
        if not isinstance(error, RowIsLocked):
            log.warning("%d of the kind %s failed together, each is tried alone: %s", len(rows), kind, _in_one_line(error))
        return None


def _in_one_line(error: Exception) -> str:
    """One line with error and place. A full traceback per row and pass would hide it in the log."""
    last = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename][-1]
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]} ({last.filename}:{last.lineno} {last.name})"

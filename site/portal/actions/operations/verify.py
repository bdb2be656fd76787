"""Whether the books of a live database keep their promises. One snapshot of all rows; nothing is written, and nobody waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.actions.operations.promises import PROMISES, SUMS, Promise, Sum
from portal.enums import OrderState
from portal.rules.documents.papers import sha256
from portal.store import database as store
from portal.store.database import database

ON_POSTGRESQL = {
    "{day_after_before}": "before + 1",
    "{sha256_of_content}": "encode(sha256(convert_to(content, 'UTF8')), 'hex')",
}
ON_SQLITE = {"{day_after_before}": "date(before, '+1 day')", "{sha256_of_content}": "text_sha256(content)"}
FIRST = "SELECT COUNT(*) OVER (), broken.* FROM ({query}) broken LIMIT {most}"
SHOWN = 100  # rows of a promise: a mistake in a migration may break it for millions
LABELS: dict[object, str] = {state.value: state.label for state in OrderState}


@dataclass(frozen=True)
class Verified:
    """`rows`: the first of what breaks the promise, in words. `broken`: how many there are."""

    promise: Promise
    rows: tuple[str, ...]
    broken: int

    @property
    def is_kept(self) -> bool:
        return not self.broken


@dataclass(frozen=True)
class Compared:
    """The same yen, found in two ways."""

    sum: Sum
    left: int
    right: int

    @property
    def difference(self) -> int:
        return self.left - self.right

    @property
    def is_kept(self) -> bool:
        return self.difference == 0


def verify() -> Iterator[Verified | Compared]:
    """Every promise and every sum, one after another as they are found, all of the same moment."""
    if not store.is_postgresql():
        database.register_function(sha256, "text_sha256", 1)
    with store.snapshot():
        yield from map(_verified, PROMISES)
        yield from (Compared(found, _number(found.left), _number(found.right)) for found in SUMS)


def faults() -> list[str]:
    """What is broken, in a line each, as far as it is shown."""
    found = list(verify())
    broken = [f"{one.promise.name}: {row}" for one in found if isinstance(one, Verified) for row in one.rows]
    return broken + [f"{one.sum.label}: {one.left} / {one.right}" for one in found if isinstance(one, Compared) and not one.is_kept]


def _verified(promise: Promise) -> Verified:
    query = promise.broken
    for mark, text in (ON_POSTGRESQL if store.is_postgresql() else ON_SQLITE).items():
        query = query.replace(mark, text)
    found = database.execute_sql(_literal(FIRST.replace("{query}", query).replace("{most}", str(SHOWN)))).fetchall()
    words = [["なし" if value is None else LABELS.get(value, value) for value in row] for _, *row in found]
    return Verified(promise, tuple(promise.row.format(*row) for row in words), found[0][0] if found else 0)


def _number(query: str) -> int:
    return int(database.execute_sql(_literal(query)).fetchone()[0])


def _literal(query: str) -> str:
    """PostgreSQL's driver reads a single % as the beginning of a parameter."""
    return query.replace("%", "%%") if store.is_postgresql() else query

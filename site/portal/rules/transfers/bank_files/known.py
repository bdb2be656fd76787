"""Which lines of a file have come before: in an earlier file, the same one or another that overlaps, or typed by staff.

Equal lines of one file are as many transfers: each line that is known takes one of the stored ones, and no other takes it again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.enums import LineKind
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.bank_files.statement import StatementLine
from portal.rules.transfers.order_numbers import order_numbers


@dataclass(frozen=True)
class StoredLine:
    """A line of an earlier file, by its id. `reference` names it alone, among files of that format."""

    id: int
    identity: str
    format: str
    reference: str


@dataclass(frozen=True)
class TypedDeposit:
    """A deposit that no line of a file is joined to, by its id."""

    id: int
    yen: int
    booked_on: date
    valued_on: date
    payer: str


@dataclass(frozen=True)
class KnownLine:
    """`is_certain`: the bank gives it the same number. Else it may be another transfer that looks the same, and staff may say so."""

    line: StatementLine
    stored_id: int
    is_certain: bool


def identity_of(line: StatementLine) -> str:
    """The same for what any format of file says about one transfer: account, day, yen, name and numbers before it."""
    back = "back" if line.kind == LineKind.CORRECTION else "in"
    parts = (back, line.account, line.booked_on.isoformat(), str(line.yen), *_name(line.payer))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def known_lines(lines: Sequence[StatementLine], format: str, stored: Iterable[StoredLine]) -> list[KnownLine]:
    """First those whose number the bank repeats; then those that nothing tells apart from a stored line."""
    left: dict[str, list[StoredLine]] = defaultdict(list)
    for one in stored:
        left[one.identity].append(one)
    certain = _taken(lines, left, lambda line, one: bool(line.reference) and (one.format, one.reference) == (format, line.reference))
    rest = [line for line in lines if line.record not in certain]
    alike = _taken(rest, left, lambda line, one: one.format != format or not (one.reference and line.reference))
    found = certain | alike
    return [KnownLine(line, found[line.record], line.record in certain) for line in lines if line.record in found]


def typed_before(lines: Sequence[StatementLine], typed: Iterable[TypedDeposit]) -> dict[int, int]:
    """Record of the line -> id of the deposit that staff had typed for it: the same yen and name, one of the days. One to one."""
    left: dict[Hashable, list[TypedDeposit]] = defaultdict(list)
    for deposit in sorted(typed, key=lambda deposit: deposit.id):
        left[deposit.yen, _name(deposit.payer)].append(deposit)
    found = {}
    for line in lines:
        alike = left[line.yen, _name(line.payer)]
        days = {line.booked_on, line.valued_on}
        same = next((deposit for deposit in alike if days & {deposit.booked_on, deposit.valued_on}), None)
        if same and line.kind == LineKind.TRANSFER:
            alike.remove(same)
            found[line.record] = same.id
    return found


def _taken(
    lines: Sequence[StatementLine], left: dict[str, list[StoredLine]], fits: Callable[[StatementLine, StoredLine], bool]
) -> dict[int, int]:
    """Record -> id of the stored line, which is taken out of `left`."""
    found = {}
    for line in lines:
        alike = left[identity_of(line)]
        same = next((one for one in alike if fits(line, one)), None)
        if same:
            alike.remove(same)
            found[line.record] = same.id
    return found


@lru_cache(maxsize=1024)
def _name(payer: str) -> tuple[str, ...]:
    return (name_key(payer), *sorted(order_numbers(payer)))

"""Queries for staff's pages about files of the bank and their lines."""

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, fn

from models import Allocation, BankFile, BankLine, Deposit, Remittance, Staff
from portal.actions.staff.counts import is_open_correction
from portal.actions.staff.paging import Listed, page_of
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.order_rows import ROWS
from portal.enums import AllocationSource, LineKind, LineState
from portal.rules.transfers.bank_files.line_state import line_state


@dataclass(frozen=True)
class LineRow:
    """A line and what has become of it. Yen."""

    line: BankLine
    deposit: Deposit | None
    rest_yen: int
    state: LineState


def files(search: SearchQuery) -> Listed[BankFile]:
    """With who brought them, the newest first."""
    return page_of(BankFile.select(BankFile, Staff).join(Staff).order_by(BankFile.id.desc()), search, lambda file: file)


def file_by_number(number: str) -> BankFile | None:
    return BankFile.select(BankFile, Staff).join(Staff).where(BankFile.number == number).first()


def lines_of(file: BankFile, state: LineState | None, page: int) -> Listed[LineRow]:
    """In the order of the file. `state`: those alone."""
    query = _lines().where(BankLine.file == file).order_by(BankLine.record)
    query = query.where(_is(state)) if state else query
    return page_of(query, SearchQuery(page=page), _row)


def line_of(file: BankFile, record: int) -> LineRow | None:
    found = _lines().where(BankLine.file == file, BankLine.record == record).first()
    return found and _row(found)


def states_of(file: BankFile) -> dict[LineState, int]:
    """How many lines are in each state. One query, which adds up the money of each line once."""
    is_ignored, has_deposit = BankLine.ignored_reason.is_null(False).alias("ignored"), Deposit.id.is_null(False).alias("has")
    is_open = (Deposit.used_of(Deposit.id) < Deposit.yen).alias("is_open")
    is_allocated = fn.EXISTS(Allocation.select(Allocation.id).where(Allocation.deposit == Deposit.id, _for_an_order())).alias("allocated")
    each = BankLine.select(BankLine.kind, is_ignored, has_deposit, is_open, is_allocated).join(Deposit, JOIN.LEFT_OUTER)
    each = each.where(BankLine.file == file).alias("each_line")
    kinds = (each.c.kind, each.c.ignored, each.c.has, each.c.is_open, each.c.allocated)
    found = dict.fromkeys(LineState, 0)
    for kind, ignored, has, rest, allocated, lines in each.select_from(*kinds, fn.COUNT(SQL("1"))).group_by(*kinds).tuples():
        about = {"is_ignored": bool(ignored), "has_deposit": bool(has), "is_allocated": bool(allocated)}
        found[line_state(LineKind(kind), rest_yen=int(bool(rest)), **about)] += lines
    return found


def imported(file: BankFile) -> tuple[int, int, int, int, int]:
    """How many lines it brought: in all, deposits, typed before, corrections, others (also a payment company's money)."""
    query = BankLine.select(BankLine.kind, BankLine.was_typed, fn.COUNT(BankLine.id)).where(BankLine.file == file)
    found = {(kind, bool(typed)): count for kind, typed, count in query.group_by(BankLine.kind, BankLine.was_typed).tuples()}
    parts = ((LineKind.TRANSFER, False), (LineKind.TRANSFER, True), (LineKind.CORRECTION, False), (LineKind.OTHER, False))
    in_all, (deposits, typed, corrections, others) = sum(found.values()), (found.get(part, 0) for part in parts)
    of_companies = Remittance.select().join(BankLine).where(BankLine.file == file, BankLine.kind == LineKind.TRANSFER).count()
    return in_all, deposits - of_companies, typed, corrections, others + of_companies


def open_corrections() -> list[BankLine]:
    """What the bank took back, and nobody has said yet what. With its file."""
    return list(BankLine.select(BankLine, BankFile).join(BankFile).where(is_open_correction()).order_by(BankLine.id).limit(ROWS))


def taken_back_by(line: BankLine) -> list[Deposit]:
    """Deposits that this line may take back: the same yen, not later; those of the same name first, then the latest."""
    query = Deposit.select().where(Deposit.yen == line.yen, Deposit.booked_on <= line.booked_on)
    back = BankLine.select(BankLine.deposit).where(BankLine.kind == LineKind.CORRECTION, BankLine.deposit.is_null(False))
    found = query.where(Deposit.id.not_in(back)).order_by((Deposit.payer_key == line.payer_key).desc(), Deposit.booked_on.desc())
    return list(found.limit(5))


def _lines() -> Any:
    allocated = Allocation.select(fn.COUNT(Allocation.id)).where(Allocation.deposit == Deposit.id, _for_an_order())
    columns = (BankLine, Deposit, Deposit.used_of(Deposit.id).alias("used"), allocated.alias("allocated"))
    return BankLine.select(*columns).join(Deposit, JOIN.LEFT_OUTER, attr="money")


def _row(line: BankLine) -> LineRow:
    deposit = getattr(line, "money", None) if line.deposit_id else None
    rest_yen = deposit.yen - int(line.used) if deposit else 0
    about = {"is_ignored": line.ignored_reason is not None, "has_deposit": deposit is not None}
    return LineRow(line, deposit, rest_yen, line_state(LineKind(line.kind), rest_yen=rest_yen, is_allocated=line.allocated > 0, **about))


def _for_an_order() -> Any:
    return Allocation.order.is_null(False) & (Allocation.source == AllocationSource.BANK)


def _is(state: LineState) -> Any:
    """A query condition, as `line_state` decides."""
    is_correction, has_deposit = BankLine.kind == LineKind.CORRECTION, BankLine.deposit.is_null(False)
    if state is LineState.IGNORED:
        return BankLine.ignored_reason.is_null(False)
    used = Deposit.used_of(Deposit.id)
    is_allocated = fn.EXISTS(Allocation.select(Allocation.id).where(Allocation.deposit == Deposit.id, _for_an_order()))
    if state is LineState.WAITING:
        is_open = is_correction & ~has_deposit & BankLine.ignored_reason.is_null()
        return is_open | (~is_correction & has_deposit & (used < Deposit.yen))
    is_used = ~is_correction & has_deposit & (used >= Deposit.yen)
    return is_used & is_allocated if state is LineState.MATCHED else (is_used & ~is_allocated) | (is_correction & has_deposit)

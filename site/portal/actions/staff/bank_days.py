"""Balances of the bank by day, from the files that were imported (03), beside the lines that the portal has. Yen."""

from collections import defaultdict
from datetime import date

from peewee import fn

from models import BankLine, StatementDay
from portal.enums import LineKind
from portal.rules.staff.bank_day import BankDay, Counted

CORRECTED = "訂正"


def bank_days(day: date) -> list[BankDay]:
    """One for each account with a balance of that day; of several files the last one counts. Three queries."""
    stated = {row.account: row for row in StatementDay.select().where(StatementDay.day == day).order_by(StatementDay.id)}
    if not stated:
        return []
    before, lines = _before(day), _lines(day)
    return [
        BankDay(account, row.opening_yen, row.incoming_yen, row.outgoing_yen, row.closing_yen, before.get(account), *lines[account])
        for account, row in sorted(stated.items())
    ]


def _before(day: date) -> dict[str, int]:
    """The closing balance of the last day before that is known, by account."""
    earlier = StatementDay.alias()
    last = earlier.select(fn.MAX(earlier.day)).where(earlier.account == StatementDay.account, earlier.day < day)
    query = StatementDay.select(StatementDay.account, StatementDay.closing_yen).where(StatementDay.day == last)
    return dict(query.order_by(StatementDay.id).tuples())


def _lines(day: date) -> dict[str, tuple[Counted, Counted, Counted, Counted]]:
    """Deposits, ignored, 訂正 and 組戻し, by account."""
    is_ignored = BankLine.ignored_reason.is_null(False)
    kinds = (BankLine.account, BankLine.kind, BankLine.note, is_ignored)
    query = BankLine.select(*kinds, fn.COUNT(BankLine.id), fn.SUM(BankLine.yen)).where(BankLine.booked_on == day).group_by(*kinds)
    sums: dict[str, list[Counted]] = defaultdict(lambda: [Counted()] * 4)
    for account, kind, note, ignored, rows, yen in query.tuples():
        place = (2 if note == CORRECTED else 3) if kind == LineKind.CORRECTION else int(bool(ignored))
        known = sums[account][place]
        sums[account][place] = Counted(known.rows + rows, known.yen + int(yen))
    return defaultdict(lambda: (Counted(),) * 4, {account: tuple(found) for account, found in sums.items()})

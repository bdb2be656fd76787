"""A payment company's remittances beside the lines of our bank: which line is which, and what is wrong with one. Yen; days in Japan."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.enums import RemittanceState

EARLIER, LATER = timedelta(days=1), timedelta(days=6)  # banks book on their own days: a weekend and two holidays
OTHER_SUM = "内訳の合計は {:,}円です。会社の管理画面の内訳と、口座の入金を確かめてください"
NOT_SENT = "会社から口座への送金ができませんでした。会社の管理画面で、登録した口座を確かめてください"
NOT_THERE = "銀行のファイルに、この金額の入金がありません。通帳と、会社の管理画面を確かめてください"


@dataclass(frozen=True)
class Expected:
    """A remittance that no line is known for."""

    id: Hashable
    yen: int
    arrives_on: date


@dataclass(frozen=True)
class Arrived:
    """A line of the bank that is no customer's."""

    id: Hashable
    yen: int
    booked_on: date


def lines_of(expected: Sequence[Expected], arrived: Iterable[Arrived]) -> dict[Hashable, Hashable]:
    """Remittance -> its line: the same yen, about the day. Only where neither could be another: the rest is for staff."""
    fits = [(one.id, line.id) for line in arrived for one in expected if _fits(one, line)]
    remittances, lines = [one for one, _ in fits], [line for _, line in fits]
    return {one: line for one, line in fits if remittances.count(one) == 1 and lines.count(line) == 1}


def problem(
    state: RemittanceState, yen: int, parts_yen: int | None, arrives_on: date, *, is_in_bank: bool, known_until: date | None
) -> str:
    """What staff have to look at; empty if nothing. `known_until`: the last day of the bank's files."""
    if state is RemittanceState.FAILED:
        return "" if is_in_bank else NOT_SENT
    if parts_yen is not None and parts_yen != yen:
        return OTHER_SUM.format(parts_yen)
    is_overdue = yen > 0 and known_until is not None and known_until > arrives_on + LATER
    return NOT_THERE if is_overdue and not is_in_bank else ""


def _fits(one: Expected, line: Arrived) -> bool:
    return one.yen == line.yen and one.arrives_on - EARLIER <= line.booked_on <= one.arrives_on + LATER

"""Balances of the days of one account, from what its statement (03) says before the first line and after the last."""

from collections.abc import Iterable, Iterator
from datetime import date

from portal.rules.transfers.bank_files.record import Group, Record
from portal.rules.transfers.bank_files.statement import DayBalance

Move = tuple[date, int, int]  # booking day, yen in, yen out


def day_balances(account: str, first: date, last: date, opening: int, closing: int, moves: Iterable[Move]) -> Iterator[DayBalance]:
    """The first day, the last, and each with a line. The last closes as the bank says, so that what does not add up is seen there."""
    sums: dict[date, tuple[int, int]] = {first: (0, 0), last: (0, 0)}
    for day, came, went in moves:
        known = sums.get(day, (0, 0))
        sums[day] = (known[0] + came, known[1] + went)
    so_far = opening
    for day in sorted(sums):
        came, went = sums[day]
        end = closing if day == last else so_far + came - went
        yield DayBalance(account, day, so_far, came, went, end)
        so_far = end


def balance(record: Record, name: str) -> int | None:
    """Yen, below 0 if the account is overdrawn; None if the file leaves it out."""
    yen = record.digits(name)
    return -yen if yen and record.text("貸越区分") == "2" else yen


def balances_of(group: Group, trailer: Record, account: str, today: date) -> list[DayBalance]:
    """Nothing if the file leaves a balance out, or has neither a period nor a line."""
    before, after = balance(group.header, "取引前残高"), balance(trailer, "取引後残高")
    moves = [(record.day("勘定日", today), *_sides(record)) for record in group.lines]
    first, last = (group.header.day(f"勘定日（{end}）", today) for end in "自至")
    first, last = first or min((day for day, *_ in moves), default=None), last or max((day for day, *_ in moves), default=None)
    if before is None or after is None or first is None or last is None:
        return []
    return list(day_balances(account, first, last, before, after, moves))


def _sides(record: Record) -> tuple[int, int]:
    yen = record.count("金額")
    return (yen, 0) if record.digits("入払区分") == 1 else (0, yen)

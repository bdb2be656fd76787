"""Balances of the days of one account, from what its statement (03) says before the first line and after the last."""

from collections.abc import Iterable, Iterator
from datetime import date

from portal.rules.transfers.bank_files.statement import DayBalance

Move = tuple[date, int, int]  # booking day, yen in, yen out


def day_balances(account: str, first: date, last: date, opening: int, closing: int, moves: Iterable[Move]) -> Iterator[DayBalance]:
    """The first day, the last, and each with a line. The last closes as the bank says, so that what does not add up is seen there."""
    sums: dict[date, tuple[int, int]] = {first: (0, 0), last: (0, 0)}
    for day, came, went in moves:
        known = sums.get(day, (0, 0))
        sums[day] = (known[0] + came, known[1] + went)
    balance = opening
    for day in sorted(sums):
        came, went = sums[day]
        end = closing if day == last else balance + came - went
        yield DayBalance(account, day, balance, came, went, end)
        balance = end

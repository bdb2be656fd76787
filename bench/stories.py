"""A hundred stories of accounts with three orders, and some thousand names: what `bench/crowd.sql` repeats."""

import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bench.matching import BEGINNINGS, ENDS, GIVEN
from portal.catalog import Plan
from portal.rules.accounts.name_key import name_key
from portal.rules.orders.tax import tax_inside

STORIES, ORDERS = 100, 3
CARD, WALLET, WAITING, LEFT = range(60), range(90, 95), range(60, 61), range(95, 100)  # the others pay by transfer


@dataclass(frozen=True)
class Chapter:
    """One of the orders. `previous`: the end that it renews. `schedule_on`: when the account is looked at next."""

    story: int
    place: int
    kind: str
    state: str
    method: str
    starts_on: date
    ends_on: date
    at: datetime
    paid_on: date | None
    due_on: date | None
    months: int
    yen: int
    tax: int
    previous: date | None
    schedule_on: date
    left_on: date | None


def chapters(today: date, plan: Plan) -> Iterator[tuple[Any, ...]]:
    for story in range(STORIES):
        months = (1, 12, 1, 3)[story % 4]
        end = _after(today.replace(day=1), 3 + story % 11 if story not in LEFT else -12)
        starts = [_after(end, -months * left) for left in range(ORDERS, -1, -1)]
        for place in range(ORDERS):
            yield astuple(_chapter(story, place, months, starts, plan, today))


def names() -> list[tuple[int, str, str, str, str]]:
    """Place, the customer's name and its key, and the payer as banks print it, with its key. Half of the names are known in kana alone."""
    kana = [f"{begin}{end} {given}" for begin in BEGINNINGS.split() for end in ENDS.split() for given in GIVEN.split()]
    wide = [unicodedata.normalize("NFKC", name) for name in kana]
    return [(place, name, name_key(name), payer, name_key(payer)) for place, (name, payer) in enumerate(zip(wide, kana, strict=True))]


def _chapter(story: int, place: int, months: int, starts: list[date], plan: Plan, today: date) -> Chapter:
    method = "card" if story in CARD or story in LEFT else "wallet" if story in WALLET else "bank"
    kind = "new" if place == 0 else "renew" if method == "bank" else "auto"
    starts_on, ends_on = starts[place], starts[place + 1] - timedelta(days=1)
    day = min(starts_on - timedelta(days=1), today - timedelta(days=31 * (ORDERS - 1 - place))) - timedelta(
        days=story % 25
    )  # or paid long before
    is_waiting, yen = story in WAITING and place == ORDERS - 1, plan.total_yen(months)
    end = starts[-2 if story in WAITING else -1] - timedelta(days=1)
    due_on, previous = starts_on if method == "bank" else None, starts_on - timedelta(days=1) if place else None
    looked_at = date(9999, 1, 1) if story in LEFT else end.replace(day=5) - timedelta(days=30)
    paid = ("placed", None) if is_waiting else ("paid", day)
    about = (starts_on, ends_on, datetime.combine(day, time(3)), paid[1], due_on, months, yen, tax_inside(yen, 10), previous)
    return Chapter(story, place, kind, paid[0], method, *about, looked_at, end if story in LEFT else None)


def _after(day: date, months: int) -> date:
    """The first of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)

"""The bar of a status card and the words below it. Dates are inclusive dates in Japan, from the forecast or from the open order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

TODAY = "▼ 本日"
PAY_UNTIL = "● お支払い期限"


@dataclass(frozen=True)
class Days:
    """`starts_on`, `ends_on`: what is paid. `renewed_until`: the server's end once the open order is paid. `due_on`: of a transfer.

    `pay_until` and `deleted_on`: if nothing is paid.
    """

    today: date
    starts_on: date
    ends_on: date
    renewed_until: date | None = None
    due_on: date | None = None
    last_change_on: date | None = None
    charge_on: date | None = None
    pay_until: date | None = None
    deleted_on: date | None = None
    is_retry: bool = False
    is_stopped: bool = False


@dataclass(frozen=True)
class Mark:
    """One day in words. `is_until`: printed with まで."""

    label: str
    on: date
    is_until: bool = False


@dataclass(frozen=True)
class Gauge:
    """From `first` to `last`; what is left from `today` to `until` is coloured. The properties are percent of the whole bar, as text."""

    first: date
    last: date
    today: date
    marks: tuple[Mark, ...]
    until: date | None = None
    due_on: date | None = None
    change_on: date | None = None

    @property
    def now(self) -> str:
        return percent((self.today - self.first).days, self._whole)

    @property
    def left(self) -> str:
        begin = min(max(self.today, self.first), self.last)
        return percent(((self.until or self.last) - begin).days, self._whole)

    @property
    def end(self) -> str | None:
        return self._at(self.until)

    @property
    def due(self) -> str | None:
        return self._at(self.due_on)

    @property
    def change(self) -> str | None:
        return self._at(self.change_on)

    @property
    def _whole(self) -> int:
        return (self.last - self.first).days

    def _at(self, day: date | None) -> str | None:
        return day and percent((day - self.first).days, self._whole)


def percent(part: int, whole: int) -> str:
    """A coordinate of the bar: 「58.33%」. What lies outside stands at its ends."""
    share = min(max(part / whole, 0), 1) if whole else 0
    return f"{100 * share:.4g}%"


def gauge(days: Days) -> Gauge:
    """While it runs, from the term's first day to the last one that is paid, or will be. Once it is stopped, until the deletion."""
    if days.is_stopped:
        return Gauge(days.ends_on, days.deleted_on or days.today, days.today, tuple(_stopped(days)), due_on=days.pay_until)
    until = days.ends_on if days.renewed_until else None
    shown = (until, days.due_on or days.charge_on, days.last_change_on)
    return Gauge(days.starts_on, days.renewed_until or days.ends_on, days.today, tuple(_running(days)), *shown)


def _stopped(days: Days) -> Iterator[Mark]:
    yield Mark("契約期間の最終日", days.ends_on)
    yield Mark(TODAY, days.today)
    if days.pay_until:
        yield Mark(PAY_UNTIL, days.pay_until, is_until=True)
    if days.deleted_on:
        yield Mark("■ 解約・データ削除", days.deleted_on)


def _running(days: Days) -> Iterator[Mark]:
    yield Mark(TODAY, days.today)
    if days.due_on:
        yield Mark(PAY_UNTIL, days.due_on, is_until=True)
    if days.last_change_on:
        yield Mark("｜ 変更の期限", days.last_change_on, is_until=True)
    if days.charge_on:
        yield Mark("● 次の再手続き" if days.is_retry else "● 自動更新のお支払い", days.charge_on)
    yield Mark("■ いまの最終日" if days.renewed_until else "■ 契約期間の最終日", days.ends_on)
    if days.renewed_until:
        yield Mark("■ 更新後の最終日", days.renewed_until)

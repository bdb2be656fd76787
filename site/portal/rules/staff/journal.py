"""仕訳: what the portal's money does in the company's books. Whole yen, tax included; days in Japan. For an accountant: docs/ja/仕訳.md.

Money that came is 前受金 once it counts for an order, 預り金 before that and whenever it counts for none. 売上 is earned by the day over
each term, at the ends of months. An entry is of the day on which it was made, and made from rows that are only ever added: the entries
of a day that is over never change. What was wrong is taken back by an entry of its own, on the day on which that was done.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.enums import AllocationSource, BookAccount, EntryKind, TaxCategory
from portal.rules.orders.tax import tax_inside

DEPOSIT = "deposit"
CAME_BY = {AllocationSource.CARD: BookAccount.CARD, AllocationSource.WALLET: BookAccount.WALLET, AllocationSource.BANK: BookAccount.BANK}
CATEGORIES = {BookAccount.SALES: TaxCategory.SALES, BookAccount.SALES_RETURN: TaxCategory.SALES_RETURN}


@dataclass(frozen=True)
class Entry:
    """One entry: `yen` of `debit` (借方) against `credit` (貸方). `number`: of the deposit, allocation or paper. `of`: the day of the bank,
    the company or the paper. `at` orders the entries of a day. `count`: papers in one entry.
    `who`: the payer or the customer by today's name, for the list alone; no spreadsheet takes it for a formula.
    """

    at: datetime
    day: date
    kind: EntryKind
    debit: BookAccount
    credit: BookAccount
    yen: int
    number: str = ""
    order: str = ""
    of: date | None = None
    tax_percent: int = 0
    tax_yen: int = 0
    count: int = 1
    who: str = ""

    @property
    def debit_category(self) -> TaxCategory:
        return CATEGORIES.get(self.debit, TaxCategory.NONE)

    @property
    def credit_category(self) -> TaxCategory:
        return CATEGORIES.get(self.credit, TaxCategory.NONE)


@dataclass(frozen=True)
class Moment:
    at: datetime
    day: date


@dataclass(frozen=True)
class MoneyRow:
    """A deposit or an allocation as it was made. `order`: its number, empty without one. `came`: where returned money had come from.

    `moved`: when it was taken off its order, or the deposit turned out to be none. `sale_percent`: the tax rate of the valid receipt that
    the returned money takes back; None if there was none.
    """

    source: str
    came: AllocationSource
    yen: int
    number: str
    order: str
    of: date
    made: Moment
    moved: Moment | None = None
    sale_percent: int | None = None
    who: str = ""


@dataclass(frozen=True)
class Earning:
    """A line of a receipt: yen for a term, both days inclusive."""

    yen: int
    starts_on: date
    ends_on: date

    def until(self, day: date) -> int:
        """Yen earned by the end of that day, by the day (日割), rounded down; all of it at the end of the term."""
        days = (min(day, self.ends_on) - self.starts_on).days + 1
        return self.yen * max(days, 0) // ((self.ends_on - self.starts_on).days + 1)


@dataclass(frozen=True)
class Receipt:
    """A 領収書 with what it is for. `void`: when it was made void. `returned`: yen that went back of it while it was valid, below 0 what
    came again.
    """

    number: str
    order: str
    yen: int
    tax_percent: int
    tax_yen: int
    issued_on: date
    lines: tuple[Earning, ...] = field(repr=False)
    void: Moment | None = None
    who: str = ""
    returned: tuple[int, ...] = ()

    def earned(self, day: date) -> int:
        """Yen earned by the end of that day. A difference that was accepted makes every line less by its part."""
        in_all = sum(line.yen for line in self.lines)
        return sum(line.until(day) for line in self.lines) * self.yen // in_all if in_all else 0

    def tax_of(self, yen: int) -> int:
        """The part of the receipt's tax in its first `yen`: the parts add up to the tax on the paper."""
        return self.tax_yen * yen // self.yen if self.yen else 0

    def counts_on(self, month_end: date) -> bool:
        """Void on that very day it still counts, so that nothing changes that was exported in the morning."""
        return self.issued_on <= month_end and (self.void is None or self.void.day >= month_end)


def of_papers(receipts: Iterable[Receipt], first: date, last: date, ends: Mapping[date, datetime]) -> list[Entry]:
    """What receipts have earned, and what is taken back of those that were made void, from `first` to `last`: few entries, of one look at
    each receipt. `ends`: the last days of months among them, and when they end.
    """
    undone: list[Entry] = []
    sums: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for receipt in receipts:
        undone += _undone(receipt)
        for day in ends:
            _add_earned(sums[day, receipt.tax_percent], receipt, day)
    earned = [_earned(Moment(ends[day], day), percent, *found) for (day, percent), found in sorted(sums.items())]
    return [entry for entry in undone + earned if first <= entry.day <= last]


def entries(money: Iterable[MoneyRow], papers: Iterable[Entry], first: date, last: date) -> list[Entry]:
    """The entries of the days from `first` to `last`, in order. `papers`: those that `of_papers` has made."""
    found = [entry for row in money for entry in _of_money(row)] + list(papers)
    order = list(EntryKind)
    wanted = [entry for entry in found if first <= entry.day <= last and entry.yen]
    return sorted(wanted, key=lambda entry: (entry.day, entry.at, order.index(entry.kind), entry.number, entry.order))


def _of_money(row: MoneyRow) -> Iterator[Entry]:
    about = {"yen": abs(row.yen), "number": row.number, "order": row.order, "of": row.of, "who": row.who}
    yield Entry(row.made.at, row.made.day, *_made(row), **about, **_tax_back(row))
    if row.moved:
        yield Entry(row.moved.at, row.moved.day, *_moved(row), **about)


def _made(row: MoneyRow) -> tuple[EntryKind, BookAccount, BookAccount]:
    by = CAME_BY[row.came]
    if row.source == AllocationSource.RETURNED:
        return _returned(row, by)
    if row.source == DEPOSIT:
        return EntryKind.DEPOSITED, by, BookAccount.HELD
    if row.source == AllocationSource.BANK:
        return EntryKind.ALLOCATED, BookAccount.HELD, BookAccount.ADVANCE
    if row.order:
        return EntryKind.CHARGED, by, BookAccount.ADVANCE
    return EntryKind.CHARGED_FOR_NOTHING, by, BookAccount.HELD


def _returned(row: MoneyRow, by: BookAccount) -> tuple[EntryKind, BookAccount, BookAccount]:
    """Above 0 it came again: a refund that failed later, a dispute won in the end."""
    back = BookAccount.SALES_RETURN if _is_of_sale(row) else BookAccount.ADVANCE if row.order else BookAccount.HELD
    if row.yen > 0:
        return EntryKind.CAME_AGAIN, by, back
    return EntryKind.RETURNED_SALE if _is_of_sale(row) else EntryKind.RETURNED, back, by


def _is_of_sale(row: MoneyRow) -> bool:
    return bool(row.order) and row.sale_percent is not None and row.source == AllocationSource.RETURNED


def _tax_back(row: MoneyRow) -> dict[str, int]:
    if not _is_of_sale(row):
        return {}
    return {"tax_percent": row.sale_percent, "tax_yen": tax_inside(abs(row.yen), row.sale_percent)}


def _moved(row: MoneyRow) -> tuple[EntryKind, BookAccount, BookAccount]:
    """Off its order. Of returned money the order's 前受金 comes back: what it took from 売上 is undone with the receipt."""
    if row.source == DEPOSIT:
        return EntryKind.DEPOSIT_GONE, BookAccount.HELD, CAME_BY[row.came]
    if row.source == AllocationSource.RETURNED and row.yen < 0:
        return EntryKind.RETURN_MOVED, BookAccount.HELD, BookAccount.ADVANCE
    return EntryKind.UNALLOCATED, BookAccount.ADVANCE, BookAccount.HELD


def _add_earned(sums: list[int], receipt: Receipt, end: date) -> None:
    """To yen, tax and number of the receipts that have earned in the month that ends on that day."""
    before = end.replace(day=1) - timedelta(days=1)
    if receipt.counts_on(end):
        now, then = receipt.earned(end), receipt.earned(before) if receipt.counts_on(before) else 0
        if now > then:
            for place, more in enumerate((now - then, receipt.tax_of(now) - receipt.tax_of(then), 1)):
                sums[place] += more


def _earned(end: Moment, percent: int, yen: int, tax_yen: int, count: int) -> Entry:
    """One entry for each tax rate: what all receipts have earned in the month."""
    about = {"tax_percent": percent, "tax_yen": tax_yen, "count": count}
    return Entry(end.at, end.day, EntryKind.EARNED, BookAccount.ADVANCE, BookAccount.SALES, yen, **about)


def _undone(receipt: Receipt) -> Iterator[Entry]:
    """A void receipt has earned nothing: what was, and what went back of it, is taken back."""
    if receipt.void is None:
        return
    yen, at = receipt.earned(_last_month_end(receipt.void.day, receipt.issued_on)), receipt.void
    about = {"number": receipt.number, "order": receipt.order, "of": receipt.issued_on, "tax_percent": receipt.tax_percent}
    about |= {"who": receipt.who}
    sides = (EntryKind.SALE_UNDONE, BookAccount.SALES, BookAccount.ADVANCE)
    yield Entry(at.at, at.day, *sides, yen, tax_yen=receipt.tax_of(yen), **about)
    sides = (EntryKind.RETURN_UNDONE, BookAccount.ADVANCE, BookAccount.SALES_RETURN)
    tax = sum(tax_inside(abs(yen), receipt.tax_percent) * (1 if yen > 0 else -1) for yen in receipt.returned)
    yield Entry(at.at, at.day, *sides, sum(receipt.returned), tax_yen=tax, **about)


def _last_month_end(day: date, issued_on: date) -> date:
    """The last end of a month by that day; a day before every term if the receipt was not there yet."""
    is_end = (day + timedelta(days=1)).day == 1
    end = day if is_end else day.replace(day=1) - timedelta(days=1)
    return end if end >= issued_on else date.min

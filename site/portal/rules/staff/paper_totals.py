"""Totals of a month's papers by tax rate, as they stand in `audit_invoices`. Yen, tax included."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from portal.enums import InvoiceKind

VOID = "void"


@dataclass(frozen=True)
class Sum:
    count: int = 0
    yen: int = 0
    tax: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.yen + other.yen, self.tax + other.tax)


@dataclass(frozen=True)
class MonthTotal:
    """The papers issued in the month that begins on that day. What is void by now counts as void alone, whenever that was done."""

    begins_on: date
    percent: int
    sums: dict[str, Sum] = field(default_factory=dict)

    def of(self, kind: str) -> Sum:
        return self.sums.get(kind, Sum())

    @property
    def receipts(self) -> Sum:
        return self.of(InvoiceKind.RECEIPT)

    @property
    def returns(self) -> Sum:
        return self.of(InvoiceKind.RETURN)

    @property
    def void(self) -> Sum:
        return self.of(VOID)

    @property
    def net_yen(self) -> int:
        return self.receipts.yen - self.returns.yen

    @property
    def net_tax(self) -> int:
        return self.receipts.tax - self.returns.tax


def totals_of(rows: Iterable[tuple[date, int, InvoiceKind, bool, Sum]]) -> list[MonthTotal]:
    """From sums by day of issue, rate, kind and whether void. Sorted by month and rate."""
    sums: dict[tuple[date, int], dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for issued_on, percent, kind, is_void, found in rows:
        by_kind = sums[issued_on.replace(day=1), percent]
        by_kind[VOID if is_void else kind] += found
    return [MonthTotal(month, percent, dict(found)) for (month, percent), found in sorted(sums.items(), key=lambda item: item[0])]

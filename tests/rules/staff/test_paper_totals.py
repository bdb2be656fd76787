"""Totals of months by tax rate."""

from datetime import date

from portal.enums import InvoiceKind
from portal.rules.staff.paper_totals import Sum, totals_of

RECEIPT, RETURN, INVOICE = InvoiceKind.RECEIPT, InvoiceKind.RETURN, InvoiceKind.INVOICE
ROWS = [
    (date(2026, 11, 30), 10, RECEIPT, False, Sum(2, 26_400, 2_400)),
    (date(2026, 11, 1), 10, RECEIPT, False, Sum(1, 550, 50)),
    (date(2026, 11, 2), 10, RECEIPT, True, Sum(1, 13_200, 1_200)),
    (date(2026, 11, 3), 10, RETURN, False, Sum(1, 10_000, 909)),
    (date(2026, 11, 3), 10, RETURN, True, Sum(1, 12_000, 1_090)),
    (date(2026, 11, 3), 10, INVOICE, False, Sum(1, 99_999, 9_090)),
    (date(2026, 12, 1), 12, RECEIPT, False, Sum(1, 1_120, 120)),
    (date(2026, 12, 1), 10, RECEIPT, False, Sum(1, 11, 1)),
]


def test_a_month_has_a_row_for_each_rate_and_what_is_void_counts_as_void_alone():
    november, first, second = totals_of(ROWS)

    assert (november.begins_on, november.percent) == (date(2026, 11, 1), 10)
    assert (november.receipts, november.returns, november.void) == (Sum(3, 26_950, 2_450), Sum(1, 10_000, 909), Sum(2, 25_200, 2_290))
    assert (november.net_yen, november.net_tax) == (16_950, 1_541)
    assert [(row.begins_on.month, row.percent, row.net_yen, row.net_tax) for row in (first, second)] == [
        (12, 10, 11, 1),
        (12, 12, 1_120, 120),
    ]


def test_without_papers_there_are_no_rows():
    assert totals_of([]) == []

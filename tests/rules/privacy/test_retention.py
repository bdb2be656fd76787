from datetime import date

import pytest

from portal.catalog import RetentionNumbers
from portal.rules.privacy.retention import erased_from, first_day_kept, records_since

TEN = RetentionNumbers(records_years=10)


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 29), 24, date(2024, 11, 1)),
        (date(2026, 12, 1), 24, date(2024, 12, 1)),
        (date(2027, 1, 31), 1, date(2026, 12, 1)),
        (date(2027, 1, 31), 13, date(2025, 12, 1)),
    ],
)
def test_texts_are_kept_for_at_least_so_many_months(today: date, months: int, first: date):
    assert first_day_kept(today, months) == first


@pytest.mark.parametrize(
    ("last", "gone_on"),
    [(date(2015, 1, 1), date(2026, 1, 1)), (date(2015, 12, 31), date(2026, 1, 1)), (date(2016, 2, 29), date(2027, 1, 1))],
)
def test_an_account_is_erased_after_so_many_whole_years(last: date, gone_on: date):
    assert erased_from(last, TEN) == gone_on
    assert last < records_since(gone_on, TEN)
    assert last >= records_since(date(gone_on.year - 1, 12, 31), TEN)

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.transfers.business_days import business_day_after, is_bank_business_day

NONE: frozenset[date] = frozenset()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-20", True),  # Friday
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-11-23", False),  # 勤労感謝の日
        ("2026-11-24", True),
        ("2026-12-30", True),
        ("2026-12-31", False),
        ("2027-01-01", False),
        ("2027-01-02", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
        ("2026-04-29", False),  # 昭和の日
        ("2026-04-30", True),
        ("2026-05-06", False),  # 振替休日 of May 3, a Sunday
        ("2026-05-07", True),
        ("2026-09-22", False),  # 国民の休日 between two holidays
        ("2026-08-11", False),  # 山の日
    ],
)
def test_a_day_is_a_bank_business_day_or_not(day, works):
    assert is_bank_business_day(date.fromisoformat(day), NONE) is works


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-11-20", 1, "2026-11-24"),  # over a weekend and 勤労感謝の日
        ("2026-11-22", 1, "2026-11-24"),
        ("2026-11-24", 4, "2026-11-30"),
        ("2026-12-29", 1, "2026-12-30"),
        ("2026-12-30", 1, "2027-01-04"),  # new year
        ("2026-12-31", 4, "2027-01-07"),
        ("2026-04-28", 1, "2026-04-30"),  # Golden Week
        ("2026-05-01", 1, "2026-05-07"),
        ("2026-04-28", 4, "2026-05-08"),
        ("2026-09-18", 1, "2026-09-24"),  # Silver Week
        ("2027-12-31", 4, "2028-01-07"),
    ],
)
def test_business_days_are_counted_from_the_day_after(day, n, expected):
    assert business_day_after(date.fromisoformat(day), n, NONE) == date.fromisoformat(expected)


def test_the_companys_closed_days_are_no_business_days():
    closed = frozenset({date(2026, 8, 13), date(2026, 8, 14)})

    assert not is_bank_business_day(date(2026, 8, 13), closed)
    assert business_day_after(date(2026, 8, 12), 1, NONE) == date(2026, 8, 13)
    assert business_day_after(date(2026, 8, 12), 1, closed) == date(2026, 8, 17)


@pytest.mark.parametrize("n", [0, -1])
def test_at_least_one_day_is_counted(n):
    with pytest.raises(ValueError, match="at least one"):
        business_day_after(date(2026, 11, 22), n, NONE)


@given(st.dates(date(2025, 1, 1), date(2030, 12, 31)), st.integers(1, 8))
def test_exactly_n_business_days_lie_between(day, n):
    found = business_day_after(day, n, NONE)
    passed = [day + timedelta(days=ahead) for ahead in range(1, (found - day).days + 1)]

    assert sum(is_bank_business_day(each, NONE) for each in passed) == n
    assert is_bank_business_day(found, NONE)

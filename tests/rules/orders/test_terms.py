from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.orders.terms import Span, following, span, term_end

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.sampled_from([1, 3, 6, 12, 24, 36])


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on"),
    [
        # Month-aligned: the rest of the first month is free.
        ("2026-11-22", 1, "2026-12-31"),
        ("2026-11-01", 1, "2026-11-30"),
        ("2026-11-22", 12, "2027-11-30"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2025-12-01", 36, "2028-11-30"),
        # the first and the last day of a month
        ("2026-11-02", 1, "2026-12-31"),
        ("2026-11-30", 1, "2026-12-31"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-02-01", 1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-31"),
        # February 29
        ("2028-02-01", 1, "2028-02-29"),
        ("2028-02-29", 1, "2028-03-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2028-03-01", 12, "2029-02-28"),
        ("2027-02-28", 12, "2028-02-29"),
        # the turn of the year
        ("2026-12-01", 1, "2026-12-31"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2027-01-01", 12, "2027-12-31"),
        ("2026-12-02", 24, "2028-12-31"),
        ("2026-11-22", 36, "2029-11-30"),
    ],
)
def test_a_term_ends_on_the_last_day_of_a_month(starts_on, months, ends_on):
    assert term_end(date.fromisoformat(starts_on), months) == date.fromisoformat(ends_on)


@pytest.mark.parametrize("months", [0, -1])
def test_a_term_has_at_least_a_month(months):
    with pytest.raises(ValueError, match="at least one month"):
        span(date(2026, 11, 22), months)


def test_both_ends_of_a_term_count_as_days():
    assert span(date(2026, 11, 1), 1).days == 30
    assert span(date(2026, 11, 22), 1).days == 9 + 31
    assert Span(date(2026, 11, 1), date(2026, 11, 1)).days == 1


def test_a_renewal_begins_on_the_day_after():
    assert following(date(2025, 11, 30), 12) == Span(date(2025, 12, 1), date(2026, 11, 30))
    assert following(date(2028, 1, 31), 1) == Span(date(2028, 2, 1), date(2028, 2, 29))


@given(DAYS, MONTHS)
def test_the_day_after_a_term_is_always_a_first(starts_on, months):
    assert (term_end(starts_on, months) + timedelta(days=1)).day == 1


@given(DAYS, MONTHS)
def test_a_customer_never_gets_less_than_the_months_paid_and_less_than_one_more(starts_on, months):
    ends_on = term_end(starts_on, months)
    months_touched = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month

    assert months_touched == (months - 1 if starts_on.day == 1 else months)


@given(DAYS, st.lists(MONTHS, min_size=1, max_size=6))
def test_renewals_leave_no_gap_no_overlap_and_give_exactly_their_months(starts_on, renewals):
    term = span(starts_on, 1)
    for months in renewals:
        renewed = following(term.ends_on, months)
        assert renewed.starts_on == term.ends_on + timedelta(days=1)
        assert (renewed.ends_on.year - renewed.starts_on.year) * 12 + renewed.ends_on.month - renewed.starts_on.month == months - 1
        term = renewed


@given(DAYS, MONTHS)
def test_paying_in_two_parts_ends_on_the_same_day(starts_on, months):
    assert following(term_end(starts_on, months), months).ends_on == term_end(starts_on, months * 2)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.orders.tax import tax_inside


@pytest.mark.parametrize(
    ("total_yen", "tax_yen"),
    [
        (13_200, 1_200),
        (550, 50),
        (11, 1),
        (10, 0),
        (1, 0),
        (0, 0),
        (109, 9),
        (110, 10),
        (1_320, 120),
        (3_630, 330),
        (7_738, 703),
        (9_999_999, 909_090),
    ],
)
def test_the_tax_of_ten_percent_is_inside_the_total(total_yen, tax_yen):
    assert tax_inside(total_yen, 10) == tax_yen


@pytest.mark.parametrize(("percent", "tax_yen"), [(0, 0), (5, 523), (8, 814), (10, 1_000), (15, 1_434)])
def test_the_tax_rate_comes_from_the_catalog(percent, tax_yen):
    assert tax_inside(11_000, percent) == tax_yen


def test_lines_taxed_one_by_one_would_lose_a_yen():
    assert tax_inside(109 + 109, 10) == 19
    assert tax_inside(109, 10) + tax_inside(109, 10) == 18


@pytest.mark.parametrize(("total_yen", "percent"), [(-1, 10), (1, -1)])
def test_a_negative_total_is_refused(total_yen, percent):
    with pytest.raises(ValueError, match="below zero"):
        tax_inside(total_yen, percent)


@given(st.integers(0, 10**9), st.integers(0, 30))
def test_the_tax_is_rounded_down_and_never_by_a_whole_yen(total_yen, percent):
    tax = tax_inside(total_yen, percent)

    assert tax * (100 + percent) <= total_yen * percent < (tax + 1) * (100 + percent)

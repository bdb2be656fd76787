from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.orders.terms import term_end
from portal.rules.renewals.charge_days import Charge, charge_day, first_charge, last_change_day

NUMBERS = RenewalNumbers()
END = date(2025, 11, 30)
LONG_AGO = date(2024, 11, 22)


def november(*days):
    return tuple(date(2025, 11, day) for day in days)


def test_a_card_is_charged_on_the_5th_and_can_be_changed_until_the_4th():
    """The company's own example: 契約終了日が2025年11月30日の場合、2025年11月4日まで."""
    charge = first_charge(Method.CARD, END, LONG_AGO, numbers=NUMBERS)

    assert charge == Charge(date(2025, 11, 5), date(2025, 11, 4), november(10, 15, 20, 25, 28))


@pytest.mark.parametrize(("wallet_day", "until"), [(5, 1), (10, 6), (15, 11), (20, 16), (25, 21)])
def test_a_wallet_is_charged_on_the_customers_day_and_can_be_changed_until_4_days_before(wallet_day, until):
    charge = first_charge(Method.WALLET, END, LONG_AGO, wallet_day, numbers=NUMBERS)

    assert charge.charged_on == date(2025, 11, wallet_day) == charge_day(Method.WALLET, END, wallet_day, numbers=NUMBERS)
    assert charge.last_change_on == date(2025, 11, until) == last_change_day(Method.WALLET, charge.charged_on)


def test_a_bank_transfer_is_never_charged():
    assert charge_day(Method.BANK, END, numbers=NUMBERS) is None
    assert first_charge(Method.BANK, END, LONG_AGO, numbers=NUMBERS) is None
    with pytest.raises(ValueError, match="never charged"):
        last_change_day(Method.BANK, END)


def test_a_wallet_without_a_charge_day_raises_an_error():
    with pytest.raises(ValueError, match="customer's day"):
        first_charge(Method.WALLET, END, LONG_AGO, numbers=NUMBERS)


@pytest.mark.parametrize(
    ("caused_on", "charged_on", "until", "retries"),
    [
        ("2025-10-31", 5, 4, (10, 15, 20, 25, 28)),
        ("2025-11-01", 5, 4, (10, 15, 20, 25, 28)),  # exactly four days
        ("2025-11-02", 10, 9, (15, 20, 25, 28)),
        ("2025-11-06", 10, 9, (15, 20, 25, 28)),
        ("2025-11-07", 15, 14, (20, 25, 28)),
        ("2025-11-16", 20, 19, (25, 28)),
        ("2025-11-21", 25, 24, (28,)),
        ("2025-11-22", 28, 27, ()),
        ("2025-11-24", 28, 27, ()),
    ],
)
def test_a_charge_is_at_least_four_days_after_its_cause(caused_on, charged_on, until, retries):
    charge = first_charge(Method.CARD, END, date.fromisoformat(caused_on), numbers=NUMBERS)

    assert charge == Charge(date(2025, 11, charged_on), date(2025, 11, until), november(*retries))


@pytest.mark.parametrize(
    ("wallet_day", "caused_on", "charged_on", "until"),
    [
        (15, "2025-11-11", 15, 11),
        (15, "2025-11-12", 20, 16),
        (5, "2025-11-02", 10, 6),
        (25, "2025-11-22", 28, 24),
        (25, "2025-11-01", 25, 21),
    ],
)
def test_a_wallet_charge_within_four_days_moves_to_the_next_possible_day(wallet_day, caused_on, charged_on, until):
    charge = first_charge(Method.WALLET, END, date.fromisoformat(caused_on), wallet_day, numbers=NUMBERS)

    assert (charge.charged_on.day, charge.last_change_on.day) == (charged_on, until)


@pytest.mark.parametrize("caused_on", ["2025-11-25", "2025-11-30", "2025-12-05"])
def test_without_a_charge_day_left_the_customer_renews_manually(caused_on):
    assert first_charge(Method.CARD, END, date.fromisoformat(caused_on), numbers=NUMBERS) is None


@pytest.mark.parametrize(("end", "last_retry"), [(date(2026, 2, 28), date(2026, 2, 28)), (date(2028, 2, 29), date(2028, 2, 28))])
def test_the_last_retry_in_february_is_on_its_last_day(end, last_retry):
    charge = first_charge(Method.CARD, end, LONG_AGO, numbers=NUMBERS)

    assert charge.retries[-1] == last_retry


def test_a_month_bought_on_the_last_day_renews_in_the_next_month():
    bought_on = date(2026, 1, 31)

    assert first_charge(Method.CARD, term_end(bought_on, 1), bought_on, numbers=NUMBERS).charged_on == date(2026, 2, 5)


def test_a_term_that_ends_in_the_month_it_was_bought_in_is_charged_later_in_that_month():
    bought_on = date(2026, 11, 1)

    assert first_charge(Method.CARD, date(2026, 11, 30), bought_on, numbers=NUMBERS).charged_on == date(2026, 11, 5)
    assert first_charge(Method.WALLET, date(2026, 11, 30), bought_on, 5, numbers=NUMBERS).charged_on == date(2026, 11, 5)


def test_charge_days_come_from_the_catalog():
    numbers = RenewalNumbers(card_day=7, wallet_days=(8,), charge_days=(14, 21), notice_days=(30,))

    assert first_charge(Method.CARD, END, LONG_AGO, numbers=numbers) == Charge(*november(7, 6), november(14, 21))


@given(
    st.sampled_from([Method.CARD, Method.WALLET]),
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    st.integers(0, 500),
    st.sampled_from(NUMBERS.wallet_days),
)
def test_every_charge_lies_within_the_term_and_leaves_time_to_change_it(method, some_day, days_ahead, wallet_day):
    ends_on = term_end(some_day.replace(day=1), 1)
    caused_on = ends_on - timedelta(days=days_ahead)
    charge = first_charge(method, ends_on, caused_on, wallet_day, numbers=NUMBERS)

    if charge is None:
        assert caused_on + timedelta(days=4) > ends_on.replace(day=28)
        return
    assert caused_on <= charge.last_change_on < charge.charged_on <= ends_on
    assert charge.charged_on - caused_on >= timedelta(days=4)
    assert list(charge.retries) == sorted(charge.retries)
    assert all(charge.charged_on < retry <= ends_on for retry in charge.retries)

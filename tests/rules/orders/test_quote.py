from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog import load_catalog
from portal.rules.orders.quote import NotOffered, quote, yearly_yen
from portal.rules.orders.tax import tax_inside
from portal.rules.orders.terms import term_end
from tests.choices import a_selection

CATALOG = load_catalog(Path(__file__).parents[3] / "company")
STANDARD = CATALOG.plan("standard")
TODAY = date(2026, 11, 22)


def a_quote(months=12, starts_on=TODAY, **options):
    return quote(a_selection(months, **options), STANDARD, CATALOG, starts_on)


def test_the_middle_plan_for_a_year():
    answer = a_quote(12)

    assert (answer.total_yen, answer.tax_yen, answer.tax_percent) == (13_200, 1_200, 10)
    assert (answer.server.monthly_yen, answer.server.ends_on, answer.options) == (1_100, date(2027, 11, 30), ())
    assert answer.server.span.days == 374


def test_the_middle_plan_with_every_option():
    answer = a_quote(12, ssl="quick", backup_months=12, devices=3, device_months=1)

    assert [(line.product, line.variant, line.quantity, line.months, line.monthly_yen, line.yen) for line in answer.lines] == [
        ("server", "standard", 1, 12, 1_100, 13_200),
        ("ssl", "quick", 1, 12, None, 11_000),
        ("backup", "", 1, 12, 330, 3_960),
        ("device", "", 3, 1, 330, 990),
    ]
    assert answer.total_yen == 29_150
    assert answer.tax_yen == 2_650
    assert [line.name for line in answer.lines] == [
        "スタンダードプラン",
        "独自SSL（クイック認証）",
        "バックアップオプション",
        "デバイスセキュリティ",
    ]


def test_every_line_starts_on_the_day_and_ends_by_its_own_months():
    answer = a_quote(1, ssl="ev", backup_months=36, devices=1, device_months=3)

    assert {line.starts_on for line in answer.lines} == {TODAY}
    assert [line.ends_on for line in answer.lines] == [date(2026, 12, 31), date(2027, 11, 30), date(2029, 11, 30), date(2027, 2, 28)]


def test_options_that_outlast_the_server_are_named():
    answer = a_quote(6, ssl="quick", backup_months=6, devices=1, device_months=12)

    assert [line.product for line in answer.outlasting] == ["ssl", "device"]
    assert a_quote(12, ssl="quick", backup_months=12).outlasting == ()


@pytest.mark.parametrize(("months", "guide"), [(1, 15_840), (3, 15_180), (6, 14_520), (12, None), (24, None), (36, None)])
def test_a_short_term_has_a_guide_total_for_twelve_months(months, guide):
    assert yearly_yen(a_quote(months)) == guide


def test_the_guide_total_counts_a_certificate_once_and_every_device():
    answer = a_quote(1, ssl="quick", backup_months=24, devices=3, device_months=1)

    assert yearly_yen(answer) == 1_320 * 12 + 11_000 + 319 * 12 + 330 * 3 * 12


@pytest.mark.parametrize(
    "selection",
    [
        a_selection(2),
        a_selection(0),
        a_selection(-1),
        a_selection(10**9),
        a_selection(True),
        a_selection(12.0),
        a_selection("12"),
        a_selection(None),
        a_selection(12, ssl=""),
        a_selection(12, ssl="wildcard"),
        a_selection(12, backup_months=2),
        a_selection(12, backup_months=0),
        a_selection(12, devices=0, device_months=12),
        a_selection(12, devices=-1, device_months=12),
        a_selection(12, devices=21, device_months=12),
        a_selection(12, devices=10**9, device_months=12),
        a_selection(12, devices=True, device_months=12),
        a_selection(12, devices=1.0, device_months=12),
        a_selection(12, devices=1, device_months=2),
        a_selection(12, devices=1),
        a_selection(12, device_months=12),
    ],
)
def test_products_missing_from_the_catalog_are_refused(selection):
    with pytest.raises(NotOffered):
        quote(selection, STANDARD, CATALOG, TODAY)


@pytest.mark.parametrize("devices", [1, 20])
def test_the_minimum_and_maximum_number_of_devices_are_sold(devices):
    assert a_quote(12, devices=devices, device_months=12).options[0].yen == devices * 275 * 12


def test_a_quote_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        a_quote().total_yen = 1


MONTHS = st.sampled_from(STANDARD.months)
SELECTIONS = st.builds(
    a_selection,
    months=MONTHS,
    ssl=st.sampled_from([None, *(variant.id for variant in CATALOG.product("ssl").variants)]),
    backup_months=st.none() | MONTHS,
) | st.builds(a_selection, months=MONTHS, devices=st.integers(1, 20), device_months=MONTHS)


@given(st.sampled_from(CATALOG.plans), SELECTIONS, st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_the_lines_of_a_quote_add_up_to_its_total(plan, selection, starts_on):
    answer = quote(selection, plan, CATALOG, starts_on)

    assert answer.total_yen == sum(line.yen for line in answer.lines)
    assert answer.tax_yen == tax_inside(answer.total_yen, 10)
    assert all(line.yen == line.monthly_yen * line.months * line.quantity for line in answer.lines if line.monthly_yen is not None)
    assert all(line.ends_on == term_end(starts_on, line.months) for line in answer.lines)

"""How money and dates are written."""

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from portal.enums import ProductKind
from portal.formats import counted, date_ja, moment_ja, months_ja, up_to, yen
from portal.web.filters import days_tag, moment_tag, month_tag, time_tag, yen_tag


@pytest.mark.parametrize(("amount", "written"), [(0, "0円"), (999, "999円"), (13_200, "13,200円"), (1_234_567, "1,234,567円")])
def test_yen_have_a_comma_at_every_thousand(amount: int, written: str) -> None:
    assert yen(amount) == written


WEEK = [
    (date(2026, 11, 2), "2026年11月2日（月）"),
    (date(2026, 11, 3), "2026年11月3日（火）"),
    (date(2026, 11, 4), "2026年11月4日（水）"),
    (date(2026, 11, 5), "2026年11月5日（木）"),
    (date(2026, 11, 6), "2026年11月6日（金）"),
    (date(2026, 11, 7), "2026年11月7日（土）"),
    (date(2026, 11, 8), "2026年11月8日（日）"),
    (date(2028, 2, 29), "2028年2月29日（火）"),
]


@pytest.mark.parametrize(("day", "written"), WEEK)
def test_a_date_has_its_weekday(day: date, written: str) -> None:
    assert date_ja(day) == written


def test_a_date_on_a_page_is_machine_readable() -> None:
    assert time_tag(date(2025, 11, 4)) == '<time role="none" datetime="2025-11-04">2025年11月4日（火）</time>'


def test_a_word_that_belongs_to_a_date_stands_inside_its_element() -> None:
    assert time_tag(date(2025, 11, 4), "まで") == '<time role="none" datetime="2025-11-04">2025年11月4日（火）まで</time>'


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ([], ""),
        ([date(2025, 12, 10)], '<time role="none" datetime="2025-12-10">12月10日</time>'),
        (
            [date(2025, 12, 25), date(2025, 12, 28), date(2026, 1, 5)],
            '<time role="none" datetime="2025-12-25">12月25日、</time><time role="none" datetime="2025-12-28">28日、</time>'
            '<time role="none" datetime="2026-01-05">1月5日</time>',
        ),
    ],
)
def test_days_in_a_row_carry_their_month(days: list[date], written: str) -> None:
    assert days_tag(days) == written


def test_a_moment_and_a_cards_month_on_a_page_are_machine_readable() -> None:
    night = datetime(2026, 12, 31, 15, 5, tzinfo=UTC)

    assert moment_tag(night, "まで") == '<time role="none" datetime="2027-01-01T00:05+09:00">2027年1月1日（金） 0時05分まで</time>'
    assert month_tag(date(2027, 10, 31)) == '<time role="none" datetime="2027-10">10/2027</time>'


def test_yen_of_a_future_charge_are_machine_readable() -> None:
    assert yen_tag(13_200) == '<data value="13200">13,200円</data>'


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 4, 0, 5, tzinfo=UTC), "2026年11月4日（水） 9時05分"),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "2027年1月1日（金） 0時00分"),
        (datetime(2026, 11, 4, 9, 5, tzinfo=timezone(timedelta(hours=9))), "2026年11月4日（水） 9時05分"),
    ],
)
def test_a_timestamp_is_shown_in_japanese_time(moment: datetime, written: str) -> None:
    assert moment_ja(moment) == written


def test_months_are_counted_as_the_guide_counts_them() -> None:
    assert [months_ja(months) for months in (1, 12)] == ["1か月", "12か月"]


@pytest.mark.parametrize(
    ("kind", "quantity", "written"),
    [
        (ProductKind.PER_DEVICE, 1, "デバイスセキュリティ 1台"),
        (ProductKind.PER_DEVICE, 3, "デバイスセキュリティ 3台"),
        (ProductKind.OPTION, 1, "デバイスセキュリティ"),
    ],
)
def test_devices_are_counted_even_if_it_is_one(kind: ProductKind, quantity: int, written: str) -> None:
    assert counted(SimpleNamespace(name="デバイスセキュリティ", kind=kind, quantity=quantity)) == written


def test_the_menu_says_a_number_up_to_a_thousand() -> None:
    assert [up_to(rows, 1_000) for rows in (0, 1_000, 1_001)] == ["0", "1,000", "1,000以上"]

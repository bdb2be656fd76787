"""The bar of a status card: days in percent, as the company's pictures have them."""

from datetime import date

import pytest

from portal.rules.renewals.gauge import Days, gauge, percent

TODAY = date(2026, 11, 10)


def test_what_is_awaited_shows_the_due_date_the_end_now_and_the_end_after_it() -> None:
    found = gauge(Days(TODAY, date(2026, 10, 20), date(2026, 11, 30), renewed_until=date(2026, 12, 31), due_on=date(2026, 11, 24)))

    assert (found.now, found.left, found.end, found.due, found.change) == ("29.17%", "27.78%", "56.94%", "48.61%", None)
    assert [mark.label for mark in found.marks] == ["▼ 本日", "● お支払い期限", "■ いまの最終日", "■ 更新後の最終日"]


def test_what_renews_shows_the_last_day_to_change_and_the_charge() -> None:
    found = gauge(Days(TODAY, TODAY, date(2027, 11, 30), last_change_on=date(2027, 11, 4), charge_on=date(2027, 11, 5)))

    assert (found.now, found.left, found.end, found.due, found.change) == ("0%", "100%", None, "93.51%", "93.25%")
    assert [mark.on for mark in found.marks] == [TODAY, date(2027, 11, 4), date(2027, 11, 5), date(2027, 11, 30)]


def test_what_is_stopped_runs_from_the_end_to_the_deletion() -> None:
    days = Days(TODAY, date(2026, 9, 20), date(2026, 10, 31), pay_until=date(2026, 11, 14), deleted_on=date(2026, 11, 15), is_stopped=True)

    found = gauge(days)

    assert (found.now, found.left, found.due) == ("66.67%", "33.33%", "93.33%")
    assert [mark.on.day for mark in found.marks] == [31, 10, 14, 15]


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 10, "0%"), (1, 3, "33.33%"), (12, 10, "100%"), (-1, 10, "0%"), (5, 0, "0%"), (12_760, 13_200, "96.67%")],
)
def test_a_share_never_leaves_the_bar(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown

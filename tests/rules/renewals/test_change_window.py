"""【変更のタイミングについて】 in every month: the deadline for changing the next charge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.enums import Method
from portal.rules.renewals.change_window import Closed, Open, change_window
from portal.rules.renewals.snapshot import ChargeAttempt
from tests.rules.renewals.snapshots import BACKUP, CARD, CATALOG, END, SERVER, an_order, by_bank, by_card, by_wallet, day

ENDS = [date(2025, 11, 30), date(2025, 12, 31), date(2026, 2, 28), date(2028, 2, 29), date(2027, 1, 31)]


def window(snapshot, today):
    return change_window(snapshot, today, CATALOG)


@pytest.mark.parametrize("ends_on", ENDS, ids=str)
def test_a_card_renewal_can_be_changed_until_the_4th_of_its_last_month(ends_on):
    """例)契約終了日が2025年11月30日の場合、2025年11月4日までは更新期間の変更が可能です。"""
    snapshot, fourth = by_card(replace(SERVER, ends_on=ends_on)), ends_on.replace(day=4)

    assert window(snapshot, fourth) == Open(fourth)
    assert window(snapshot, fourth + timedelta(days=1)) == Closed(fourth, ends_on.replace(day=5))


@pytest.mark.parametrize("ends_on", ENDS, ids=str)
@pytest.mark.parametrize(("wallet_day", "until"), [(5, 1), (10, 6), (15, 11), (20, 16), (25, 21)])
def test_a_wallet_renewal_can_be_changed_until_4_days_before_the_charge_day(ends_on, wallet_day, until):
    snapshot, last = by_wallet(wallet_day, replace(SERVER, ends_on=ends_on)), ends_on.replace(day=until)

    assert window(snapshot, last) == Open(last)
    assert window(snapshot, last + timedelta(days=1)) == Closed(last, ends_on.replace(day=wallet_day))


@pytest.mark.parametrize(
    ("snapshot", "today", "answer"),
    [
        (by_card(charge_attempts=(ChargeAttempt(END, day("11-05")),)), "11-09", Open(day("11-09"))),  # again after a failure
        (by_card(charge_attempts=(ChargeAttempt(END, day("11-05")),)), "11-10", Closed(day("11-09"), day("11-10"))),
        (by_wallet(5, charge_attempts=(ChargeAttempt(END, day("11-05")),)), "11-06", Open(day("11-06"))),
        (by_wallet(5, charge_attempts=(ChargeAttempt(END, day("11-05")),)), "11-07", Closed(day("11-06"), day("11-10"))),
        (by_card(replace(SERVER, ends_on=date(2026, 11, 30))), "11-05", Open(date(2026, 11, 4))),  # it has succeeded
        (by_card(renewal_method=replace(CARD, set_on=day("11-06"))), "11-09", Open(day("11-09"))),
        (by_card(SERVER, replace(BACKUP, ends_on=date(2025, 10, 31))), "10-04", Open(day("10-04"))),  # the nearest decides
        (by_card(SERVER, replace(BACKUP, ends_on=date(2025, 10, 31))), "10-05", Closed(day("10-04"), day("10-05"))),
    ],
)
def test_a_renewal_can_be_changed_between_two_retries(snapshot, today, answer):
    assert window(snapshot, day(today)) == answer


@pytest.mark.parametrize(
    "snapshot",
    [
        by_bank(),
        by_card(renewal_method=None),
        by_card(charge_attempts=(ChargeAttempt(END, day("11-05"), is_final=True),)),
        by_card(open_order=an_order(Method.BANK)),
        by_card(replace(SERVER, paid_on=day("11-26"))),
    ],
)
@pytest.mark.parametrize("days_before", range(0, 60, 7))
def test_without_a_planned_charge_a_renewal_can_be_changed(snapshot, days_before):
    assert window(snapshot, END - timedelta(days=days_before)).until is None


def test_changes_are_closed_from_the_deadline_until_the_charge_was_attempted():
    closed = [n for n in range(1, 31) if isinstance(window(by_wallet(20), date(2025, 11, n)), Closed)]

    assert closed == list(range(17, 31))

"""契約終了, 停止中, 解約済, by dates that the bank's calendar makes hard."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.enums import Method
from portal.rules.renewals.lifecycle import deletion_day, expires_on, last_day_to_pay, renewed_terms, stop_day
from portal.rules.transfers.due_dates import due_day_for_renewal, expiry_day
from tests.rules.renewals.snapshots import BACKUP, CATALOG, END, SERVER, an_order, by_bank, day

ENDS = [
    ("2025-11-30", "2025-12-01", "2025-12-04"),  # a Sunday
    ("2025-12-31", "2026-01-01", "2026-01-08"),  # banks open on the 5th
    ("2026-12-31", "2027-01-01", "2027-01-07"),
    ("2025-04-30", "2025-05-01", "2025-05-08"),  # Golden Week
    ("2026-04-30", "2026-05-01", "2026-05-11"),  # with 5/6 in the place of a holiday that was a Sunday
    ("2026-02-28", "2026-03-01", "2026-03-05"),
    ("2028-02-29", "2028-03-01", "2028-03-06"),
    ("2026-08-31", "2026-09-01", "2026-09-04"),
    ("2026-07-31", "2026-08-01", "2026-08-06"),
    ("2032-08-31", "2032-09-01", "2032-09-06"),
]


OPEN: frozenset[date] = frozenset()  # no closed days of the company


def ending(text):
    return replace(SERVER, ends_on=day(text))


@pytest.mark.parametrize(("ends_on", "the_day_after", "by_bank_order"), ENDS)
def test_suspension_is_the_day_after_the_end_or_with_a_bank_order_four_business_days_later(ends_on, the_day_after, by_bank_order):
    server = ending(ends_on)

    assert stop_day(by_bank(server), server, OPEN) == day(the_day_after)
    assert stop_day(by_bank(server, open_order=an_order(Method.BANK)), server, OPEN) == day(by_bank_order)


@pytest.mark.parametrize(
    ("order", "stopped_on"),
    [
        (an_order(Method.BANK, of=(2,)), "12-01"),
        (an_order(Method.CARD), "12-01"),
        (an_order(Method.CARD, is_undecided=True), None),
        (an_order(Method.WALLET, is_undecided=True), None),
        (an_order(Method.BANK, is_partly=True), "12-04"),
    ],
)
def test_only_its_own_order_postpones_a_suspension_and_a_pending_payment_prevents_it(order, stopped_on):
    assert stop_day(by_bank(open_order=order), SERVER, OPEN) == (day(stopped_on) if stopped_on else None)


def test_the_companys_own_closed_days_count_as_no_business_days():
    order = an_order(Method.BANK)

    assert stop_day(by_bank(open_order=order), SERVER, {day("12-02"), day("12-03")}) == day("12-08")


@pytest.mark.parametrize(
    ("due", "stopped_on"),
    [
        ("11-14", "12-01"),  # over on the 20th, long before the end
        ("11-25", "12-01"),  # over on Monday, 12-01, the day after the end
        ("11-26", "12-02"),  # over on the 2nd
        ("11-28", "12-04"),  # over on the 4th, which is also the fourth business day
        ("12-14", "12-04"),  # open beyond that
    ],
)
def test_an_order_moves_a_suspension_only_while_it_is_open(due, stopped_on):
    order = an_order(Method.BANK, due=due)

    assert stop_day(by_bank(open_order=order), SERVER, OPEN) == day(stopped_on)


NEW_YEAR = frozenset(date(2027, 1, number) for number in (12, 13, 14, 15, 18, 19))


@pytest.mark.parametrize(
    ("closed", "expires", "stops", "deleted"),
    [(OPEN, "2027-01-15", "2027-01-07", "2027-01-21"), (NEW_YEAR, "2027-01-25", "2027-01-07", "2027-01-25")],
)
def test_closed_days_over_the_years_end_count_for_every_day_that_depends_on_a_transfer(closed, expires, stops, deleted):
    server, order = ending("2026-12-31"), an_order(Method.BANK, due="2027-01-08")
    company = replace(CATALOG, closed_days=closed)
    snapshot = by_bank(server, open_order=order)

    assert expires_on(order, closed) == expiry_day(order.due_on, closed) == day(expires)
    assert stop_day(snapshot, server, closed) == day(stops)
    assert deletion_day(snapshot, server, day(stops), company) == day(deleted)


@pytest.mark.parametrize(
    ("stopped_on", "last_day", "deleted_on"),
    [("2025-12-01", "2025-12-14", "2025-12-15"), ("2025-12-20", "2026-01-02", "2026-01-03"), ("2028-02-20", "2028-03-04", "2028-03-05")],
)
def test_a_suspended_subscription_can_be_paid_for_14_days(stopped_on, last_day, deleted_on):
    stopped = day(stopped_on)

    assert last_day_to_pay(stopped, CATALOG.renewal) == day(last_day)
    assert deletion_day(by_bank(), SERVER, stopped, CATALOG) == day(deleted_on) == stopped + timedelta(days=14)


@pytest.mark.parametrize(
    ("order", "deleted_on"),
    [
        (an_order(Method.BANK, due="12-05"), "12-15"),  # over on the 11th
        (an_order(Method.BANK, due="12-14"), "12-18"),  # a Sunday: Mo, Tu, We, Th
        (an_order(Method.BANK, due="12-26"), "2026-01-06"),  # banks rest from the 31st to the 4th
        (an_order(Method.BANK, due="12-14", of=(2,)), "12-18"),  # with the server everything ends
        (an_order(Method.BANK, due="12-14", of=()), "12-18"),  # something new
        (an_order(Method.CARD, due="12-14"), "12-15"),  # it was to be paid by transfer first
        (an_order(Method.BANK, due="12-05", is_partly=True), "12-15"),
        (an_order(Method.BANK, due="12-14", is_partly=True), "12-18"),  # it expires like any other
        (an_order(Method.CARD, is_undecided=True), None),
        (an_order(Method.CARD), "12-15"),
    ],
)
def test_nothing_is_deleted_while_a_payment_is_pending(order, deleted_on):
    expected = day(deleted_on) if deleted_on else None

    assert deletion_day(by_bank(open_order=order), SERVER, day("12-01"), CATALOG) == expected


@pytest.mark.parametrize(("of", "deleted_on"), [((2,), "12-18"), ((1,), "12-15"), ((1, 2), "12-18")])
def test_an_options_deletion_is_postponed_by_its_own_orders(of, deleted_on):
    order = an_order(Method.BANK, due="12-14", of=of)

    assert deletion_day(by_bank(SERVER, BACKUP, open_order=order), BACKUP, day("12-01"), CATALOG) == day(deleted_on)


@pytest.mark.parametrize(
    ("stopped", "placed", "due"),
    [
        (None, "11-20", "12-04"),  # before the end: 14 days
        (None, "11-30", "12-14"),
        (None, "12-01", "12-14"),  # after it: not beyond the last day of 停止中
        ("12-01", "12-10", "12-14"),
        ("12-01", "12-14", "12-14"),
        ("12-04", "12-10", "12-17"),
        ("12-04", "12-20", "12-20"),  # held back: never before the day it was placed
    ],
)
def test_a_transfer_for_an_ended_term_is_due_before_the_suspension_ends(stopped, placed, due):
    last = last_day_to_pay(day(stopped) if stopped else END + timedelta(days=1), CATALOG.renewal)

    assert due_day_for_renewal([(END, last)], day(placed)) == day(due)


def test_the_suspension_days_come_from_the_catalog_and_apply_to_later_suspensions():
    longer = replace(CATALOG, renewal=replace(CATALOG.renewal, stopped_days=30))
    told = replace(SERVER, stopped_on=day("12-01"), stopped_until=day("12-14"))

    assert deletion_day(by_bank(), SERVER, day("12-01"), longer) == day("12-31")
    assert deletion_day(by_bank(told), told, day("12-01"), longer) == day("12-15")
    assert list(renewed_terms([], [told], longer.renewal)) == []


@pytest.mark.parametrize("year", range(2025, 2035))
@pytest.mark.parametrize("month", range(1, 13))
def test_a_bank_order_gets_its_four_business_days_in_every_month(year, month):
    ends_on = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    server = replace(SERVER, ends_on=ends_on)
    stopped = stop_day(by_bank(server, open_order=an_order(Method.BANK)), server, OPEN)

    assert timedelta(days=4) <= stopped - ends_on <= timedelta(days=12)
    assert stopped.weekday() < 5

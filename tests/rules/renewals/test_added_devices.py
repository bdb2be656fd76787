"""More devices from now on: months, yen, and what the next charge comes to."""

from dataclasses import replace

import pytest

from portal.enums import Method
from portal.rules.renewals.added_devices import Period, Running, added_devices, months_left, running
from portal.rules.renewals.next_renewals import after_payment
from portal.rules.renewals.offer import offer, replanned
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.snapshot import Announced
from portal.rules.transfers.due_dates import may_wait_for_transfer
from tests.choices import repriced, with_product
from tests.rules.renewals.snapshots import CATALOG, DEVICE, END, SERVER, an_order, by_card, day

PRODUCT = CATALOG.product("device")
TODAY = day("10-20")
TWO = Running(DEVICE, 2, END)  # renewed every 12 months at 275 yen for one device and month


def more(count: int, today=TODAY, mine: Running = TWO, catalog=CATALOG):
    return added_devices(mine, catalog.product("device"), count, today, catalog)


@pytest.mark.parametrize(
    ("today", "end", "months"),
    [
        ("2026-11-29", "2027-01-31", 3),
        ("2026-11-01", "2026-11-30", 1),
        ("2026-11-30", "2026-11-30", 1),
        ("2026-02-28", "2028-01-31", 24),
    ],
)
def test_months_are_counted_from_this_one_to_that_of_the_end_both_included(today, end, months):
    assert months_left(day(today), day(end)) == months


def test_added_devices_cost_the_months_that_are_left_and_end_with_the_others():
    found = more(3)
    [line] = found.lines

    assert (found.total_yen, found.tax_yen, line.months, line.quantity) == (2 * 3 * 275, 150, 2, 3)
    assert (line.starts_on, line.ends_on, line.part_of, line.subscription) == (TODAY, END, DEVICE.subscription, None)


def test_the_price_is_that_of_the_catalog_for_the_period_that_runs_else_what_was_agreed():
    dearer = repriced(CATALOG, lambda prices: {months: yen + 100 for months, yen in prices.items()}, "device")
    without = repriced(CATALOG, lambda prices: {months: yen for months, yen in prices.items() if months != 12}, "device")

    assert [more(1, catalog=catalog).total_yen for catalog in (CATALOG, dearer, without)] == [550, 750, 550]


@pytest.mark.parametrize("count", [0, 19, -1])
def test_no_more_than_the_product_has_are_sold(count):
    assert more(count) is None
    assert more(18) is not None
    assert more(1, catalog=with_product(CATALOG, "device", is_withdrawn=True)) is None


@pytest.mark.parametrize(
    ("mine", "today", "until"),
    [
        (DEVICE, "10-20", END),
        (DEVICE, "12-01", None),  # over
        (replace(DEVICE, stopped_on=day("12-01")), "10-20", None),
        (replace(DEVICE, is_undone=True), "10-20", None),
    ],
)
def test_devices_are_added_to_a_paid_term_that_runs(mine, today, until):
    found = running(mine, [Period(mine.starts_on, END, 2)], day(today))

    assert (found and found.ends_on) == until


def test_a_term_that_is_paid_ahead_keeps_the_old_number():
    ahead = replace(DEVICE, starts_on=day("12-01"), ends_on=day("2026-11-30"))
    found = running(ahead, [Period(DEVICE.starts_on, END, 2), Period(ahead.starts_on, ahead.ends_on, 2)], TODAY)
    after, _ = after_payment(by_card(SERVER, ahead), more(3, mine=found), TODAY, None, adds="device")

    assert (found.ends_on, found.is_paid_ahead) == (END, True)
    assert after.entitlements[1] == ahead


def test_the_next_charge_has_the_added_devices_and_is_never_dearer_than_what_was_told():
    """The notice said 2 devices; the final screen says 5 since."""
    dearer = repriced(CATALOG, lambda prices: {months: yen + 100 for months, yen in prices.items()}, "device")
    announced = {END: Announced(day("10-06"), {1: 13_200, 3: 6_600})}
    before = by_card(SERVER, DEVICE, announced=announced)

    after, paid = after_payment(before, more(3), TODAY, None, adds="device")

    lines = renewal_group(after, END, TODAY, dearer).quote.lines
    assert [(line.name, line.quantity, line.yen) for line in lines[1:]] == [("デバイス", 5, 5 * 12 * 275)]
    assert paid == {DEVICE.subscription}
    assert after.announced[END].yen == {1: 13_200, 3: 16_500}


def test_an_addition_moves_no_day_and_leaves_the_open_order_of_the_contract():
    open_order = an_order(Method.CARD, of=(1,))
    before = by_card(SERVER, DEVICE, open_order=open_order)

    after, _ = after_payment(before, more(1), TODAY, None, adds="device")

    assert after.open_order == open_order
    assert renewal_group(after, END, TODAY, CATALOG).plan.days == renewal_group(before, END, TODAY, CATALOG).plan.days


@pytest.mark.parametrize(("keeps", "is_kept"), [(False, True), (True, False)])
def test_only_a_customer_who_wants_it_pays_renewals_with_this_card_from_now_on(keeps, is_kept):
    made = offer(more(1), Method.CARD, TODAY, by_card(SERVER, DEVICE), CATALOG, adds="device", keeps_method=keeps)

    assert (made.kept is not None) is is_kept
    assert made.yearly_yen is None


@pytest.mark.parametrize(("today", "may"), [("11-05", True), ("11-11", False)])
def test_a_transfer_must_be_over_before_the_term(today, may):
    """Placed on 11-05 it is due on the 19th and 期限切れ on the 26th, after a holiday; placed on 11-11 on December 1."""
    assert may_wait_for_transfer(more(1), None, day(today), frozenset()) is may


def test_what_is_paid_later_begins_later_and_costs_the_same():
    found = replanned(more(1), day("11-10"))

    assert (found.lines[0].starts_on, found.lines[0].ends_on, found.total_yen) == (day("11-10"), END, 550)

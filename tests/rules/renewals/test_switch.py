"""The switch of one option: from which day it is charged, and when it cannot be pressed."""

from dataclasses import replace

import pytest

from portal.enums import Method, OrderKind
from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.snapshot import ChargeAttempt
from portal.rules.renewals.switch import CHECKED_AGAIN, NO_METHOD, NOT_PAID, NOT_SOLD, TOO_LATE, UNDER_WAY, switched, why_not
from tests.choices import with_product
from tests.rules.renewals.snapshots import BACKUP, CATALOG, END, SERVER, an_order, by_bank, by_card, by_wallet, day, days

OFF = replace(BACKUP, renews=False)
CHARGING = replace(an_order(Method.CARD, "11-05", renews_end=END, is_undecided=True), kind=OrderKind.AUTO)


def reason(snapshot, today, *, on=True, mine=OFF, catalog=CATALOG):
    return why_not(snapshot, mine, day(today), catalog, on=on)


@pytest.mark.parametrize(
    ("snapshot", "today", "left"),
    [
        (by_card(SERVER, OFF), "10-01", "11-05 11-10 11-15 11-20 11-25 11-28"),
        (by_card(SERVER, OFF), "11-01", "11-05 11-10 11-15 11-20 11-25 11-28"),
        (by_card(SERVER, OFF), "11-02", "11-10 11-15 11-20 11-25 11-28"),  # all that ends that month is charged together
        (by_wallet(15, SERVER, OFF), "11-11", "11-15 11-20 11-25 11-28"),
    ],
)
def test_turned_on_the_charge_comes_at_least_four_days_later(snapshot, today, left):
    after = switched(snapshot, OFF.subscription, day(today), on=True)
    group = renewal_group(after, END, day(today), CATALOG)

    assert group.plan.days == days(left)
    assert [line.product for line in group.quote.lines] == ["server", "backup"]


def test_turned_off_it_is_left_out_and_moves_no_day():
    before = by_card(SERVER, BACKUP)
    group = renewal_group(switched(before, BACKUP.subscription, day("11-04"), on=False), END, day("11-04"), CATALOG)

    assert [line.product for line in group.quote.lines] == ["server"]
    assert group.plan.days == renewal_group(before, END, day("11-04"), CATALOG).plan.days


@pytest.mark.parametrize(
    ("snapshot", "today", "expected"),
    [
        (by_card(SERVER, OFF), "11-04", None),
        (by_card(SERVER, OFF), "11-05", Closed(day("11-04"), day("11-05"))),
        (by_wallet(15, SERVER, OFF), "11-12", Closed(day("11-11"), day("11-15"))),
        (by_bank(SERVER, OFF), "10-01", NO_METHOD),
        (by_card(SERVER, OFF, open_order=CHARGING), "11-05", UNDER_WAY),
    ],
)
def test_it_is_turned_on_until_the_last_day_to_change(snapshot, today, expected):
    assert reason(snapshot, today) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stopped_on": day("12-01")}, NOT_PAID),
        ({"runs_until": day("12-10")}, NOT_PAID),
        ({"is_undone": True}, NOT_PAID),
        ({"is_undone": True, "is_checked_again": True}, CHECKED_AGAIN),
    ],
)
def test_what_is_not_paid_is_not_turned_on(changes, expected):
    mine = replace(OFF, **changes)

    assert reason(by_card(SERVER, mine), "10-01", mine=mine) == expected


def test_what_is_not_sold_any_more_is_not_turned_on():
    assert reason(by_card(SERVER, OFF), "10-01", catalog=with_product(CATALOG, "backup", is_withdrawn=True)) == NOT_SOLD


def test_it_is_not_turned_on_where_the_server_would_lose_its_last_day():
    """After the declined charge of the 25th only the 28th is left, three days later."""
    retrying = by_card(SERVER, OFF, charge_attempts=(ChargeAttempt(END, day("11-25")),))

    assert reason(retrying, "11-25") == TOO_LATE


def test_it_is_turned_off_until_the_charge_is_sent():
    assert reason(by_card(SERVER, BACKUP), "11-05", on=False, mine=BACKUP) is None
    assert reason(by_card(SERVER, BACKUP, open_order=CHARGING), "11-05", on=False, mine=BACKUP) == UNDER_WAY

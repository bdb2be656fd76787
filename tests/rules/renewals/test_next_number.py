"""Another number of devices from the next automatic charge on: which charge, for how many yen, and when it is too late."""

from dataclasses import replace

import pytest

from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.next_number import NextNumber, next_number
from portal.rules.renewals.snapshot import Announced, Reserved
from tests.choices import repriced, with_product
from tests.rules.renewals.snapshots import BACKUP, CATALOG, DEVICE, END, SERVER, by_bank, by_card, by_wallet, day

MONTHLY = replace(SERVER, months=1, yen=1_320, monthly_yen=1_320)
LATER = replace(DEVICE, ends_on=day("2026-01-31"))
DEARER = repriced(CATALOG, lambda yen: {months: each + 100 for months, each in yen.items()}, "device", "server")
TOLD = {END: Announced(day("10-06"), {1: 13_200, 3: 6_600})}


def found(snapshot, today="10-20", catalog=CATALOG):
    return next_number(snapshot, DEVICE, catalog.product("device"), day(today), catalog)


@pytest.mark.parametrize(("devices", "yen"), [(1, 3_300), (2, 6_600), (20, 66_000)])
def test_the_charge_has_the_other_number_and_everything_else_as_before(devices, yen):
    quote = found(by_card(SERVER, BACKUP, DEVICE)).quote(devices, CATALOG)

    assert [(line.product, line.quantity, line.yen) for line in quote.lines] == [
        ("server", 1, 13_200),
        ("backup", 1, 3_960),
        ("device", devices, yen),
    ]
    assert (quote.total_yen, quote.tax_yen) == (17_160 + yen, (17_160 + yen) * 10 // 110)


def test_a_price_that_was_told_stays_though_the_catalog_is_dearer():
    assert found(by_card(SERVER, DEVICE, announced=TOLD), catalog=DEARER).quote(1, DEARER).total_yen == 13_200 + 3_300


def test_what_was_reserved_before_is_where_it_starts_from():
    before = found(by_card(SERVER, BACKUP, DEVICE)).quote(5, CATALOG).lines
    lines = tuple(line for line in before if line.product != "backup")
    reserved = found(by_card(SERVER, BACKUP, DEVICE, reserved=Reserved(END, lines, frozenset({2}))))

    assert (reserved.line.quantity, reserved.found.dropped) == (5, (BACKUP,))
    assert [line.product for line in reserved.quote(1, CATALOG).lines] == ["server", "device"]


@pytest.mark.parametrize(
    ("snapshot", "today", "kind"),
    [
        (by_card(SERVER, DEVICE), "11-04", NextNumber),
        (by_card(SERVER, DEVICE), "11-05", Closed),
        (by_wallet(15, SERVER, DEVICE), "11-11", NextNumber),
        (by_wallet(15, SERVER, DEVICE), "11-12", Closed),
        (by_bank(SERVER, DEVICE), "10-20", type(None)),
        (by_card(SERVER, replace(DEVICE, renews=False)), "10-20", type(None)),
        (by_card(MONTHLY, LATER), "10-20", type(None)),  # another charge comes first
    ],
)
def test_it_can_be_reserved_until_the_last_day_to_change(snapshot, today, kind):
    assert isinstance(found(snapshot, today), kind)


@pytest.mark.parametrize(
    "catalog",
    [with_product(CATALOG, "device", is_withdrawn=True), repriced(CATALOG, lambda yen: {1: yen[1]}, "device")],
)
def test_what_is_not_sold_any_more_has_no_other_number(catalog):
    assert found(by_card(SERVER, DEVICE), catalog=catalog) is None

"""The contents and prices of an automatic charge. The server of the example costs 13,200 yen a year."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.enums import Method
from portal.rules.renewals.quote import MONTHS_GONE, NOT_SOLD, WITHOUT_SERVER, renewal_quote
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.snapshot import Announced, Reserved
from tests.choices import repriced, with_product
from tests.rules.renewals.snapshots import BACKUP, CARD, CATALOG, DEVICE, END, SERVER, SSL, an_order, by_bank, by_card, day

PLAN = CATALOG.plan("standard")
FIRST_NOTICE = day("10-06")  # 30 days before 11-05


def sold_at(monthly_yen, months=12):
    return repriced(CATALOG, lambda prices: prices | {months: monthly_yen}, "server")


def without(months):
    return repriced(CATALOG, lambda prices: {n: yen for n, yen in prices.items() if n != months}, "server", "backup")


def yen(snapshot, catalog=CATALOG, *, may_rise=True):
    return [line.yen for line in renewal_quote(snapshot, END, catalog, may_rise=may_rise).lines]


def left_out(snapshot, catalog=CATALOG):
    return [(found.subscription, found.reason) for found in renewal_quote(snapshot, END, catalog, may_rise=True).left_out]


def announced(**yen_of):
    return {"announced": {END: Announced(FIRST_NOTICE, {int(number.lstrip("n")): yen for number, yen in yen_of.items()})}}


def reserved(*lines, dropped=(), ends_on=END):
    return Reserved(ends_on, lines, frozenset(dropped))


def line_of(entitlement, **changes):
    found = renewal_quote(by_card(SERVER, entitlement), END, CATALOG, may_rise=True).lines[-1]
    return replace(found, **changes)


def test_subscriptions_auto_renewing_on_one_end_date_share_one_quote():
    found = renewal_quote(by_card(SERVER, BACKUP, DEVICE, SSL, replace(BACKUP, subscription=9, renews=False)), END, CATALOG, may_rise=True)

    assert [(line.subscription, line.product, line.quantity, line.months, line.yen) for line in found.lines] == [
        (1, "server", 1, 12, 13_200),
        (2, "backup", 1, 12, 3_960),
        (3, "device", 2, 12, 6_600),
        (4, "ssl", 1, 12, 11_000),
    ]
    assert (found.yen, found.left_out) == (34_760, ())
    assert {(line.starts_on, line.ends_on) for line in found.lines} == {(date(2025, 12, 1), date(2026, 11, 30))}


@pytest.mark.parametrize(
    ("ends_on", "months", "starts_on", "renewed_until"),
    [
        ("2025-12-31", 1, "2026-01-01", "2026-01-31"),
        ("2026-01-31", 1, "2026-02-01", "2026-02-28"),
        ("2028-01-31", 1, "2028-02-01", "2028-02-29"),
        ("2027-02-28", 12, "2027-03-01", "2028-02-29"),
        ("2028-02-29", 12, "2028-03-01", "2029-02-28"),
        ("2025-11-30", 3, "2025-12-01", "2026-02-28"),
    ],
)
def test_a_renewal_begins_on_the_day_after_and_ends_with_a_month(ends_on, months, starts_on, renewed_until):
    entitlement = replace(SERVER, ends_on=day(ends_on), months=months)
    line = renewal_quote(by_card(entitlement), day(ends_on), CATALOG, may_rise=True).lines[0]

    assert (line.starts_on, line.ends_on) == (day(starts_on), day(renewed_until))


@pytest.mark.parametrize(
    ("monthly", "may_rise", "charged"),
    [
        (1_200, True, 14_400),  # dearer, and the notice will say so
        (1_200, False, 13_200),  # dearer, and nobody said so in time
        (1_000, True, 12_000),
        (1_000, False, 12_000),  # cheaper always counts
        (1_100, False, 13_200),
    ],
)
def test_a_price_increase_applies_only_if_the_30_day_notice_can_name_it(monthly, may_rise, charged):
    assert yen(by_card(), sold_at(monthly), may_rise=may_rise) == [charged]


@pytest.mark.parametrize(
    ("monthly", "charged"),
    [(1_200, 14_400), (1_300, 14_400), (1_150, 13_800), (1_000, 12_000)],
)
def test_the_charge_is_never_above_the_announced_price(monthly, charged):
    assert yen(by_card(**announced(n1=14_400)), sold_at(monthly), may_rise=False) == [charged]


def test_a_product_not_in_the_notice_costs_at_most_its_last_price():
    snapshot = by_card(SERVER, replace(BACKUP, yen=3_000), **announced(n1=14_400))

    assert yen(snapshot, sold_at(1_200), may_rise=False) == [14_400, 3_000]


def test_the_monthly_price_matches_the_charged_price():
    line = renewal_quote(by_card(**announced(n1=14_400)), END, sold_at(1_300), may_rise=False).lines[0]
    devices = renewal_quote(by_card(SERVER, replace(DEVICE, yen=4_800)), END, CATALOG, may_rise=False).lines[1]

    assert (line.monthly_yen, line.yen) == (1_200, 14_400)
    assert (devices.monthly_yen, devices.quantity, devices.yen) == (200, 2, 4_800)


@pytest.mark.parametrize(
    ("today", "charged"),
    [
        (FIRST_NOTICE - timedelta(days=1), 14_400),
        (FIRST_NOTICE, 14_400),
        (FIRST_NOTICE + timedelta(days=1), 13_200),
        (day("11-05"), 13_200),
        (day("11-20"), 13_200),
    ],
)
def test_the_catalog_on_the_day_of_the_notice_sets_the_price(today, charged):
    assert renewal_group(by_card(), END, today, sold_at(1_200)).quote.yen == charged


@pytest.mark.parametrize("today", [FIRST_NOTICE, day("11-05"), day("11-20")])
def test_the_announced_price_holds_until_the_charge(today):
    assert renewal_group(by_card(**announced(n1=14_400)), END, today, sold_at(1_300)).quote.yen == 14_400


def test_withdrawn_months_renew_once_more_at_the_agreed_price_and_are_then_left_out():
    once_more = renewal_quote(by_card(), END, without(12), may_rise=True)

    assert [(line.yen, line.monthly_yen, line.is_last_time) for line in once_more.lines] == [(13_200, 1_100, True)]
    assert left_out(by_card(replace(SERVER, is_last_time=True)), without(12)) == [(1, MONTHS_GONE)]


def test_months_sold_again_renew_as_before():
    assert [
        line.is_last_time for line in renewal_quote(by_card(replace(SERVER, is_last_time=True)), END, CATALOG, may_rise=True).lines
    ] == [False]


def test_a_number_of_devices_no_longer_sold_is_left_out():
    few = with_product(CATALOG, "device", max_devices=1)

    assert [line.is_last_time for line in renewal_quote(by_card(SERVER, DEVICE), END, few, may_rise=True).lines] == [False, True]
    assert left_out(by_card(SERVER, replace(DEVICE, is_last_time=True)), few) == [(3, MONTHS_GONE)]


@pytest.mark.parametrize(
    ("gone", "reasons"),
    [
        (with_product(CATALOG, "ssl", variants=()), [(4, NOT_SOLD)]),
        (with_product(CATALOG, "server", plans=()), [(1, NOT_SOLD), (2, WITHOUT_SERVER), (4, WITHOUT_SERVER)]),
    ],
)
def test_a_withdrawn_product_is_left_out_with_its_reason(gone, reasons):
    assert left_out(by_card(SERVER, BACKUP, SSL), gone) == reasons


@pytest.mark.parametrize(
    ("server", "is_charged"),
    [
        (SERVER, True),
        (replace(SERVER, renews=False), False),
        (replace(SERVER, ends_on=date(2025, 12, 31), renews=False), True),  # paid beyond the option's end
        (replace(SERVER, ends_on=date(2025, 10, 31)), False),  # over before it
        (replace(SERVER, is_last_time=True, months=13), False),  # its months are gone
    ],
)
def test_an_option_is_charged_only_together_with_its_server(server, is_charged):
    snapshot = by_card(server, BACKUP)

    assert (2 in renewal_quote(snapshot, END, CATALOG, may_rise=True).subscriptions) is is_charged
    assert ((2, WITHOUT_SERVER) in left_out(snapshot)) is not is_charged


def test_an_option_whose_server_was_deleted_is_not_charged():
    assert left_out(by_card(BACKUP)) == [(2, WITHOUT_SERVER)]


def test_a_reservation_is_charged_as_agreed():
    longer = line_of(SERVER, months=24, monthly_yen=1_045, yen=25_080, ends_on=date(2027, 11, 30))
    snapshot = by_card(SERVER, BACKUP, reserved=reserved(longer))

    assert renewal_quote(snapshot, END, CATALOG, may_rise=False).lines[0] == longer
    assert yen(snapshot, sold_at(1_200, months=24), may_rise=False) == [25_080, 3_960]  # never more
    assert yen(snapshot, sold_at(1_000, months=24), may_rise=False) == [24_000, 3_960]  # but less
    assert yen(snapshot, without(24), may_rise=False) == [25_080, 3_960]


def test_an_option_dropped_by_a_reservation_is_not_charged_and_not_reported_as_left_out():
    found = renewal_quote(by_card(SERVER, BACKUP, DEVICE, reserved=reserved(dropped=[2])), END, CATALOG, may_rise=True)

    assert (found.subscriptions, found.left_out) == ({1, 3}, ())


def test_a_reserved_new_option_is_part_of_the_next_charge():
    new = line_of(BACKUP, subscription=None)
    snapshot = by_card(SERVER, reserved=reserved(new))

    assert renewal_quote(snapshot, END, CATALOG, may_rise=True).lines[1:] == (new,)


def test_a_reserved_option_bought_meanwhile_is_not_charged_again():
    """A new option was reserved, and then bought at once."""
    new = line_of(BACKUP, subscription=None)
    snapshot = by_card(SERVER, replace(BACKUP, ends_on=date(2026, 10, 31)), reserved=reserved(new))

    assert renewal_quote(snapshot, END, CATALOG, may_rise=True).subscriptions == {1}
    assert yen(snapshot) == [13_200]


def test_a_second_certificate_may_be_reserved():
    new = line_of(SSL, subscription=None)

    assert yen(by_card(SERVER, SSL, reserved=reserved(new))) == [13_200, 11_000, 11_000]


def test_a_reservation_for_another_end_date_changes_nothing():
    longer = line_of(SERVER, months=24, yen=25_080)

    assert yen(by_card(reserved=reserved(longer, dropped=[1], ends_on=date(2025, 12, 31)))) == [13_200]


def test_a_new_option_is_not_charged_without_its_server():
    new = line_of(BACKUP, subscription=None)
    snapshot = by_card(replace(SERVER, renews=False), DEVICE, reserved=reserved(new))

    assert renewal_quote(snapshot, END, CATALOG, may_rise=True).lines == ()


@pytest.mark.parametrize(
    ("snapshot", "by_hand"),
    [
        (by_card(SERVER, BACKUP), []),
        (by_card(SERVER, replace(BACKUP, renews=False)), [2]),
        (by_bank(SERVER, BACKUP), [1, 2]),
        (by_card(SERVER, BACKUP, renewal_method=None), [1, 2]),
        (by_card(SERVER, BACKUP, renewal_method=replace(CARD, set_on=day("11-25"))), [1, 2]),  # no day is left
        (by_card(SERVER, BACKUP, reserved=reserved(dropped=[2])), [2]),
        (by_card(SERVER, BACKUP, open_order=an_order(Method.BANK)), []),  # it waits
    ],
)
def test_a_product_not_charged_automatically_can_be_renewed_manually(snapshot, by_hand):
    assert [entitlement.subscription for entitlement in renewal_group(snapshot, END, FIRST_NOTICE, CATALOG).by_hand] == by_hand


@pytest.mark.parametrize(
    ("plan", "about", "expected"),
    [
        ("business", {}, [("business", "ビジネスプラン", 26_400)]),
        ("light", {}, [("light", "ライトプラン", 6_600)]),
        ("business", announced(n1=13_200), [("business", "ビジネスプラン", 13_200)]),  # the notice said the old price
        ("light", announced(n1=13_200), [("light", "ライトプラン", 6_600)]),
    ],
)
def test_a_server_renews_with_the_plan_of_its_account(plan, about, expected):
    found = renewal_quote(replace(by_card(**about), plan=plan), END, CATALOG, may_rise=not about)

    assert [(line.variant, line.name, line.yen) for line in found.lines] == expected

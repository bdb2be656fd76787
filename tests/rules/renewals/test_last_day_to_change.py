"""【変更のタイミングについて】 of the company's guide."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.catalog import load_catalog
from portal.enums import Method, OrderKind, ProductKind
from portal.rules.renewals.change_window import Closed, Open, change_window
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.snapshot import ChargeAttempt, Entitlement, RenewalMethod, Snapshot

CATALOG = load_catalog(Path(__file__).parents[3] / "company")
END = date(2025, 11, 30)
PAID = date(2024, 11, 22)
SERVER = Entitlement(1, "server", ProductKind.SERVER, "standard", "スタンダードプラン", 1, 12, 1_100, 13_200, PAID, END, PAID, True)
CARD = RenewalMethod(Method.CARD, PAID)
BY_CARD = Snapshot("standard", (SERVER,), CARD)


def by_wallet(day):
    return replace(BY_CARD, renewal_method=RenewalMethod(Method.WALLET, PAID, day))


def november(day):
    return date(2025, 11, day)


def window(snapshot, day, *about):
    return change_window(snapshot, day, CATALOG, *about)


def test_a_card_renewal_can_be_changed_until_the_4th():
    """例)契約終了日が2025年11月30日の場合、2025年11月4日までは更新期間の変更が可能です。"""
    assert window(BY_CARD, november(4)) == Open(november(4))
    assert window(BY_CARD, november(5)) == Closed(november(4), november(5))


@pytest.mark.parametrize(("day", "until"), [(5, 1), (10, 6), (15, 11), (20, 16), (25, 21)])
def test_a_wallet_renewal_can_be_changed_until_4_days_before_the_charge_day(day, until):
    snapshot = by_wallet(day)

    assert window(snapshot, november(until)) == Open(november(until))
    assert window(snapshot, november(until + 1)) == Closed(november(until), november(day))
    assert window(snapshot, november(day)) == Closed(november(until), november(day))


def test_a_missed_charge_is_made_up_today_and_changes_are_closed():
    assert window(BY_CARD, november(7)) == Closed(november(4), november(7))


def test_a_renewal_can_be_changed_between_two_retries():
    failed = replace(BY_CARD, charge_attempts=(ChargeAttempt(END, november(5)),))

    assert window(failed, november(6)) == Open(november(9))
    assert window(failed, november(10)) == Closed(november(9), november(10))


@pytest.mark.parametrize(
    "snapshot",
    [
        Snapshot("standard"),
        replace(BY_CARD, renewal_method=None),
        replace(BY_CARD, entitlements=(replace(SERVER, renews=False),)),
        replace(BY_CARD, charge_attempts=(ChargeAttempt(END, november(5), is_final=True),)),
        replace(BY_CARD, open_order=OpenOrder("1", OrderKind.CHANGE, Method.BANK, november(1), frozenset({1}), november(15))),
        replace(BY_CARD, entitlements=(replace(SERVER, variant="gone"),), plan="gone"),
    ],
    ids=["nothing is there", "renewal is off", "not for the server", "refused for good", "a transfer is awaited", "not sold any more"],
)
def test_without_a_planned_charge_a_renewal_can_be_changed(snapshot):
    assert all(window(snapshot, END - timedelta(days=ahead)) == Open() for ahead in range(60))


def test_each_end_date_has_its_own_deadline_and_the_account_shows_the_next():
    bought = ("backup", ProductKind.OPTION, "", "バックアップオプション", 1, 1, 440, 440)
    backup = Entitlement(2, *bought, november(1), date(2025, 12, 31), PAID, True)
    snapshot = replace(BY_CARD, entitlements=(replace(SERVER, ends_on=date(2026, 11, 30)), backup))

    assert window(snapshot, date(2025, 12, 5), snapshot.server.ends_on) == Open(date(2026, 11, 4))
    assert window(snapshot, date(2025, 12, 5), backup.ends_on) == Closed(date(2025, 12, 4), date(2025, 12, 5))
    assert window(snapshot, date(2025, 12, 5)) == Closed(date(2025, 12, 4), date(2025, 12, 5))

"""What can be renewed manually today, the preselected choices, and the promised terms."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.catalog import RenewalNumbers, load_catalog
from portal.enums import Method, OrderKind, ProductKind
from portal.rules.orders.quote import quote
from portal.rules.orders.selection import Owned
from portal.rules.renewals.by_hand import NOT_SOLD, PAID_AHEAD, is_preselected, kind_by_hand, nearest_months, obstacle
from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.lifecycle import renewed_terms
from portal.rules.renewals.offer import offer
from portal.rules.renewals.quote import MONTHS_GONE
from portal.rules.renewals.snapshot import Entitlement, RenewalMethod, Reserved, Snapshot
from portal.rules.transfers.due_dates import due_day_for_renewal
from tests.choices import a_selection

CATALOG = load_catalog(Path(__file__).parents[3] / "company")
NUMBERS = RenewalNumbers()
PLAN = CATALOG.plan("standard")
PAID, END, TODAY = date(2024, 11, 22), date(2025, 11, 30), date(2025, 10, 20)
NEXT_END = date(2026, 11, 30)
SERVER = Entitlement(1, "server", ProductKind.SERVER, "standard", "スタンダードプラン", 1, 12, 1_100, 13_200, PAID, END, PAID, True)
BACKUP = Entitlement(2, "backup", ProductKind.OPTION, "", "バックアップオプション", 1, 12, 330, 3_960, PAID, END, PAID, True)
KIND = ProductKind.CERTIFICATE
CERTIFICATE = Entitlement(3, "ssl", KIND, "quick", "独自SSL（クイック認証）", 1, 12, None, 11_000, PAID, END, PAID, False)
CARD = RenewalMethod(Method.CARD, PAID, paid_with="Visa 下4桁 4242")
OWNED = [Owned(each.subscription, each.product, each.kind, each.variant, each.ends_on) for each in (SERVER, BACKUP, CERTIFICATE)]
FACTS = Snapshot("standard", (SERVER, BACKUP, CERTIFICATE), CARD)
EVERYTHING = a_selection(months=12, backup_months=12, devices=1, device_months=12, certificates=frozenset({3}))


def an_offer(method, *, today=TODAY, selection=EVERYTHING, **about):
    return offer(quote(selection, PLAN, CATALOG, today, OWNED), method, today, replace(FACTS, **about), CATALOG)


def products(lines):
    return [line.product for line in lines]


def charges(made):
    return [(products(renewal.lines), renewal.charge.charged_on) for renewal in made.upcoming.charged]


@pytest.mark.parametrize(("renewal_method", "kind"), [(None, OrderKind.RENEW), (CARD, OrderKind.CHANGE)])
def test_auto_renewing_subscriptions_are_changed_and_others_renewed(renewal_method, kind):
    assert kind_by_hand(replace(FACTS, renewal_method=renewal_method)) is kind


@pytest.mark.parametrize(
    ("entitlement", "today", "found"),
    [
        (SERVER, TODAY, None),
        (SERVER, date(2025, 11, 5), Closed(date(2025, 11, 4), date(2025, 11, 5))),
        (CERTIFICATE, date(2025, 11, 5), None),
        (replace(SERVER, starts_on=date(2025, 12, 1), ends_on=NEXT_END), TODAY, PAID_AHEAD),
        (replace(SERVER, starts_on=TODAY, ends_on=NEXT_END), TODAY, None),
        (replace(CERTIFICATE, variant="gone"), TODAY, NOT_SOLD),
    ],
)
def test_a_renewal_by_hand_is_blocked_for_a_reason(entitlement, today, found):
    others = tuple(each for each in FACTS.entitlements if each.subscription != entitlement.subscription)

    assert obstacle(replace(FACTS, entitlements=(entitlement, *others)), entitlement, today, CATALOG) == found


@pytest.mark.parametrize(("months", "nearest"), [(12, 12), (9, 6), (10, 12), (48, 36), (2, 1)])
def test_months_no_longer_sold_are_replaced_by_the_nearest(months, nearest):
    assert nearest_months(months, PLAN.months) == nearest


def test_options_that_outlast_the_server_are_not_preselected():
    assert is_preselected(BACKUP, SERVER)
    assert not is_preselected(replace(BACKUP, ends_on=NEXT_END), SERVER)


def not_renewed(made):
    return [mine.entitlement.product for mine in made.upcoming.by_hand]


def with_switches(*renewing):
    return tuple(replace(each, renews=each.subscription in renewing) for each in FACTS.entitlements)


def test_a_payment_by_transfer_keeps_the_renewal_method():
    made = an_offer(Method.BANK)

    assert made.kept == CARD
    assert charges(made) == [(["server", "backup"], date(2026, 11, 5))]
    assert not_renewed(made) == ["device", "ssl"]


def test_a_payment_by_transfer_keeps_the_wallets_charge_day():
    made = an_offer(Method.BANK, renewal_method=RenewalMethod(Method.WALLET, PAID, 15), entitlements=with_switches(1))

    assert charges(made) == [(["server"], date(2026, 11, 15))]


def test_a_payment_by_transfer_turns_no_auto_renewal_on():
    made = an_offer(Method.BANK, renewal_method=None, entitlements=with_switches())

    assert (made.kept, made.upcoming.charged) == (None, ())


@pytest.mark.parametrize("renewing", [(), (3,)])
def test_a_payment_by_card_turns_auto_renewal_on_except_for_certificates(renewing):
    made = an_offer(Method.CARD, entitlements=with_switches(*renewing))

    assert made.kept is None
    assert not_renewed(made) == ([] if renewing else ["ssl"])


def test_withdrawn_months_do_not_renew_a_second_time():
    """As on the contract page and in the notices."""
    months = dict(PLAN.monthly_yen)
    del months[12]
    server = replace(CATALOG.server, plans=(replace(PLAN, monthly_yen=months),))
    found = quote(a_selection(months=12), PLAN, CATALOG, TODAY, OWNED)
    last = replace(found, lines=(replace(found.server, is_last_time=True),))
    gone = replace(CATALOG, products=(server, *CATALOG.products[1:]))

    [mine] = offer(last, Method.CARD, TODAY, FACTS, gone).upcoming.by_hand

    assert (mine.entitlement.product, mine.reason) == ("server", MONTHS_GONE)


def test_a_card_entered_for_an_option_alone_is_charged_for_all_that_renews_and_all_of_it_is_named():
    made = an_offer(Method.CARD, selection=a_selection(backup_months=12))

    assert charges(made) == [(["server"], date(2025, 11, 5)), (["backup"], date(2026, 11, 5))] or charges(made) == [
        (["server"], date(2025, 11, 5))
    ]
    assert made.upcoming.charged[0].yen == 13_200


def test_an_option_beside_a_server_that_does_not_renew_is_renewed_only_if_the_server_is():
    made = an_offer(Method.CARD, selection=a_selection(backup_months=12), renewal_method=None, entitlements=with_switches())

    [mine] = made.upcoming.by_hand
    assert (made.upcoming.charged, mine.entitlement.product, mine.entitlement.renews) == ((), "backup", True)
    assert mine.is_with_server
    assert "サーバーを更新された場合にかぎり" in mine.reason


@pytest.mark.parametrize(("today", "late"), [(END, []), (date(2025, 12, 1), []), (date(2025, 12, 2), ["server"])])
def test_a_renewal_is_late_once_its_term_should_have_begun(today, late):
    assert products(an_offer(Method.CARD, today=today, selection=a_selection(months=1)).late) == late


def test_a_new_option_begins_on_the_day_of_payment():
    made = an_offer(Method.CARD)

    assert products(made.begins) == ["device"]
    assert [line.previous_end for line in made.quote.lines] == [END, END, None, END]


@pytest.mark.parametrize(("ends_on", "drops"), [(END, True), (NEXT_END, False)])
def test_paying_a_term_drops_its_reservation(ends_on, drops):
    assert an_offer(Method.CARD, reserved=Reserved(ends_on, ())).drops_reservation is drops


@pytest.mark.parametrize(
    ("placed_on", "stopped_on", "due_on"),
    [
        (TODAY, None, date(2025, 11, 3)),
        (END, None, date(2025, 12, 14)),
        (date(2025, 12, 3), date(2025, 12, 1), date(2025, 12, 14)),
        (date(2025, 12, 14), date(2025, 12, 1), date(2025, 12, 14)),
        (date(2025, 12, 8), date(2025, 12, 5), date(2025, 12, 18)),
    ],
)
def test_a_transfer_is_due_before_the_suspension_of_its_subscription_ends(placed_on, stopped_on, due_on):
    lines = quote(a_selection(months=12), PLAN, CATALOG, placed_on, OWNED).lines

    stopped = replace(SERVER, stopped_on=stopped_on, stopped_until=stopped_on and stopped_on + timedelta(days=13))

    assert due_day_for_renewal(renewed_terms(lines, [stopped], CATALOG.renewal), placed_on) == due_on


def test_a_transfer_for_a_new_product_is_due_in_14_days():
    lines = quote(a_selection(backup_months=1), PLAN, CATALOG, date(2025, 12, 3)).lines

    assert due_day_for_renewal(renewed_terms(lines, (), CATALOG.renewal), date(2025, 12, 3)) == date(2025, 12, 17)

"""What customers are told about an end date, and the timeline of coming events."""

from dataclasses import replace
from datetime import date

import pytest

from portal.enums import Method, OrderKind, ProductKind
from portal.rules.orders.quote import Line
from portal.rules.renewals.calendar import calendar
from portal.rules.renewals.forecast import (
    DECLINED_FOR_GOOD,
    NEVER_BY_ITSELF,
    NO_DAY_LEFT,
    TOO_LATE_FOR_CHARGE,
    forecast,
    forecasts,
    with_renewal_method,
)
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.scheduled_event import EventKind, OnlyIf
from portal.rules.renewals.snapshot import ChargeAttempt, Entitlement, RenewalMethod, Reserved, Snapshot

END = date(2025, 11, 30)
TODAY = date(2025, 10, 21)
CARD = RenewalMethod(Method.CARD, date(2025, 10, 20), card_expires=date(2035, 12, 31), paid_with="Visa 下4桁 4242")


def a_server(ends_on: date = END, **about: object) -> Entitlement:
    bought = (1, "server", ProductKind.SERVER, "standard", "スタンダードプラン", 1, 1, 1_320, 1_320)
    return replace(Entitlement(*bought, date(2025, 10, 20), ends_on, date(2025, 10, 20), renews=True), **about)


def a_backup(ends_on: date = END, **about: object) -> Entitlement:
    bought = (2, "backup", ProductKind.OPTION, "", "バックアップオプション", 1, 1, 440, 440)
    return replace(Entitlement(*bought, date(2025, 10, 20), ends_on, date(2025, 10, 20), renews=True), **about)


def snapshot(*entitlements: Entitlement, renewal_method: RenewalMethod | None = CARD, **about: object) -> Snapshot:
    return Snapshot("standard", entitlements or (a_server(),), renewal_method, **about)


def test_an_auto_renewing_subscription_has_a_charge_and_no_action(catalog):
    (found,) = forecasts(snapshot(a_server(), a_backup()), TODAY, catalog)

    assert (found.charge.charged_on, found.yen, found.by_hand) == (date(2025, 11, 5), 1_760, ())


@pytest.mark.parametrize(
    ("given", "today", "reason"),
    [
        (snapshot(renewal_method=None), TODAY, NEVER_BY_ITSELF),
        (snapshot(a_server(renews=False)), TODAY, NEVER_BY_ITSELF),
        (snapshot(a_server(paid_on=date(2025, 11, 26))), date(2025, 11, 26), TOO_LATE_FOR_CHARGE),
        (snapshot(charge_attempts=(ChargeAttempt(END, date(2025, 11, 5), is_final=True),)), date(2025, 11, 6), DECLINED_FOR_GOOD),
        (snapshot(charge_attempts=(ChargeAttempt(END, date(2025, 11, 28)),)), date(2025, 11, 29), NO_DAY_LEFT),
    ],
)
def test_a_subscription_without_auto_renewal_names_reason_and_consequences(catalog, given, today, reason):
    found = forecast(given, END, today, catalog)

    (mine,) = found.by_hand
    assert found.charge is None
    assert mine.reason == reason
    assert (mine.pay_until, mine.stops_on, mine.deleted_on) == (END, date(2025, 12, 1), date(2025, 12, 15))


def test_a_new_card_after_a_hard_decline_is_charged_on_the_next_remaining_day(catalog):
    given = snapshot(charge_attempts=(ChargeAttempt(END, date(2025, 11, 5), is_final=True),))
    other = replace(CARD, set_on=date(2025, 11, 6))

    found = forecast(with_renewal_method(given, other), END, date(2025, 11, 6), catalog)

    assert found.charge.charged_on == date(2025, 11, 10)


def test_a_suspended_subscription_can_still_be_paid(catalog):
    given = snapshot(a_server(renews=False, stopped_on=date(2025, 12, 1), stopped_until=date(2025, 12, 14)))

    (mine,) = forecast(given, END, date(2025, 12, 5), catalog).by_hand

    assert (mine.is_stopped, mine.pay_until, mine.deleted_on) == (True, date(2025, 12, 14), date(2025, 12, 15))


def test_an_option_that_outlasts_an_auto_renewing_server_needs_nothing_yet(catalog):
    given = snapshot(a_server(), a_backup(date(2026, 1, 31)))

    found = forecast(given, date(2026, 1, 31), TODAY, catalog)

    assert [entitlement.name for entitlement in found.later] == ["バックアップオプション"]
    assert (found.charge, found.by_hand) == (None, ())
    entries = [
        (day.on, entry) for day in calendar(given, TODAY, catalog) for entry in day.entries if "バックアップオプション" in entry.names
    ]
    assert [(on, entry.kind, entry.only_if) for on, entry in entries if not entry.is_mail] == [
        (date(2025, 12, 15), EventKind.DELETION, OnlyIf.UNPAID)
    ]


def test_an_option_that_outlasts_a_server_without_auto_renewal_has_to_be_renewed(catalog):
    given = snapshot(a_server(renews=False), a_backup(date(2026, 1, 31)))

    found = forecast(given, date(2026, 1, 31), TODAY, catalog)

    [mine] = found.by_hand
    assert mine.entitlement.name == "バックアップオプション"
    assert (mine.pay_until, mine.stops_on, mine.deleted_on, mine.is_with_server) == (END, None, date(2025, 12, 15), True)


def test_options_dropped_by_a_reservation_are_named(catalog):
    given = snapshot(a_server(), a_backup(), reserved=Reserved(END, (), frozenset({2})))

    found = forecast(given, END, TODAY, catalog)

    assert found.is_reserved
    assert [entitlement.name for entitlement in found.dropped] == ["バックアップオプション"]


def test_the_timeline_begins_today_and_groups_equal_events(catalog):
    days = calendar(snapshot(a_server(), a_backup()), TODAY, catalog)

    assert (days[0].on, days[0].entries) == (TODAY, ())
    charge = next(entry for day in days for entry in day.entries if entry.kind is EventKind.CHARGE)
    assert charge.names == ("スタンダードプラン", "バックアップオプション")
    assert [day.on for day in days] == sorted(day.on for day in days)


def test_the_timeline_names_no_reserved_option_that_was_bought_meanwhile(catalog):
    """Bought beside the contract, it waits for the server's renewal, so the timeline leaves it out; the charge does not buy it again."""
    new = Line("backup", ProductKind.OPTION, "", "バックアップオプション", 1, 1, 440, 440, date(2025, 12, 1), date(2025, 12, 31))
    given = snapshot(a_server(), a_backup(date(2026, 1, 31)), reserved=Reserved(END, (new,)))

    charge = next(entry for day in calendar(given, TODAY, catalog) for entry in day.entries if entry.kind is EventKind.CHARGE)

    assert forecast(given, END, TODAY, catalog).yen == 1_320
    assert charge.names == ("スタンダードプラン",)


def test_retries_and_the_end_are_marked_as_conditional(catalog):
    entries = [(day.on, entry) for day in calendar(snapshot(), TODAY, catalog) for entry in day.entries]

    conditional = [(on.day, entry.kind) for on, entry in entries if entry.only_if is OnlyIf.UNPAID]
    assert [day for day, what in conditional if what is EventKind.RETRY] == [10, 15, 20, 25, 28]
    assert {what for _, what in conditional} == {
        EventKind.RETRY,
        EventKind.END,
        EventKind.STOP,
        EventKind.DELETION_AHEAD,
        EventKind.DELETION,
    }


def test_a_past_deadline_is_left_out_and_an_overdue_charge_is_dated_today(catalog):
    days = calendar(snapshot(), date(2025, 11, 6), catalog)

    assert [entry.kind for entry in days[0].entries] == [EventKind.CHARGE]
    assert all(entry.kind is not EventKind.LAST_CHANGE for day in days for entry in day.entries)


def test_a_charge_waiting_for_another_order_has_no_past_date(catalog):
    transfer = OpenOrder("12345678", OrderKind.CHANGE, Method.BANK, date(2025, 11, 1), frozenset({1}), due_on=date(2025, 11, 15))

    days = calendar(snapshot(open_order=transfer), date(2025, 11, 6), catalog)

    charge_attempts = [
        (day.on.day, entry.reason) for day in days for entry in day.entries if entry.kind in (EventKind.CHARGE, EventKind.RETRY)
    ]
    assert charge_attempts[0] == (10, "別のお申し込みの結果を待っているため、その結果によって変わります")

"""How each subscription ends if nobody pays. The example's server ends on 2025-11-30; "12-01" is a day of that year."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.enums import Method
from portal.rules.renewals.endings import ended_with_server, endings
from portal.rules.renewals.forecast import forecast, forecasts, without_renewal
from portal.rules.renewals.scheduled_event import EventKind, OnlyIf
from portal.rules.renewals.snapshot import ChargeAttempt
from portal.rules.renewals.timeline import timeline
from tests.rules.renewals.snapshots import BACKUP, CATALOG, END, SERVER, an_order, by_bank, by_card, day

A_DAY = timedelta(days=1)
EARLY = day("09-01")
STOPPED = replace(SERVER, stopped_on=day("12-01"), stopped_until=day("12-14"))
LATE_STOPPED = replace(BACKUP, ends_on=day("12-05"), stopped_on=day("12-06"), stopped_until=day("12-19"))
LONGER = replace(BACKUP, ends_on=day("2026-01-31"), renews=False)
FAILED = ChargeAttempt(END, day("11-25"))


def ending(snapshot, subscription=1, today=EARLY):
    found = endings(snapshot, today, CATALOG)[subscription]
    days = (found.stops_on, found.pay_until, found.deleted_on)
    return (*(f"{one:%m-%d}" if one else None for one in days), found.only_if)


ALONE = ("12-01", "12-14", "12-15", None)
UNPAID = ("12-01", "12-14", "12-15", OnlyIf.UNPAID)


@pytest.mark.parametrize(
    ("snapshot", "today", "expected"),
    [
        (by_bank(), "09-01", ALONE),
        (by_bank(), "12-09", ("12-09", "12-22", "12-23", None)),  # the worker is late
        (by_bank(STOPPED), "12-09", ALONE),
        (by_bank(open_order=an_order(Method.BANK, "11-25", due="12-09")), "11-26", ("12-04", "12-17", "12-18", None)),
        (by_bank(STOPPED, open_order=an_order(Method.BANK, "12-10", due="12-14")), "12-11", ("12-01", "12-17", "12-18", None)),
        (by_bank(open_order=an_order(Method.CARD, is_undecided=True)), "11-26", (None, "12-14", None, None)),
        (by_card(), "09-01", UNPAID),
        (by_card(charge_attempts=(FAILED,)), "11-26", UNPAID),
        (by_card(replace(SERVER, known_on=day("11-29"))), "11-30", ("12-05", "12-18", "12-19", OnlyIf.UNPAID)),
        (by_card(charge_attempts=(replace(FAILED, is_final=True),)), "11-26", ALONE),
        (by_card(replace(STOPPED, known_on=day("12-12"))), "12-12", ("12-01", "12-19", "12-20", OnlyIf.UNPAID)),  # a charge is to come
    ],
)
def test_a_server_ends_after_its_last_charge_and_can_be_paid_until_the_day_before_its_deletion(snapshot, today, expected):
    assert ending(snapshot, today=day(today)) == expected


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [
        (by_bank(SERVER, LONGER), (None, "12-14", "12-15", None)),
        (by_card(SERVER, LONGER), ("02-01", "02-14", "02-15", OnlyIf.SERVER_RENEWED)),
        (by_bank(SERVER, replace(BACKUP, ends_on=day("10-31"))), ("11-01", "11-14", "11-15", None)),
        (by_card(SERVER, replace(BACKUP, ends_on=day("10-31"), renews=False)), ("11-01", "11-14", "11-15", None)),
        (by_bank(SERVER, replace(BACKUP, ends_on=day("2026-11-30")), open_order=an_order(Method.BANK, due="12-14")),
         (None, "12-17", "12-18", None)),
        (by_bank(STOPPED, LATE_STOPPED), ("12-06", "12-14", "12-15", None)),
    ],
)  # fmt: skip
def test_an_option_never_outlives_its_server(snapshot, expected):
    assert ending(snapshot, 2, day("09-01")) == expected


def test_an_option_that_stops_later_is_announced_with_its_server_alone():
    """Its own announcement would come on the day of the deletion, and name a later one."""
    found = timeline(by_bank(STOPPED, LATE_STOPPED), day("12-06"), CATALOG)

    assert [(f"{one.on:%m-%d}", one.names) for one in found if one.kind is EventKind.DELETION_AHEAD] == [
        ("12-08", ("スタンダードプラン", "バックアップ"))
    ]
    assert [(one.subscription, f"{one.on:%m-%d}", one.limit) for one in found if one.kind is EventKind.DELETION] == [
        (1, "12-15", day("12-14")),
        (2, "12-15", None),
    ]


def test_what_an_option_does_after_its_servers_possible_end_depends_on_the_renewal():
    found = timeline(by_card(SERVER, LONGER), EARLY, CATALOG)
    of_option = [(f"{one.on:%m-%d}", one.kind.value, one.only_if) for one in found if one.ends_on == LONGER.ends_on]

    assert of_option == [
        ("12-15", "deletion", OnlyIf.UNPAID),  # with its server
        ("01-01", "by_hand", OnlyIf.SERVER_RENEWED),
        ("01-24", "by_hand", OnlyIf.SERVER_RENEWED),
        ("02-01", "end", OnlyIf.SERVER_RENEWED),
        ("02-01", "stop", OnlyIf.SERVER_RENEWED),
        ("02-08", "deletion_ahead", OnlyIf.SERVER_RENEWED),
        ("02-15", "deletion", OnlyIf.SERVER_RENEWED),
    ]
    [mine] = forecast(by_card(SERVER, LONGER), LONGER.ends_on, EARLY, CATALOG).by_hand
    assert (mine.needs_server, mine.is_with_server) == (True, False)


def test_a_server_that_was_stopped_before_the_day_until_which_it_was_said_to_run_is_deleted_with_its_options():
    runs_on = {"ends_on": day("12-31"), "is_undone": True, "runs_until": day("12-31")}
    both = [replace(one, stopped_on=day("12-09"), stopped_until=day("12-22"), **runs_on) for one in (SERVER, BACKUP)]
    found = timeline(by_bank(*both), day("12-20"), CATALOG)

    assert [(one.subscription, f"{one.on:%m-%d}") for one in found if one.kind is EventKind.DELETION] == [(1, "12-23"), (2, "12-23")]


def test_after_a_reset_nothing_waits_for_a_charge_that_was_to_come_after_the_end():
    late = by_card(replace(SERVER, known_on=day("11-29")), LONGER)

    assert ending(late, today=day("11-30")) == ("12-05", "12-18", "12-19", OnlyIf.UNPAID)
    assert ending(without_renewal(late), today=day("11-30")) == ALONE
    options, deleted_on = ended_with_server(without_renewal(late), day("11-30"), CATALOG)
    assert ([option.name for option in options], deleted_on) == (["バックアップ"], day("12-15"))


@pytest.mark.parametrize(
    ("today", "pay_by"),
    [("11-26", "11-30"), ("11-30", "11-30"), ("12-01", "12-14"), ("12-05", "12-18")],
)
def test_a_declined_charge_can_be_paid_by_hand_until_the_last_day_of_the_suspension(today, pay_by):
    """Also while retries are left: forecast, page and mail name the same day."""
    found = forecast(by_card(charge_attempts=(replace(FAILED, is_final=True),)), END, day(today), CATALOG)

    assert found.pay_until == day(pay_by)
    assert forecast(by_card(replace(SERVER, known_on=day("11-29"))), END, day("12-01"), CATALOG).pay_until == day("12-18")


@pytest.mark.parametrize("of", [(1,), (2,), (1, 2), ()])
@pytest.mark.parametrize("today", ["11-01", "11-30", "12-04", "12-20"])
@pytest.mark.parametrize("order", [None, "11-14", "11-28", "12-14"])
def test_timeline_forecast_and_endings_name_the_same_days(of, today, order):
    open_order = an_order(Method.BANK, "10-20", due=order, of=of) if order else None
    for make in (by_bank, by_card):
        snapshot = make(SERVER, replace(LONGER, renews=True), open_order=open_order)
        ends, found = endings(snapshot, day(today), CATALOG), timeline(snapshot, day(today), CATALOG)
        for event in found:
            if event.kind is EventKind.DELETION and event.limit:
                assert (event.on, event.limit) == (ends[event.subscription].deleted_on, event.on - A_DAY)
            if event.kind is EventKind.STOP:
                assert event.on == ends[event.subscription].stops_on
        for mine in (mine for each in forecasts(snapshot, day(today), CATALOG) for mine in each.by_hand):
            its = ends[mine.entitlement.subscription]
            assert (mine.stops_on, mine.deleted_on, mine.pay_until) == (its.stops_on, its.deleted_on, its.pay_by(day(today)))

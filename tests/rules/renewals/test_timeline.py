"""Every coming event of a contract, with its day and reason. The example ends on 2025-11-30; "11-05" is a day of that year."""

from dataclasses import replace
from datetime import date

import pytest

from portal.enums import Method, NoticeKind
from portal.rules.renewals.open_orders import Hold
from portal.rules.renewals.scheduled_event import ORDER, EventKind, OnlyIf
from portal.rules.renewals.snapshot import ChargeAttempt, Notice, Snapshot
from portal.rules.renewals.timeline import WITH_SERVER, timeline
from tests.rules.renewals.snapshots import BACKUP, CARD, CATALOG, DEVICE, END, SERVER, SSL, an_order, by_bank, by_card, by_wallet, day

EARLY = day("09-01")


def events_of(snapshot, today=EARLY):
    """[(month-day, what)], with a question mark after what happens only if the charges fail."""
    found = timeline(snapshot, today, CATALOG)
    return [(f"{one.on:%m-%d}", one.kind.value + ("?" if one.only_if is OnlyIf.UNPAID else "")) for one in found]


def days_of(snapshot, what, today=EARLY):
    return [f"{found.on:%m-%d}" for found in timeline(snapshot, today, CATALOG) if found.kind is what]


def server(**about):
    return replace(SERVER, **about)


def test_the_timeline_of_a_card_contract_runs_from_the_notice_to_the_deletion():
    assert events_of(by_card()) == [
        ("10-06", "notice"),
        ("10-29", "notice"),
        ("11-04", "last_change"),
        ("11-05", "charge"),
        ("11-10", "retry"),
        ("11-15", "retry"),
        ("11-20", "retry"),
        ("11-25", "retry"),
        ("11-28", "retry"),
        ("12-01", "end?"),
        ("12-01", "stop?"),
        ("12-08", "deletion_ahead?"),
        ("12-15", "deletion?"),
    ]


def test_the_timeline_of_a_wallet_contract_uses_the_customers_charge_day():
    assert events_of(by_wallet(15))[:6] == [
        ("10-16", "notice"),
        ("11-08", "notice"),
        ("11-11", "last_change"),
        ("11-15", "charge"),
        ("11-20", "retry"),
        ("11-25", "retry"),
    ]


def test_a_bank_contract_is_announced_before_its_end_and_ends():
    assert events_of(by_bank()) == [
        ("10-31", "by_hand"),
        ("11-23", "by_hand"),
        ("12-01", "end"),
        ("12-01", "stop"),
        ("12-08", "deletion_ahead"),
        ("12-15", "deletion"),
    ]


def test_a_bank_order_moves_the_stop_and_what_follows():
    snapshot = by_bank(open_order=an_order(Method.BANK, "11-25", due="12-09"))

    assert events_of(snapshot)[2:] == [("12-01", "end"), ("12-04", "stop"), ("12-11", "deletion_ahead"), ("12-18", "deletion")]


def test_a_pending_payment_holds_back_the_end():
    snapshot = by_bank(open_order=an_order(Method.CARD, "11-30", is_undecided=True))

    assert events_of(snapshot) == [("10-31", "by_hand"), ("11-23", "by_hand")]


def test_a_partial_transfer_postpones_no_more_than_an_awaited_one():
    part, whole = (by_bank(open_order=an_order(Method.BANK, "11-25", due="12-09", is_partly=some)) for some in (True, False))

    assert events_of(part) == events_of(whole)
    assert events_of(part)[2:4] == [("12-01", "end"), ("12-04", "stop")]


def test_after_a_decline_the_retry_has_its_own_deadline_and_no_notice():
    assert events_of(by_card(charge_attempts=(ChargeAttempt(END, day("11-05")),)), day("11-06"))[:3] == [
        ("11-09", "last_change"),
        ("11-10", "retry"),
        ("11-15", "retry"),
    ]


def test_after_a_hard_decline_the_customer_has_to_act():
    snapshot = by_card(charge_attempts=(ChargeAttempt(END, day("11-05"), is_final=True),))

    assert events_of(snapshot, day("11-06"))[:3] == [("11-23", "by_hand"), ("12-01", "end"), ("12-01", "stop")]


@pytest.mark.parametrize(
    ("paid_on", "today", "notices"),
    [
        ("2024-11-22", "09-01", ["10-06", "10-29"]),
        ("10-06", "10-06", ["10-06", "10-29"]),  # on its very day
        ("10-07", "10-07", ["10-29"]),  # the completion mail has said it
        ("10-30", "10-30", []),
        ("2024-11-22", "10-20", ["10-06", "10-29"]),  # late, but still of use
        ("2024-11-22", "10-29", ["10-29"]),  # the second has overtaken the first
        ("2024-11-22", "11-03", ["10-29"]),
    ],
)
def test_a_notice_with_a_past_day_is_left_out(paid_on, today, notices):
    assert days_of(by_card(server(paid_on=day(paid_on))), EventKind.NOTICE, day(today)) == notices


def test_a_sent_notice_is_not_planned_again():
    snapshot = by_card(sent_notices=frozenset({Notice(NoticeKind.NOTICE, END, "first")}))

    assert days_of(snapshot, EventKind.NOTICE) == ["10-29"]
    assert (
        days_of(
            by_bank(
                sent_notices=frozenset(
                    {
                        Notice(NoticeKind.BY_HAND, END, "first"),
                        Notice(NoticeKind.BY_HAND, END, "second"),
                        Notice(NoticeKind.END, END, subscription=1),
                    }
                )
            ),
            EventKind.BY_HAND,
        )
        == []
    )
    assert days_of(by_bank(sent_notices=frozenset({Notice(NoticeKind.END, END, subscription=1)})), EventKind.END) == []
    assert (
        days_of(by_bank(sent_notices=frozenset({Notice(NoticeKind.DELETION_AHEAD, END, subscription=1)})), EventKind.DELETION_AHEAD) == []
    )


@pytest.mark.parametrize(
    ("turned_off", "by_hand"),
    [("2024-12-01", ["10-31", "11-23"]), ("10-31", ["10-31", "11-23"]), ("11-01", ["11-23"]), ("11-24", [])],
)
def test_a_stopped_renewal_is_notified_at_once_and_past_notices_are_skipped(turned_off, by_hand):
    assert days_of(by_bank(turned_off_on=day(turned_off)), EventKind.BY_HAND) == by_hand


@pytest.mark.parametrize(
    ("expires", "warned"),
    [("2025-10-31", ["10-06"]), ("2025-11-04", ["10-06"]), ("2025-11-05", []), ("2025-11-30", [])],
)
def test_a_card_expiring_before_its_charge_day_gets_a_warning(expires, warned):
    assert days_of(by_card(renewal_method=replace(CARD, card_expires=day(expires))), EventKind.CARD_EXPIRES) == warned


def test_a_card_expiry_warning_is_sent_once_and_only_after_the_term_was_paid():
    expired = replace(CARD, card_expires=day("10-31"))

    assert (
        days_of(
            by_card(renewal_method=expired, sent_notices=frozenset({Notice(NoticeKind.CARD_EXPIRES, END, "2025-10-31")})),
            EventKind.CARD_EXPIRES,
        )
        == []
    )
    assert days_of(by_card(server(paid_on=day("10-20")), renewal_method=expired), EventKind.CARD_EXPIRES) == ["10-20"]


def test_a_postponed_charge_is_announced_with_its_new_day():
    snapshot = by_card(holds=(Hold(day("10-25"), day("11-07"), frozenset({1})),))

    assert events_of(snapshot, day("11-07"))[:3] == [("11-07", "moved"), ("11-14", "last_change"), ("11-15", "charge")]
    assert events_of(replace(snapshot, sent_notices=frozenset({Notice(NoticeKind.MOVED, END, "2025-11-07")})), day("11-08"))[0] == (
        "11-14",
        "last_change",
    )


def test_a_charge_postponed_past_its_last_day_becomes_a_manual_renewal():
    snapshot = by_card(
        holds=(Hold(day("10-25"), day("11-26"), frozenset({1})),), sent_notices=frozenset({Notice(NoticeKind.BY_HAND, END, "second")})
    )

    assert events_of(snapshot, day("11-26"))[:3] == [("11-26", "moved"), ("12-01", "end"), ("12-01", "stop")]


def test_an_open_transfer_moves_the_suspension_and_not_the_end():
    snapshot = by_card(open_order=an_order(Method.BANK, "11-22", due="12-06"))

    assert ("12-04", "stop") in events_of(snapshot)
    assert ("12-01", "end") in events_of(snapshot)


@pytest.mark.parametrize(
    ("today", "stop", "deletion"),
    [("11-30", "12-01", "12-15"), ("12-01", "12-01", "12-15"), ("12-09", "12-09", "12-23"), ("12-31", "12-31", "01-14")],
)
def test_a_late_suspension_begins_today_and_still_lasts_14_days(today, stop, deletion):
    snapshot = by_bank()

    assert days_of(snapshot, EventKind.STOP, day(today)) == [stop]
    assert days_of(snapshot, EventKind.DELETION, day(today)) == [deletion]


def test_a_suspended_subscription_is_not_suspended_again():
    stopped = by_bank(
        server(stopped_on=day("12-09")),
        sent_notices=frozenset({Notice(NoticeKind.BY_HAND, END, "second"), Notice(NoticeKind.END, END, subscription=1)}),
    )

    assert events_of(stopped, day("12-10")) == [("12-16", "deletion_ahead"), ("12-23", "deletion")]


@pytest.mark.parametrize(("today", "is_sure"), [("11-04", False), ("11-05", False), ("11-28", False), ("12-02", None)])
def test_a_charge_that_was_not_attempted_suspends_nothing(today, is_sure):
    """On 12-02 the charge is still to be made up, so no suspension is due."""
    found = [one for one in timeline(by_card(), day(today), CATALOG) if one.kind is EventKind.STOP]

    assert [one.only_if is OnlyIf.UNPAID for one in found] == ([True] if is_sure is False else [])


@pytest.mark.parametrize(
    ("due", "ends"), [("10-10", ["stop?", "deletion?"]), ("11-14", ["stop?", "deletion?"]), ("11-25", ["stop", "deletion"])]
)
def test_an_open_order_for_the_term_makes_its_end_sure_only_if_no_charge_is_left_after_it(due, ends):
    """It is 期限切れ four business days after it was due; then charges follow four days later at the earliest."""
    found = events_of(by_card(open_order=an_order(Method.BANK, "10-01", due=due)), day("10-02"))

    assert [what for _, what in found if what.startswith(("stop", "deletion")) and "ahead" not in what] == ends


def test_after_the_end_a_charge_that_is_still_to_come_is_awaited_before_the_suspension():
    late = by_card(server(known_on=day("11-29")))

    assert events_of(late, day("11-30")) == [
        ("12-04", "last_change"),
        ("12-05", "charge"),
        ("12-05", "end?"),
        ("12-05", "stop?"),
        ("12-12", "deletion_ahead?"),
        ("12-19", "deletion?"),
    ]


def test_server_and_options_end_on_their_own_dates():
    snapshot = by_bank(SERVER, replace(BACKUP, ends_on=date(2025, 10, 31)), DEVICE)
    ends = [(one.subscription, f"{one.on:%m-%d}") for one in timeline(snapshot, EARLY, CATALOG) if one.kind is EventKind.END]

    assert ends == [(2, "11-01"), (1, "12-01"), (3, "12-01")]


LONG = replace(BACKUP, ends_on=date(2026, 11, 30))


def deletions(snapshot, today=EARLY):
    return [
        (one.subscription, f"{one.on:%m-%d}", one.is_with_server, one.only_if is OnlyIf.UNPAID)
        for one in timeline(snapshot, today, CATALOG)
        if one.kind is EventKind.DELETION
    ]


def test_an_option_that_is_paid_longer_ends_with_its_server_and_nothing_follows():
    snapshot = by_bank(SERVER, LONG)
    found = timeline(snapshot, EARLY, CATALOG)

    assert deletions(snapshot) == [(1, "12-15", False, False), (2, "12-15", True, False)]
    assert found[-1].reason == WITH_SERVER
    assert [one.names for one in found if one.kind is EventKind.DELETION_AHEAD] == [("スタンダードプラン", "バックアップ")]
    assert all(one.on <= day("12-15") and one.ends_on == END for one in found[:-1])


def test_an_option_that_is_paid_longer_goes_on_if_its_server_renews_automatically_and_else_ends_with_it():
    snapshot = by_card(SERVER, LONG)

    assert deletions(snapshot)[:2] == [(1, "12-15", False, True), (2, "12-15", True, True)]
    assert "charge" in [what for _, what in events_of(snapshot)]


def test_an_option_that_is_over_earlier_does_not_wait_for_its_server():
    snapshot = by_bank(SERVER, replace(BACKUP, ends_on=day("10-31")))

    assert deletions(snapshot) == [(2, "11-15", False, False), (1, "12-15", False, False)]


def test_an_open_order_that_delays_the_servers_deletion_delays_the_options_with_it():
    snapshot = by_bank(SERVER, LONG, open_order=an_order(Method.BANK, due="12-14"))

    assert deletions(snapshot) == [(1, "12-18", False, False), (2, "12-18", True, False)]


def test_one_end_date_can_be_partly_charged_and_partly_manual():
    snapshot = by_card(SERVER, replace(SSL, renews=False))
    found = timeline(snapshot, EARLY, CATALOG)

    assert [one.names for one in found if one.kind is EventKind.CHARGE] == [("スタンダードプラン",)]
    assert [(one.names, f"{one.on:%m-%d}") for one in found if one.kind is EventKind.BY_HAND] == [
        (("独自SSL",), "10-31"),
        (("独自SSL",), "11-23"),
    ]
    assert [(one.subscription, one.only_if is OnlyIf.UNPAID) for one in found if one.kind is EventKind.STOP] == [(1, True), (4, False)]


def test_each_date_has_its_reason_in_japanese():
    reasons = {one.kind: one.reason for one in timeline(by_card(), EARLY, CATALOG)}

    assert reasons == {
        EventKind.NOTICE: "お支払い日の7日前",
        EventKind.LAST_CHANGE: "のお支払いの前の、変更できる最後の日",
        EventKind.CHARGE: "契約が終わる月の、クレジットカードの自動更新日",
        EventKind.RETRY: "それまでにお支払いできなかったときだけ",
        EventKind.END: "契約期間が終わるため",
        EventKind.STOP: "契約期間が終わったため",
        EventKind.DELETION_AHEAD: "解約の7日前",
        EventKind.DELETION: "までのお支払いの期限を過ぎるため",
    }


def test_a_suspension_after_an_expired_transfer_names_that_reason():
    snapshot = by_bank(open_order=an_order(Method.BANK, "11-25", due="12-09"))

    assert [one.reason for one in timeline(snapshot, EARLY, CATALOG) if one.kind is EventKind.STOP] == [
        "契約期間が終わり、お振り込みの確認を待つ期間も過ぎるため"
    ]


def test_on_one_day_a_charge_precedes_the_notices_and_the_end_precedes_the_suspension():
    assert [what.value for what in ORDER] == [
        "moved", "charge", "retry", "notice", "card_expires", "by_hand", "last_change", "end", "stop", "deletion_ahead", "deletion",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "following"),
    [("09-01", "10-06"), ("10-06", "10-29"), ("11-04", "11-05"), ("11-28", "12-01")],
)
def test_an_account_is_not_due_before_its_next_event(today, following):
    assert min(one.on for one in timeline(by_card(), day(today), CATALOG) if one.on > day(today)) == day(following)


def test_an_account_without_a_contract_has_no_events():
    assert timeline(Snapshot("standard"), EARLY, CATALOG) == []


@pytest.mark.parametrize(
    ("ends_on", "charge", "stop"),
    [("2026-02-28", "2026-02-05", "2026-03-01"), ("2028-02-29", "2028-02-05", "2028-03-01"), ("2025-12-31", "2025-12-05", "2026-01-01")],
)
def test_the_timeline_handles_month_ends_leap_days_and_year_ends(ends_on, charge, stop):
    found = timeline(by_card(server(ends_on=day(ends_on))), EARLY, CATALOG)

    assert [one.on for one in found if one.kind is EventKind.CHARGE] == [day(charge)]
    assert [one.on for one in found if one.kind is EventKind.STOP] == [day(stop)]

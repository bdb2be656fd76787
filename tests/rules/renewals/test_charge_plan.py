"""The days on which an automatic charge is attempted. The example ends on 2025-11-30; "11-05" is a day of that year."""

from dataclasses import replace
from datetime import date

import pytest

from portal.enums import Method
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.charge_plan import ChargePlan, caused_on, charge_plan
from portal.rules.renewals.forecast import with_renewal_method
from portal.rules.renewals.open_orders import Hold
from portal.rules.renewals.snapshot import Announced, ChargeAttempt, RenewalMethod
from tests.rules.renewals.snapshots import BACKUP, CARD, CATALOG, END, SERVER, an_order, by_bank, by_card, by_wallet, day, days

ALL = "11-05 11-10 11-15 11-20 11-25 11-28"


def plan_of(snapshot, ends_on=END):
    return charge_plan(snapshot, ends_on, CATALOG.renewal)


def tried(on, *, is_final=False):
    return ChargeAttempt(END, day(on), is_final)


def waited(opened, closed, subscription=1):
    return Hold(day(opened), day(closed), frozenset({subscription}))


def paid_on(text):
    return replace(SERVER, paid_on=day(text))


@pytest.mark.parametrize(
    ("snapshot", "left"),
    [
        (by_card(), ALL),
        (by_wallet(5), ALL),
        (by_wallet(15), "11-15 11-20 11-25 11-28"),
        (by_wallet(25), "11-25 11-28"),
        (by_bank(), ""),
        (by_card(renewal_method=None), ""),
        (by_card(replace(SERVER, renews=False), BACKUP), ALL),  # the switch is the option's own
        (by_card(paid_on("11-01")), ALL),
        (by_card(paid_on("11-02")), "11-10 11-15 11-20 11-25 11-28"),
        (by_card(paid_on("11-25")), ""),
        (by_card(SERVER, replace(BACKUP, paid_on=day("11-07"))), "11-15 11-20 11-25 11-28"),  # the newest payment decides
        (by_card(SERVER, replace(BACKUP, paid_on=day("11-07"), renews=False)), ALL),
        (by_card(renewal_method=replace(CARD, set_on=day("11-11"))), "11-15 11-20 11-25 11-28"),
        (by_card(renewal_method=replace(CARD, set_on=day("11-12"))), "11-20 11-25 11-28"),
        (by_card(renewal_method=replace(CARD, set_on=day("11-24"))), "11-28"),
        (by_card(renewal_method=replace(CARD, set_on=day("11-25"))), ""),
    ],
)
def test_charge_days_follow_the_method_and_are_four_days_after_the_cause(snapshot, left):
    assert plan_of(snapshot).days == days(left)
    assert not plan_of(snapshot).is_retry


def known_on(paid, known, entitlement=SERVER):
    return replace(entitlement, paid_on=day(paid), known_on=day(known))


@pytest.mark.parametrize(
    ("snapshot", "left"),
    [
        (by_card(known_on("11-01", "11-01")), ALL),
        (by_card(known_on("11-01", "11-02")), "11-10 11-15 11-20 11-25 11-28"),  # four days after the portal learned of it
        (by_card(known_on("11-01", "11-24")), "11-28"),
        (by_card(known_on("11-01", "11-25")), "12-05"),  # none is left of those that were planned: one try makes up for all
        (by_card(known_on("11-24", "12-16")), "12-20"),
        (by_card(known_on("11-01", "12-25")), "2026-01-05"),
        (by_card(known_on("11-25", "11-26")), ""),  # there was none, however early it had been known: it is renewed by hand
        (by_wallet(25, known_on("11-01", "11-22")), "11-28"),
        (by_card(SERVER, known_on("11-01", "11-26", BACKUP)), "12-05"),
        (by_card(renewal_method=replace(CARD, set_on=day("11-02"), known_on=day("11-22"))), "11-28"),
        (by_card(renewal_method=replace(CARD, set_on=day("11-25"), known_on=day("11-26"))), ""),
    ],
)
def test_a_late_cause_is_charged_four_days_after_it_is_known(snapshot, left):
    assert plan_of(snapshot).days == days(left)


@pytest.mark.parametrize(
    ("charge_attempts", "left"),
    [
        ([tried("11-05")], "11-10 11-15 11-20 11-25 11-28"),
        ([tried("11-05"), tried("11-10")], "11-15 11-20 11-25 11-28"),
        ([tried("11-12")], "11-15 11-20 11-25 11-28"),  # made up late: once, then on the next day
        ([tried("11-28")], ""),
        ([tried("12-02")], ""),
        ([tried("11-05", is_final=True)], ""),
        ([tried("11-05"), tried("11-10", is_final=True)], ""),
    ],
)
def test_a_decline_is_retried_on_the_remaining_days_and_a_hard_decline_is_not(charge_attempts, left):
    plan = plan_of(by_card(charge_attempts=tuple(charge_attempts)))

    assert plan.days == days(left)
    assert plan.is_retry


def test_a_decline_for_one_end_date_does_not_affect_another():
    assert plan_of(by_card(charge_attempts=(ChargeAttempt(date(2025, 10, 31), day("11-05"), is_final=True),))).days == days(ALL)


@pytest.mark.parametrize(
    ("order", "is_on_hold"),
    [
        (None, False),
        (an_order(Method.BANK), True),
        (an_order(Method.BANK, of=(2,)), True),  # for something else: the account's one placed order is not cancelled for a charge
        (an_order(Method.BANK, of=(2, 1)), True),
        (an_order(Method.CARD, is_undecided=True), True),
        (an_order(Method.CARD), False),  # refused: the customer may try again, and so may the portal
        (an_order(Method.CARD, is_partly=True), True),
        (an_order(Method.WALLET, is_undecided=True), True),
        (an_order(Method.WALLET), False),
    ],
)
def test_a_charge_waits_while_another_order_for_the_term_may_still_be_paid(order, is_on_hold):
    plan = plan_of(by_card(open_order=order))

    assert (plan.is_on_hold, plan.days) == (is_on_hold, days(ALL))
    assert plan.is_due(day("11-05")) is not is_on_hold


@pytest.mark.parametrize(
    ("hold", "left", "moved"),
    [
        (waited("10-20", "11-04"), ALL, ""),
        (waited("10-20", "11-05"), "11-10 11-15 11-20 11-25 11-28", "11-05"),
        (waited("10-20", "11-06"), "11-10 11-15 11-20 11-25 11-28", "11-06"),  # exactly four days
        (waited("10-20", "11-07"), "11-15 11-20 11-25 11-28", "11-07"),
        (waited("11-06", "11-09"), ALL, ""),  # between two days
        (waited("11-05", "11-24"), "11-28", "11-24"),
        (waited("11-05", "11-25"), "", "11-25"),
        (waited("10-20", "11-07", subscription=2), "11-15 11-20 11-25 11-28", "11-07"),
        (waited("11-05", "11-25", subscription=2), "12-05", "11-25"),  # for something else: the renewal is made up for
    ],
)
def test_a_postponed_charge_is_made_on_the_next_day_at_least_four_days_after_its_mail(hold, left, moved):
    plan = plan_of(by_card(holds=(hold,)))

    assert plan.days == days(left)
    assert plan.moved_on == (day(moved) if moved else None)


def test_of_two_orders_that_postpone_a_charge_the_later_decides():
    plan = plan_of(by_card(holds=(waited("10-20", "11-05"), waited("11-06", "11-12"))))

    assert (plan.moved_on, plan.days) == (day("11-12"), days("11-20 11-25 11-28"))


@pytest.mark.parametrize(
    ("ends_on", "left"),
    [
        (date(2026, 2, 28), (5, 10, 15, 20, 25, 28)),
        (date(2028, 2, 29), (5, 10, 15, 20, 25, 28)),
        (date(2025, 12, 31), (5, 10, 15, 20, 25, 28)),
        (date(2026, 4, 30), (5, 10, 15, 20, 25, 28)),
    ],
)
def test_every_charge_day_lies_in_the_last_month_of_the_term(ends_on, left):
    plan = plan_of(by_card(replace(SERVER, ends_on=ends_on)), ends_on)

    assert plan.days == tuple(ends_on.replace(day=number) for number in left)


@pytest.mark.parametrize(("today", "is_due"), [("11-04", False), ("11-05", True), ("11-09", True), ("12-03", True)])
def test_a_missed_charge_day_stays_due(today, is_due):
    assert plan_of(by_card()).is_due(day(today)) is is_due


def test_the_plan_names_the_next_attempt_and_the_retries_after_it():
    plan = plan_of(by_wallet(15, charge_attempts=(tried("11-15"),)))

    assert plan.charge == Charge(day("11-20"), day("11-16"), days("11-25 11-28"))
    assert plan_of(by_card(charge_attempts=(tried("11-28"),))).charge is None


def test_charge_days_missed_while_postponed_are_dropped():
    plan = plan_of(by_card(open_order=an_order(Method.BANK)))

    assert plan.remaining(day("11-15"), CATALOG.renewal) == ChargePlan(Method.CARD, days("11-20 11-25 11-28"), is_on_hold=True)
    assert plan_of(by_card()).remaining(day("11-15"), CATALOG.renewal) == plan_of(by_card())


@pytest.mark.parametrize(("of", "left"), [((1,), ""), ((2,), "12-05"), ((), "12-05")])
def test_a_charge_postponed_by_another_products_order_always_gets_a_new_day(of, left):
    plan = plan_of(by_card(open_order=an_order(Method.BANK, of=of)))

    assert plan.remaining(day("11-30"), CATALOG.renewal).days == days(left)


def test_the_cause_is_the_latest_of_payments_and_method_changes():
    newer = replace(BACKUP, paid_on=day("11-07"))

    assert caused_on(by_card(), (SERVER, newer)) == day("11-07")
    assert caused_on(by_card(renewal_method=replace(CARD, set_on=day("11-08"))), (SERVER, newer)) == day("11-08")
    assert caused_on(by_bank(), (SERVER,)) == SERVER.paid_on


@pytest.mark.parametrize(
    ("server", "left"),
    [
        (replace(SERVER, starts_on=day("12-01"), ends_on=date(2026, 11, 30), paid_on=day("11-12"), renews=False), "11-20 11-25 11-28"),
        (replace(SERVER, starts_on=day("12-01"), ends_on=date(2026, 11, 30), paid_on=day("11-12")), ALL),  # it was to be charged with it
        (replace(SERVER, starts_on=day("11-01"), ends_on=date(2026, 10, 31), paid_on=day("11-12")), "11-20 11-25 11-28"),
        (replace(SERVER, ends_on=date(2026, 10, 31)), ALL),
        (replace(SERVER, paid_on=day("11-12"), renews=False), ALL),  # it ends with it, and so nothing is charged anyway
    ],
)
def test_a_manual_payment_of_the_server_is_a_cause_for_its_options_charge(server, left):
    assert plan_of(by_card(server, BACKUP)).days == days(left)


def named(charge_on):
    """What a notice of 10-21 said."""
    return {"announced": {END: Announced(day("10-21"), {1: 13_200}, day(charge_on) if charge_on else None)}}


@pytest.mark.parametrize(
    ("snapshot", "left"),
    [
        (by_card(**named("11-05")), ALL),
        (by_card(**named("11-20")), "11-20 11-25 11-28"),  # the catalog said the 20th then
        (by_card(**named("11-22")), "11-22 11-25 11-28"),  # a day that is none of the catalog's any more
        (by_card(**named("11-30")), "11-30"),
        (by_card(**named("")), ALL),
        (by_wallet(25, **named("11-20")), "11-25 11-28"),  # later than was said is the catalog's to say
        (by_card(**named("11-20"), charge_attempts=(tried("11-20"),)), "11-25 11-28"),
        (by_card(**named("11-20"), charge_attempts=(tried("11-20", is_final=True),)), ""),
        (by_card(**named("11-20"), holds=(waited("11-03", "11-06"),)), "11-20 11-25 11-28"),
        (by_card(**named("11-10"), holds=(waited("11-03", "11-16"),)), "11-20 11-25 11-28"),
        (by_card(**named("11-20"), renewal_method=replace(CARD, set_on=day("11-18"))), "11-25 11-28"),
    ],
)
def test_no_charge_is_made_before_the_day_in_the_latest_notice(snapshot, left):
    assert plan_of(snapshot).days == days(left)


@pytest.mark.parametrize(
    ("renewal_method", "left"),
    [
        (RenewalMethod(Method.CARD, day("10-25"), paid_with="Visa 下4桁 1111"), "11-20 11-25 11-28"),
        (RenewalMethod(Method.WALLET, day("10-25"), 10), "11-10 11-15 11-20 11-25 11-28"),
    ],
)
def test_a_charge_day_chosen_by_the_customer_overrides_the_notice(renewal_method, left):
    assert plan_of(with_renewal_method(by_card(**named("11-20")), renewal_method)).days == days(left)


def test_nothing_is_charged_while_the_account_is_closed():
    assert charge_plan(by_card(is_closed=True), END, CATALOG.renewal) == ChargePlan(Method.CARD)


@pytest.mark.parametrize(
    ("reopened", "charges"),
    [
        ("10-20", ALL),
        ("11-01", ALL),
        ("11-02", "11-10 11-15 11-20 11-25 11-28"),
        ("11-12", "11-20 11-25 11-28"),
        ("11-24", "11-28"),
        ("11-25", "12-05"),
    ],
)
def test_a_reopened_account_is_charged_on_the_next_day_left_at_least_four_days_later(reopened, charges):
    assert charge_plan(by_card(reopened_on=day(reopened)), END, CATALOG.renewal).days == days(charges)

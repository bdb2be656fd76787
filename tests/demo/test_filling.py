"""The personas are built day by day with the portal's own pages and jobs; existing data is not changed."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from models import Account, Order, Staff, Term
from portal import clock
from portal.demo import filling, stories
from portal.demo.days import days_before, first_day, months_before, on_the_first_day
from portal.demo.personas import PERSONAS, Persona, Step
from portal.enums import MoneyStatus, OrderState
from portal.sandbox.books import turns
from portal.store.installation import claim_installation
from tests import steps

TODAY = datetime(2026, 11, 25, 3, 0)
FIRST = date(2026, 11, 10)
FEW = [persona for persona in PERSONAS if persona.login in ("new", "card", "bank")]  # those whose stories begin with the demo


@pytest.mark.parametrize(
    ("real_today", "first"),
    [
        ("2026-11-09", "2026-11-09"),
        ("2026-11-08", "2026-10-10"),
        ("2026-11-10", "2026-11-10"),
        ("2026-11-13", "2026-11-13"),
        ("2026-11-14", "2026-11-10"),
        ("2026-11-30", "2026-11-10"),
        ("2026-11-05", "2026-10-10"),
        ("2026-11-01", "2026-10-10"),
        ("2027-01-01", "2026-12-10"),
        ("2028-02-29", "2028-02-10"),
    ],
)
def test_the_demo_begins_where_retries_and_a_stop_can_both_be_seen(real_today, first):
    assert first_day(date.fromisoformat(real_today)) == date.fromisoformat(first)


def test_on_any_day_of_the_year_the_demo_begins_between_the_9th_and_the_13th():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(800)]

    assert all(9 <= first_day(day).day <= 13 and timedelta(0) <= day - first_day(day) <= timedelta(days=29) for day in days)


def test_a_step_names_its_day_relative_to_the_first_day():
    assert on_the_first_day(FIRST) == FIRST
    assert days_before(40)(FIRST) == date(2026, 10, 1)
    assert months_before(1, 20)(FIRST) == date(2026, 10, 20)
    assert months_before(11, 28)(FIRST) == date(2025, 12, 28)
    assert months_before(0, 5)(FIRST) == date(2026, 11, 5)


@pytest.fixture
def wall():
    with time_machine.travel(TODAY):
        yield


@pytest.mark.store
def test_an_empty_demo_is_filled_on_its_first_day(app, wall, books):
    filling.make_ready(app, FEW)

    assert clock.today() == FIRST == turns.first_day(books)
    assert {account.login for account in Account.select()} == {persona.login for persona in FEW}
    assert Staff.by_login("staff")
    assert {clock.day_of(order.placed_at) for order in Order.select()} == {FIRST}
    assert turns.last_turn(books) is None


def test_a_second_start_changes_nothing(app, wall, browser, books):
    filling.make_ready(app, FEW)
    steps.to_the_form(browser)
    books.set_offset_days(7)
    before = state()

    filling.make_ready(app, FEW)

    assert state() == before
    assert books.offset_days() == 7


def test_a_half_filled_demo_is_filled_again(app, wall, books, settings):
    claim_installation(settings.installation_id, is_demo=True)  # papers of real use can never be deleted
    filling.make_ready(app, FEW)
    turns.begin_filling(books, FIRST)
    before = state()

    filling.make_ready(app, FEW)

    assert state()[1] != before[1]
    assert len(state()[1]) == len(before[1])
    assert not turns.is_half_made(books)


def test_a_persona_that_fails_to_build_leaves_the_demo_marked_as_half_filled(app, wall, books):
    def gets_lost(visitor, catalog):
        visitor.visit("/nowhere")

    with pytest.raises(stories.Lost):
        filling.begin_anew(app, [Persona("lost", "見本 迷", "", (Step(gets_lost),))])

    assert turns.is_half_made(books)


def test_a_new_persona_joins_a_demo_in_use_unless_it_begins_in_the_past(app, wall):
    filling.begin_anew(app, FEW[:1])
    late = Persona("late", "見本 遅", "", (Step(stories.contract_by_card, days_before(40)),))

    filling.add_who_is_missing(app, [*FEW, late])

    assert {account.login for account in Account.select()} == {persona.login for persona in FEW}
    assert Order.select().where(Order.state == OrderState.PAID).count() == 1


def test_a_persona_that_begins_forty_days_ago_lives_through_every_day(app, wall, browser):
    early = Persona("early", "見本 早", "", (Step(stories.contract_by_card, days_before(40)),))
    late = Persona("late", "見本 遅", "", (Step(stories.order_by_transfer, days_before(39)),))

    filling.begin_anew(app, [*FEW, late, early])

    paid = Order.get(Order.account == Account.by_login("early"))
    assert clock.today() == FIRST
    assert (clock.day_of(paid.placed_at), paid.paid_on) == (date(2026, 10, 1), date(2026, 10, 1))
    assert {(term.starts_on, term.ends_on) for term in paid.terms} == {(date(2026, 10, 1), date(2027, 9, 30))}
    assert Order.get(Order.account == Account.by_login("late")).state == OrderState.EXPIRED
    assert Account.by_login("new").created_at > Account.by_login("early").created_at + timedelta(days=39)
    assert browser.sign_in("early").visit("/contract").says(MoneyStatus.CONFIRMED.label)


def test_a_persona_may_have_steps_on_several_days(app, wall):
    days = []

    def looks(visitor, catalog):
        visitor.visit("/contract")
        days.append(clock.today())

    steps = (Step(stories.contract_by_card, days_before(40)), Step(looks, months_before(1, 20)), Step(looks))
    filling.begin_anew(app, [Persona("often", "見本 多", "", steps)])

    assert days == [date(2026, 10, 20), FIRST]


def state() -> list[object]:
    return [Account.select().count(), sorted(order.number for order in Order.select()), Term.select().count(), Staff.select().count()]

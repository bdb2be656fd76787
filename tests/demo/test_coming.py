"""The days that are worth turning to."""

from datetime import date, datetime, timedelta

import pytest
from peewee import DateField, IntegerField

import models
from portal import clock
from portal.demo.coming import coming, next_event_day
from portal.sandbox.books.outcomes import Outcome
from tests import bank
from tests.factories import a_customer

PLACED = date(2026, 11, 9)


def test_without_a_plan_there_is_no_next_day(app, on):
    on(PLACED)

    assert next_event_day(PLACED) is None


def test_a_transfer_is_due_and_then_expires(transfer):
    assert [(each.day, each.order) for each in coming(PLACED)] == [
        (date(2026, 11, 23), transfer.number),
        (date(2026, 11, 27), transfer.number),
    ]
    assert next_event_day(date(2026, 11, 23)) == date(2026, 11, 27)
    assert next_event_day(date(2026, 11, 27)) is None


def test_an_order_with_a_part_of_its_money_does_not_expire(transfer):
    bank.pay_in(transfer, 200)

    assert [each.day for each in coming(PLACED)] == [date(2026, 11, 23)]


def test_a_card_order_that_nobody_pays_is_cancelled_a_day_later(on, workshop):
    on(PLACED)
    order = workshop.order(a_customer(), Outcome.REFUSED)

    assert [(each.day, each.order) for each in coming(PLACED)] == [(PLACED + timedelta(days=1), order.number)]


def test_the_agenda_of_the_accounts_counts_once_there_is_one(transfer, monkeypatch):
    class Agenda(models.Row):
        account = IntegerField()
        look_on = DateField()

    if hasattr(models, "Agenda"):
        pytest.skip("there is a real one")
    models.database.create_tables([Agenda])
    Agenda.insert_many([{"account": 1, "look_on": PLACED}, {"account": 2, "look_on": date(2026, 11, 12)}]).execute()
    monkeypatch.setattr(models, "Agenda", Agenda, raising=False)

    assert next_event_day(PLACED) == date(2026, 11, 12)
    assert datetime.fromisoformat(clock.today().isoformat()).date() == PLACED

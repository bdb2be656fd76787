"""The next days on which something happens."""

from datetime import date, timedelta

from models import Schedule
from portal.actions.renewals.due_events import NEVER
from portal.demo.coming import coming, next_event_day
from portal.sandbox.books.outcomes import Outcome
from tests import bank
from tests.factories import a_customer

PLACED = date(2026, 11, 9)
CLOSED = frozenset()


def test_without_scheduled_events_there_is_no_next_day(app, on):
    on(PLACED)

    assert next_event_day(PLACED, CLOSED) is None


def test_a_transfer_is_due_and_then_expires(transfer):
    assert [(each.day, each.order) for each in coming(PLACED, CLOSED)] == [
        (date(2026, 11, 23), transfer.number),
        (date(2026, 11, 27), transfer.number),
    ]
    assert next_event_day(date(2026, 11, 23), CLOSED) == date(2026, 11, 27)
    assert next_event_day(date(2026, 11, 27), CLOSED) is None


def test_a_partly_paid_order_expires_like_any_other(transfer):
    before = coming(PLACED, CLOSED)
    bank.pay_in(transfer, 200)

    assert [each.day for each in coming(PLACED, CLOSED)] == [each.day for each in before] == [date(2026, 11, 23), date(2026, 11, 27)]


def test_an_unpaid_card_order_is_cancelled_a_day_later(on, workshop):
    on(PLACED)
    order = workshop.order(a_customer(), Outcome.REFUSED)

    assert [(each.day, each.order) for each in coming(PLACED, CLOSED)] == [(PLACED + timedelta(days=1), order.number)]


def test_the_next_scheduled_check_of_an_account_counts_if_it_has_a_day(transfer):
    for login, day in {"soon": date(2026, 11, 12), "never": NEVER, "overdue": PLACED}.items():
        Schedule.create(account=a_customer(login), due_on=day)

    assert next_event_day(PLACED, CLOSED) == date(2026, 11, 12)
    assert [(each.login, each.order) for each in coming(PLACED, CLOSED)][:2] == [("soon", ""), ("", transfer.number)]

"""A waiting notice is withdrawn once it is no longer true."""

from dataclasses import replace
from datetime import date

import pytest

from models import Account, Announcement, Event, Mail
from portal import clock
from portal.actions.mail import outbox
from portal.enums import MailKind, MailState
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals.random_customers import RandomCustomers
from tests.choices import a_selection

pytestmark = pytest.mark.store

ACTS = {
    "another card": lambda customers: customers.change_card("new", Outcome.PAYS),
    "a wallet": lambda customers: customers.change_wallet("new", 25),
    "a reset": lambda customers: customers.reset("new"),
    "a reservation": lambda customers: customers.reserve("new", a_selection(months=3), frozenset()),
    "the next term paid": lambda customers: customers.shop.renew("new", selection=a_selection(months=1)),
}


@pytest.fixture
def customers(shop, calendar):
    """The notice of a charge on 2026-12-05 is waiting, because there is no mail server."""
    calendar.settings = replace(calendar.settings, demo=False, smtp_url=None)
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, date(2026, 11, 29))
    assert notice().state == MailState.WAITING
    return RandomCustomers(shop, calendar)


def notice() -> Mail:
    return Account.by_login("new").mails.where(Mail.kind == MailKind.RENEWAL_NOTICE).get()


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_waiting_mail_that_became_untrue_is_withdrawn(customers, act):
    act(customers)

    assert notice().state == MailState.WITHDRAWN
    assert Announcement.select().count() == 0
    assert [event.reason for event in Event.select().where(Event.to_state == MailState.WITHDRAWN)] == ["内容が変わったため"]


def test_a_waiting_mail_that_is_still_true_stays_waiting(customers):
    customers.calendar.turn(customers.shop, date(2026, 11, 30))

    assert notice().state == MailState.WAITING
    assert Announcement.select().count() == 1


@pytest.mark.parametrize("before", [MailState.WAITING, MailState.FAILED])
def test_staff_cannot_resend_a_mail_that_became_untrue(customers, before):
    Mail.update(state=before).where(Mail.id == notice().id).execute()

    customers.change_wallet("new", 25)

    assert "そのあと変わった" in outbox.why_not_again(notice())
    assert not outbox.send_again(notice(), "staff keiri")
    assert notice().state == (MailState.WITHDRAWN if before == MailState.WAITING else before)


def test_staff_cannot_resend_a_sent_mail_whose_day_has_moved(customers):
    notice().mark_sent(clock.now())

    customers.change_wallet("new", 25)

    assert not outbox.send_again(notice(), "staff keiri")
    assert notice().is_sent


def test_staff_cannot_resend_a_mail_after_its_day(customers):
    customers.calendar.turn(customers.shop, date(2026, 12, 5))

    assert not outbox.send_again(notice(), "staff keiri")


def test_staff_may_resend_a_mail_that_is_still_true(customers):
    assert outbox.send_again(notice(), "staff keiri")

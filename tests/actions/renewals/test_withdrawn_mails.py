"""A waiting notice is withdrawn once it is no longer true."""

from dataclasses import replace
from datetime import date

import pytest

from models import Account, Announcement, Event, Mail
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

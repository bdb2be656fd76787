"""The charge day in the catalog changes after a notice was sent: no charge is made before the announced day."""

from dataclasses import replace
from datetime import date

import pytest

from models import Account, Mail
from portal.enums import MailKind
from portal.rules.renewals.scheduled_event import EventKind
from tests.actions.renewals import customers
from tests.actions.renewals.random_customers import RandomCustomers
from tests.choices import a_selection

pytestmark = pytest.mark.store


def december(day):
    return date(2026, 12, day)


def with_card_day(shop, day):
    return replace(shop, catalog=replace(shop.catalog, renewal=replace(shop.catalog.renewal, card_day=day)))


def mails_that_name(day):
    return Mail.select().where(Mail.kind == MailKind.RENEWAL_NOTICE, Mail.body.contains(f"2026年12月{day}日")).count()


@pytest.fixture
def announced_shop(shop, calendar):
    """A card that is charged on the 20th, as announced 7 days before; then the catalog changes to the 15th."""
    shop = with_card_day(shop, 20)
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, december(14))
    assert (calendar.days_of(EventKind.NOTICE), mails_that_name(20)) == ([december(13)], 1)
    return with_card_day(shop, 15)


def test_an_earlier_charge_day_in_the_catalog_applies_from_the_next_term(announced_shop, calendar):
    calendar.turn(announced_shop, date(2027, 1, 16))

    assert [(end, on) for end, on, *_ in customers.charges("new")] == [
        (december(31), december(20)),
        (date(2027, 1, 31), date(2027, 1, 15)),
    ]
    announced_shop.ledger.prove()


def test_a_renewal_can_be_changed_until_the_announced_deadline(announced_shop, calendar):
    calendar.turn(announced_shop, december(19))
    RandomCustomers(announced_shop, calendar).reserve("new", a_selection(months=3), frozenset())
    calendar.turn(announced_shop, december(20))

    assert [(end, on) for end, on, *_ in customers.charges("new")] == [(december(31), december(20))]
    assert Account.by_login("new").server.last_term.ends_on == date(2027, 3, 31)
    announced_shop.ledger.prove()


def test_a_charge_day_set_by_the_customer_applies_at_once(shop, calendar):
    shop = with_card_day(shop, 28)
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, december(21))
    assert mails_that_name(28) == 2

    RandomCustomers(shop, calendar).change_wallet("new", 25)
    calendar.turn(shop, december(26))

    assert [(end, on) for end, on, *_ in customers.charges("new")] == [(december(31), december(25))]
    shop.ledger.prove()

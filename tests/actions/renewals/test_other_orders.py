"""An order for another product is open on the charge day: neither cancels the other."""

from datetime import date

import pytest

from models import Allocation, Mail, Order
from portal.actions.transfers import allocation
from portal.enums import OrderKind
from portal.rules.renewals.scheduled_event import EventKind
from tests.actions.renewals import customers
from tests.choices import a_selection

pytestmark = pytest.mark.store


def december(day):
    return date(2026, 12, day)


@pytest.fixture
def backup(shop, calendar):
    """A server by card until the end of December; on the 1st a backup is ordered by transfer, due on the 15th."""
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, december(1))
    return shop.place_for_transfer(shop.draft("new", OrderKind.RENEW), a_selection(backup_months=3))


def allocate(shop, order, yen):
    allocation.allocate(shop.deposit(yen), order, yen, shop.staff, "番号が一致", catalog=shop.catalog)


def test_a_transfer_for_an_option_is_not_cancelled_by_the_charge_for_the_server(shop, calendar, backup):
    calendar.turn(shop, december(6))
    assert (Order.get_by_id(backup.id).state, customers.charge_attempts("new")) == ("placed", [])

    allocate(shop, backup, backup.total_yen)
    calendar.turn(shop, december(11))

    assert [(end, on) for end, on, *_ in customers.charges("new")] == [(december(31), december(10))]
    assert Mail.select().where(Mail.entity == "renewal new moved 2026-12-31 2026-12-06").count() == 1
    assert len(customers.by_subscription("new")) == 2
    shop.ledger.prove()


def test_a_transfer_that_never_arrives_postpones_the_charge(shop, calendar, backup):
    calendar.turn(shop, date(2027, 1, 2))

    assert Order.get_by_id(backup.id).state == "expired"
    assert [(end, on) for end, on, *_ in customers.charges("new")] == [(december(31), december(25))]
    assert calendar.days_of(EventKind.STOP) == []
    shop.ledger.prove()


def test_a_partial_transfer_holds_the_charge_back_until_it_expires(shop, calendar, backup):
    allocate(shop, backup, 100)
    calendar.turn(shop, date(2027, 1, 2))

    assert Order.get_by_id(backup.id).state == "expired"
    assert [(end, on) for end, on, *_ in customers.charges("new")] == [(december(31), december(25))]
    assert calendar.days_of(EventKind.STOP) == []
    assert [(row.yen, row.order_id) for row in Allocation.select().where(Allocation.account.is_null(False))] == [(100, None)]
    shop.ledger.prove()

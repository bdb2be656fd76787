"""「次回の自動更新から変更する（今は支払わない）」, until it is charged."""

from datetime import date

import pytest

from models import Account, Consent, Mail, Order
from portal.enums import MailKind, Method, OrderKind
from portal.rules.renewals.scheduled_event import EventKind
from tests import additions
from tests.actions.renewals.random_customers import RandomCustomers
from tests.choices import a_selection

pytestmark = pytest.mark.store


@pytest.fixture
def customers(shop, calendar):
    return RandomCustomers(shop, calendar)


def test_a_reservation_is_charged_with_the_agreed_documents(customers):
    customers.shop.buy(selection=a_selection(months=1))
    customers.reserve("new", a_selection(months=3, backup_months=1), frozenset())

    customers.calendar.hurry(customers.shop, date(2026, 12, 6))

    order = Order.get(Order.kind == OrderKind.AUTO)
    assert order.is_paid
    assert [(line.product, line.months, line.ends_on) for line in order.lines] == [
        ("server", 3, date(2027, 3, 31)),
        ("backup", 1, date(2027, 1, 31)),
    ]
    assert {consent.document for consent in Consent.select().where(Consent.order == order)} == {"server-terms", "backup-terms"}
    assert Account.by_login("new").reservation is None
    customers.shop.ledger.prove()


def test_a_reserved_option_bought_meanwhile_is_not_charged_again(customers):
    customers.shop.buy(selection=a_selection(months=1))
    customers.reserve("new", a_selection(months=1, backup_months=1), frozenset())
    customers.buy("new", Method.BANK, a_selection(backup_months=1))
    customers.transfer("new", 1)
    customers.confirm(0)

    customers.calendar.hurry(customers.shop, date(2026, 12, 20))

    assert [line.product for line in Order.get(Order.kind == OrderKind.AUTO).lines] == ["server"]
    assert customers.calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 5)]
    customers.shop.ledger.prove()


def test_what_another_order_buys_meanwhile_is_not_reserved(customers):
    """The final screen of a reservation was open while 「バックアップ」 was ordered on its own page."""
    customers.shop.buy(selection=a_selection(months=1))
    additions.order(customers.shop.by(Method.BANK), "new", "backup", additions.backup_now(customers.shop, "new", 3))

    customers.reserve("new", a_selection(months=1, backup_months=1), frozenset())

    assert customers.did["reserved: refused"] == 1
    assert Account.by_login("new").reservation is None
    assert not Mail.select().where(Mail.kind == MailKind.RESERVATION_MADE).exists()

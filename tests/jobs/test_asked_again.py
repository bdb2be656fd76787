"""A job checks a row again under the lock, so what a customer did meanwhile counts."""

from datetime import timedelta

import pytest

from models import Mail, Order, PaymentMethodSetup
from portal import clock
from portal.actions.payments import abandoned, unused_setups
from portal.actions.row_by_row import Failed
from portal.actions.transfers import bank_orders, reminders
from portal.actions.transfers.allocation import allocate
from portal.enums import MailKind, OrderState
from portal.sandbox.books.outcomes import Outcome
from tests.purchase import CATALOG, later

pytestmark = pytest.mark.store

LOGINS = ("aki", "haru")


def state_of(order: Order) -> tuple[str, str]:
    found = Order.get_by_id(order.id)
    return str(found.state), str(found.method)


def cancel_while_a_customer_presses_ok(shop) -> tuple[Order, Order]:
    """Two refused card orders, 25 hours old. The worker has read its list; before the second one's turn its customer presses [OK]."""
    first, second = (shop.buy(login, Outcome.REFUSED) for login in LOGINS)
    with later(hours=25):
        found = abandoned.cancel_abandoned_orders()
        assert next(found).id == first.id
        shop.place_for_transfer(second)
        assert not any(isinstance(each, Failed) for each in found)
    return first, second


def test_an_order_switched_to_transfer_meanwhile_is_not_cancelled(shop):
    first, second = cancel_while_a_customer_presses_ok(shop)

    assert state_of(first) == (OrderState.CANCELLED, "card")
    assert state_of(second) == (OrderState.PLACED, "bank")
    assert Order.get_by_id(second.id).due_on is not None
    assert Mail.select().where(Mail.kind == MailKind.ORDER_ACCEPTED, Mail.entity.contains(second.number)).count() == 1


def test_without_a_recheck_an_order_switched_to_transfer_is_cancelled(shop, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(abandoned, "recheck", lambda order: Order.locked(order.id))

    _, second = cancel_while_a_customer_presses_ok(shop)

    assert state_of(second) == (OrderState.CANCELLED, "bank")


def test_an_order_with_a_new_attempt_meanwhile_is_not_cancelled(shop):
    """The latest attempt is checked again too."""
    _, second = (shop.buy(login, Outcome.REFUSED) for login in LOGINS)
    with later(hours=25):
        found = abandoned.cancel_abandoned_orders()
        next(found)
        shop.pay_again(second, Outcome.REFUSED)

        assert list(found) == []
        assert state_of(second) == (OrderState.PLACED, "card")


def expire_while_the_day_is_moved(shop) -> tuple[Order, Order]:
    """Two overdue transfers. The worker has read its list; before the second one's turn its customer tries a card and comes back."""
    first, second = (shop.place_for_transfer(shop.draft(login)) for login in LOGINS)
    with later(days=40):
        found = bank_orders.expire_unpaid(frozenset())
        assert next(found).id == first.id
        shop.pay_again(second, Outcome.REFUSED)
        shop.place_for_transfer(second)
        assert not any(isinstance(each, Failed) for each in found)
        assert Order.get_by_id(second.id).due_on == clock.today() + timedelta(days=14)
    return first, second


def test_a_transfer_whose_due_date_moved_meanwhile_does_not_expire(shop):
    first, second = expire_while_the_day_is_moved(shop)

    assert state_of(first) == (OrderState.EXPIRED, "bank")
    assert state_of(second) == (OrderState.PLACED, "bank")


def test_without_a_recheck_a_transfer_whose_due_date_moved_expires(shop, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(bank_orders, "recheck", lambda order, _closed: Order.locked(order.id))

    _, second = expire_while_the_day_is_moved(shop)

    assert state_of(second) == (OrderState.EXPIRED, "bank")


def test_a_bank_order_switched_to_card_meanwhile_does_not_expire(shop):
    _, second = (shop.place_for_transfer(shop.draft(login)) for login in LOGINS)
    with later(days=40):
        found = bank_orders.expire_unpaid(frozenset())
        next(found)
        shop.pay_again(second, Outcome.REFUSED)

        assert list(found) == []
        assert state_of(second) == (OrderState.PLACED, "card")


def test_a_card_that_pays_meanwhile_is_not_deleted(shop):
    first, second = (shop.draft(login) for login in LOGINS)
    setups = [shop.setup(order) for order in (first, second)]
    with later(hours=25):
        found = unused_setups.end_unused_setups(shop.companies)
        assert next(found).id == setups[0].id
        shop.press_ok(second, setups[1])

        assert list(found) == []
    assert state_of(second) == (OrderState.PAID, "card")
    assert PaymentMethodSetup.get_by_id(setups[1].id).payment_method.is_active


def test_a_part_payment_that_is_completed_meanwhile_is_not_reminded_of(shop):
    orders = [shop.place_for_transfer(shop.draft(login)) for login in LOGINS]
    for order in orders:
        allocate(shop.deposit(1_000), order, 1_000, shop.staff, "x", catalog=CATALOG)
    with later(days=15):
        found = reminders.remind_of_parts(CATALOG.bank_accounts, frozenset())
        assert next(found).id == orders[0].id
        day = orders[1].due_on
        allocate(shop.deposit(12_200, on=day), orders[1], 12_200, shop.staff, "x", catalog=CATALOG)

        assert list(found) == []
    assert Mail.select().where(Mail.kind == MailKind.PART_OVERDUE, Mail.entity.contains(orders[1].number)).count() == 0

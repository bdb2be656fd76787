"""Numbers are random; a taken one is drawn again, for every kind of row, and any other error is raised."""

import secrets
from collections.abc import Callable
from datetime import date

import pytest
from peewee import IntegrityError

from models import Account, Allocation, Order, created_with_number
from portal import clock
from portal.actions.orders import drafts
from portal.actions.transfers import allocation, deposits
from portal.actions.transfers.deposits import Entered
from portal.enums import OrderKind
from tests.choices import a_selection

pytestmark = pytest.mark.store
TAKEN, FREE = 1234, 5678  # what is added to the smallest number


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """The next numbers that are drawn; the list is what is left of them."""

    def these(*numbers: int) -> list[int]:
        left = list(numbers)
        monkeypatch.setattr(secrets, "randbelow", lambda _most: left.pop(0))
        return left

    return these


def test_a_draft_with_a_taken_number_gets_a_free_one(shop, draw):
    draw(TAKEN)
    first = shop.draft("first")

    left = draw(TAKEN, TAKEN, FREE)
    second = shop.draft("second")

    assert (first.number, second.number, left) == ("10001234", "10005678", [])


def test_a_deposit_with_a_taken_number_gets_a_free_one(shop, draw):
    draw(TAKEN, 1)  # the deposit, and what waits of it
    first = shop.deposit(100)

    left = draw(TAKEN, FREE, 2)
    second = shop.deposit(100)

    assert (first.number, second.number, left) == ("10001234", "10005678", [])


def test_an_allocation_with_a_taken_number_gets_a_free_one(shop, draw):
    draw(1, 2)
    orders = [shop.place_for_transfer(shop.draft(login)) for login in ("first", "second")]
    draw(1, 1, 2, 2)  # each deposit, and what waits of it
    money = [shop.deposit(order.total_yen) for order in orders]

    left = draw(TAKEN, TAKEN, FREE)
    for order, deposit in zip(orders, money, strict=True):
        allocation.allocate(deposit, order, order.total_yen, shop.staff, "一致", catalog=shop.catalog)

    assert [found.number for found in Allocation.select().order_by(Allocation.id)] == ["1000001234", "1000005678"]
    assert left == []
    assert Order.select().where(Order.state == "paid").count() == 2


def test_an_automatic_order_with_a_taken_number_gets_a_free_one(shop, calendar, draw):
    draw(TAKEN, 1)
    shop.buy(selection=a_selection(months=1))

    left = draw(TAKEN, FREE, 1, 2)
    calendar.turn(shop, date(2026, 12, 6))

    assert [order.number for order in Account.by_login("new").orders.order_by(Order.id)] == ["10001234", "10005678"]
    assert left == []
    shop.ledger.prove()


def test_two_tabs_open_one_draft(shop, draw):
    """One of them sees no draft and creates one, although the other has just done so."""
    first = shop.draft()

    second = drafts._new_draft(first.account, OrderKind.NEW)

    assert second == first


def test_a_draft_for_an_unknown_account_raises_an_error(shop):
    nobody = Account(id=404)

    with pytest.raises(IntegrityError):
        drafts.open_draft(nobody, OrderKind.NEW)


def test_a_deposit_by_an_unknown_employee_raises_an_error(shop):
    staff = shop.staff
    staff.id = 404

    with pytest.raises(IntegrityError):
        deposits.enter(Entered(clock.today(), clock.today(), 100, "ﾐﾎﾝ"), staff, "form")


def test_another_violated_constraint_is_reported_after_the_number_was_replaced(shop, draw):
    """Two violated constraints: the number is drawn again, and the other error remains."""
    first = shop.draft()
    draw(TAKEN)
    shop.draft("second")

    left = draw(TAKEN, FREE)
    with pytest.raises(IntegrityError):
        created_with_number(Order, account=first.account, kind=OrderKind.NEW, created_at=clock.now())

    assert left == []

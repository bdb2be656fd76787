"""お預かり that turns out to be another customer's money: whoever was told of it is told that it is gone, and the second look says so."""

from collections.abc import Callable

import pytest

from models import Account, Allocation, Deposit, Mail, Order
from portal.actions.staff.consequences import Action, Changed, carry_out, consequences_of
from portal.actions.transfers import allocation, bank_orders, held_money, undo
from portal.enums import MailKind, OrderKind
from tests.passes import expire_unpaid
from tests.purchase import CATALOG

pytestmark = pytest.mark.store(postgresql=2)
YEN, OVER = 13_200, 1_000
OWNER = "見本 新（new）"


@pytest.fixture(autouse=True)
def balance(shop):
    yield
    shop.ledger.prove()


@pytest.fixture
def others(shop) -> Order:
    """Another customer's order that waits for a transfer."""
    return shop.place_for_transfer(shop.draft("other"))


def allocate(shop, deposit: Deposit, order: Order, yen: int = YEN) -> None:
    allocation.allocate(deposit, order, yen, shop.staff, "番号が一致", catalog=CATALOG)


def held(shop, over: int = OVER) -> Deposit:
    """A customer transferred too much, and was told of the rest."""
    deposit = shop.deposit(YEN + over)
    allocate(shop, deposit, shop.place_for_transfer(shop.draft()))
    return deposit


def a_part_of_it(shop, others: Order) -> tuple[Action, Deposit, int]:
    deposit = held(shop)
    return lambda: allocate(shop, deposit, others, 400), deposit, OVER


def all_of_it(shop, others: Order) -> tuple[Action, Deposit, int]:
    deposit = held(shop, YEN)
    return lambda: allocate(shop, deposit, others), deposit, YEN


def holding_it(shop, others: Order) -> tuple[Action, Deposit, int]:
    deposit = held(shop)
    bank_orders.give_up(others)
    return lambda: held_money.hold_for_customer(deposit, others, shop.staff, "別のお客様"), deposit, OVER


def undoing_anothers_part(shop, others: Order) -> tuple[Action, Deposit, int]:
    deposit = shop.deposit(2 * YEN + OVER)
    allocate(shop, deposit, others)
    allocate(shop, deposit, shop.place_for_transfer(shop.draft()))
    part = deposit.allocations.where(deposit.allocations.model.order == others).get()
    return lambda: undo.undo_allocation(part, shop.staff, "誤り", catalog=CATALOG), deposit, OVER


WAYS = (a_part_of_it, all_of_it, holding_it, undoing_anothers_part)


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_whoever_was_told_of_the_money_is_told_that_it_is_gone(shop, others: Order, way: Callable[..., tuple[Action, Deposit, int]]):
    action, deposit, yen = way(shop, others)
    owner = Account.by_login("new")
    assert owner.held_yen == yen
    shown = consequences_of(action, others.account, CATALOG, deposit=deposit)
    carry_out(action, others.account, CATALOG, deposit=deposit, is_as_shown=lambda found: found == shown)

    assert owner.held_yen == 0
    [told] = owner.mails.where(Mail.kind == MailKind.HELD_MOVED)
    assert f"お預かりしているとお知らせしていた{yen:,}円は、お預かりではなくなりました" in told.body
    assert others.number not in told.body
    assert "other" not in told.body
    assert shown.held_of_others == ((OWNER, Changed(yen, 0)),)
    assert told.subject in [mail.what for mail in shown.mails if mail.about == owner.email]


def test_the_customers_own_use_of_it_is_no_loss(shop):
    deposit = held(shop, YEN)
    allocate(shop, deposit, shop.place_for_transfer(shop.draft("new", OrderKind.RENEW)))

    assert not Mail.select().where(Mail.kind == MailKind.HELD_MOVED).exists()
    assert Mail.select().where(Mail.kind == MailKind.HELD_USED).exists()


def test_a_part_that_is_another_customers_meanwhile_does_not_come_back(shop, others: Order, business_day):
    order = shop.place_for_transfer(shop.draft())
    deposit = shop.deposit(12_760)
    allocate(shop, deposit, order, 12_760)
    business_day(Order.get_by_id(order.id).due_on.replace(day=28))
    expire_unpaid()
    assert not Order.get_by_id(order.id).is_placed
    held_money.hold_for_customer(deposit, others, shop.staff, "別のお客様のお金")
    allocate(shop, shop.deposit(440), Order.get_by_id(order.id), 440)

    assert (Order.get_by_id(order.id).received_yen, others.account.held_yen) == (440, 12_760)


def test_only_what_pays_an_order_of_the_owner_was_held(shop, others: Order):
    """The payment history names it apart."""
    deposit = held(shop, 2 * OVER)
    renewal = shop.place_for_transfer(shop.draft("new", OrderKind.RENEW))
    allocate(shop, deposit, renewal, OVER)
    allocate(shop, deposit, others, OVER)

    parts = deposit.allocations.where(Allocation.order.is_null(False)).order_by(Allocation.id)
    assert [(part.yen, part.was_held) for part in parts] == [(YEN, False), (OVER, True), (OVER, False)]

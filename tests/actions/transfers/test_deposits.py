"""Deposits: allocating them to orders and undoing it; every yen is counted once, on both databases."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Allocation, Deposit, Order, Term
from portal import clock
from portal.actions.orders.can_take_money import takes_money
from portal.actions.transfers import allocation, deposits, undo
from portal.actions.transfers.allocation import Seen
from portal.actions.transfers.deposits import Entered, NotPossible
from portal.enums import OrderKind, OrderState
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection
from tests.concurrency import at_once
from tests.passes import expire_unpaid
from tests.purchase import CATALOG
from tests.races import careless

pytestmark = pytest.mark.store
YEN = 13_200
WHY = "番号と金額が一致"


@pytest.fixture
def order(shop) -> Order:
    return shop.place_for_transfer(shop.draft())


@pytest.fixture(autouse=True)
def balance(shop):
    """The balance is checked after every test here and during allocation and undo."""
    yield
    shop.ledger.prove()
    for deposit in Deposit.select():
        assert deposit.rest_yen >= 0


def allocate(shop, deposit: Deposit, order: Order, yen: int = YEN, seen: Seen | None = None) -> bool:
    try:
        allocation.allocate(deposit, order, yen, shop.staff, WHY, seen, catalog=CATALOG)
    except NotPossible:
        return False
    return True


def take_back(shop, allocation: Allocation) -> bool:
    try:
        undo.undo_allocation(allocation, shop.staff, "別のお客様の入金", catalog=CATALOG)
    except NotPossible:
        return False
    return True


def state(order: Order) -> tuple[str, int, int]:
    """The order's state, its received yen, and its number of terms."""
    order = Order.get_by_id(order.id)
    return str(order.state), order.received_yen, Term.select().where(Term.order == order).count()


def rest(deposit: Deposit) -> int:
    return Deposit.get_by_id(deposit.id).rest_yen


@pytest.mark.parametrize(
    ("yen", "counted", "end"),
    [(YEN, YEN, ("paid", YEN, 1)), (13_000, 13_000, ("placed", 13_000, 0)), (20_000, YEN, ("paid", YEN, 1))],
    ids=["exact", "short", "over"],
)
def test_a_deposit_pays_up_to_its_amount(shop, order, yen, counted, end):
    deposit = shop.deposit(yen)

    assert not allocate(shop, deposit, order, counted + 1), "neither more than there is nor more than is missing"
    assert allocate(shop, deposit, order, counted)

    assert (state(order), rest(deposit)) == (end, yen - counted)


def test_several_deposits_pay_one_order_with_the_last_one(shop, order):
    for number, yen in enumerate((200, 3_000, 10_000), 1):
        assert allocate(shop, shop.deposit(yen), order, yen)
        assert state(order)[2] == (number == 3)

    assert state(order) == ("paid", YEN, 1)


def test_one_deposit_pays_several_orders_up_to_its_amount(shop):
    first, second, third = (shop.place_for_transfer(shop.draft(login)) for login in ("one", "two", "three"))
    deposit = shop.deposit(2 * YEN + 1)

    assert [allocate(shop, deposit, each) for each in (first, second, third)] == [True, True, False]

    assert [state(each)[0] for each in (first, second, third)] == ["paid", "paid", "placed"]
    assert rest(deposit) == 1


@pytest.mark.parametrize(("days", "counts"), [(14, True), (15, False)], ids=["the last day", "a day late"])
def test_money_for_an_expired_order_counts_by_the_banks_date(shop, order, business_day: Callable, days, counts):
    placed_on = clock.today()
    business_day(placed_on + timedelta(days=40))
    assert expire_unpaid() == 1
    deposit = shop.deposit(YEN, on=placed_on + timedelta(days=days))

    assert allocate(shop, deposit, order) == counts

    assert state(order) == (("paid", YEN, 1) if counts else ("expired", 0, 0))
    if counts:
        assert Term.get().starts_on == clock.today(), "confirmed today, begun today"


def test_partial_deposits_in_time_pay_an_expired_order(shop, order, business_day: Callable):
    placed_on = clock.today()
    business_day(placed_on + timedelta(days=40))
    expire_unpaid()

    assert allocate(shop, shop.deposit(3_200, on=placed_on), order, 3_200)
    assert state(order) == ("placed", 3_200, 0), "a part never counts for an order that stays over"
    assert allocate(shop, shop.deposit(10_000, on=placed_on), order, 10_000)

    assert state(order) == ("paid", YEN, 1)


def test_an_undo_keeps_both_history_rows_and_can_be_allocated_again(shop, order):
    deposit = shop.deposit(YEN)

    for _ in range(2):
        assert allocate(shop, deposit, order)
        allocation = Allocation.get(Allocation.order.is_null(False))
        assert take_back(shop, allocation)
        assert (state(order), rest(deposit)) == (("placed", 0, 0), YEN)
        assert not take_back(shop, allocation), "an undo cannot be undone, nor made twice"

    assert allocate(shop, deposit, order)
    moves = [(event["from_state"], event["to_state"]) for event in shop.ledger.history if event["entity"] == f"order {order.number}"]
    assert moves[1:] == [("placed", "paid"), ("paid", "placed")] * 2 + [("placed", "paid")]
    mails = [mail["entity"] for mail in shop.ledger.mails if mail["kind"] == "payment_confirmed"]
    assert mails == [f"order {order.number}{again}" for again in ("", " again 1", " again 2")]


def test_undoing_one_allocation_leaves_the_other(shop, order):
    small, large = shop.deposit(3_200), shop.deposit(10_000)
    allocate(shop, small, order, 3_200)
    allocate(shop, large, order, 10_000)

    assert take_back(shop, Allocation.get(Allocation.deposit == small, Allocation.order.is_null(False)))

    assert (state(order), rest(small), rest(large)) == (("placed", 10_000, 0), 3_200, 0)


def test_an_order_that_expires_again_after_an_undo_is_mailed_again(shop, order, business_day: Callable):
    """The allocated money belonged to somebody else: the second 期限切れ is another event with another mail."""
    placed_on = clock.today()
    business_day(placed_on + timedelta(days=40))
    expire_unpaid()
    allocate(shop, shop.deposit(YEN, on=placed_on), order)
    take_back(shop, Allocation.get(Allocation.order.is_null(False)))
    assert expire_unpaid() == 0, "it is due in 14 days again"
    business_day(placed_on + timedelta(days=70))

    assert expire_unpaid() == 1

    assert state(order) == ("expired", 0, 0)


def test_a_partial_deposit_turns_a_declined_card_order_into_a_bank_order(shop):
    """It has a due date, which the customer's page shows, and it expires after the allocation is undone."""
    order = shop.buy(outcome=Outcome.REFUSED)

    assert allocate(shop, shop.deposit(1_000), order, 1_000)

    order = Order.get_by_id(order.id)
    assert (order.is_by_transfer, order.due_on) == (True, clock.today() + timedelta(days=14))


def test_a_pending_card_payment_blocks_allocation(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    assert not allocate(shop, shop.deposit(YEN), order)

    shop.work_later(minutes=2)
    assert state(order) == ("paid", YEN, 1)


def test_a_form_sent_concurrently_records_one_deposit(shop):
    entered, staff = Entered(date(2026, 11, 20), date(2026, 11, 20), YEN, "ﾐﾎﾝ"), shop.staff

    found = at_once(*[lambda: deposits.enter(entered, staff, "one form")] * 8)

    assert len({deposit.id for deposit in found}) == Deposit.select().count() == 1


def test_concurrent_allocations_and_undos_each_happen_once(shop, order):
    deposit, seen = shop.deposit(2 * YEN), Seen(2 * YEN, YEN)
    shop.staff  # noqa: B018 (made before the race)

    assert sum(at_once(*[lambda: allocate(shop, deposit, order, YEN, seen)] * 8)) == 1
    assert (state(order), rest(deposit)) == (("paid", YEN, 1), YEN)

    allocation = Allocation.get(Allocation.order.is_null(False))
    assert sum(at_once(*[lambda: take_back(shop, allocation)] * 8)) == 1
    assert (state(order), rest(deposit)) == (("placed", 0, 0), 2 * YEN)


def test_negative_control_without_locking_one_deposit_is_spent_twice(shop, order):
    """The negative control: both look before either writes."""
    deposit, other, meet = shop.deposit(YEN), shop.place_for_transfer(shop.draft("other")), threading.Barrier(2)

    at_once(*[lambda each=each: careless.allocate(deposit, each, meet.wait) for each in (order, other)])

    assert rest(deposit) == -YEN
    assert any("deposits add up" in fault for fault in shop.ledger.faults())
    Allocation.delete().execute()
    Deposit.delete().execute()
    Order.update(state=OrderState.PLACED, paid_on=None).execute()


def test_late_money_for_an_option_bought_meanwhile_buys_no_second_one(shop, business_day: Callable):
    """The order expired, the backup was paid by card; then the transfer turns out to have come in time."""
    backup = a_selection(backup_months=3)
    shop.buy("owner")
    order = shop.place_for_transfer(shop.draft("owner", OrderKind.RENEW), backup)
    transferred = shop.deposit(order.total_yen)
    business_day(clock.today() + timedelta(days=30))
    assert expire_unpaid() == 1

    assert takes_money(Order.get_by_id(order.id), order.account, order.lines_in_order, transferred.counts_on)
    assert shop.renew("owner", selection=backup).is_paid
    assert not takes_money(Order.get_by_id(order.id), order.account, order.lines_in_order, transferred.counts_on)
    assert not allocate(shop, transferred, order, order.total_yen)
    assert [bought.product for bought in order.account.subscriptions] == ["server", "backup"]

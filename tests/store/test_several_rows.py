"""Several rows by one statement: each as it would be alone, none lost, none twice."""

from datetime import date, timedelta

import pytest

from models import Allocation, Event, Order, Schedule, created_with_numbers
from portal import clock
from portal.actions import history
from portal.actions.payments import money
from portal.actions.payments.money import Money, record_all
from portal.enums import Method, OrderKind, OrderState
from portal.store import row_locks
from portal.store.database import database, is_postgresql
from portal.store.inserts import written_together

pytestmark = pytest.mark.store


@pytest.fixture
def orders(shop) -> list[Order]:
    return [shop.place_for_transfer(shop.draft(login)) for login in ("first", "second", "third")]


def charge(order: Order, reference: str) -> tuple[Order, Money, object]:
    taken_on = date(2026, 12, 1)
    return order, Money(Method.CARD, reference, order.total_yen, taken_on, taken_on), order.account


def test_each_row_gets_its_own_values_if_its_state_allows_it(orders: list[Order]) -> None:
    orders[1].move(OrderState.CANCELLED, came_from=[OrderState.PLACED])
    methods = [Method.CARD, Method.BANK, Method.WALLET]
    rows = enumerate(zip(orders, methods, strict=True), 1)
    values = {order.id: {"paid_on": date(2026, 12, day), "method": method} for day, (order, method) in rows}

    moved = Order.move_each(values, OrderState.PAID, came_from=[OrderState.PLACED], closed_on=date(2026, 12, 4))

    assert moved == {orders[0].id, orders[2].id}
    found = list(Order.select().order_by(Order.id))
    assert [order.state for order in found] == [OrderState.PAID, OrderState.CANCELLED, OrderState.PAID]
    assert [order.paid_on for order in found] == [date(2026, 12, 1), None, date(2026, 12, 3)]
    assert [order.method for order in found] == methods
    assert Order.move_each(values, OrderState.PAID, came_from=[OrderState.PLACED]) == set()


def test_one_charge_named_twice_counts_once(orders: list[Order]) -> None:
    """Also within one statement, and for whoever records it again."""
    with database.atomic():
        assert record_all([charge(orders[0], "ch_1"), charge(orders[1], "ch_1"), charge(orders[2], "ch_2")]) == [True, False, True]
        assert record_all([charge(orders[0], "ch_1"), charge(orders[1], "ch_3")]) == [False, True]

    assert [(row.order_id, row.company_reference) for row in Allocation.select().order_by(Allocation.id)] == [
        (orders[0].id, "ch_1"),
        (orders[2].id, "ch_2"),
        (orders[1].id, "ch_3"),
    ]


def test_a_row_with_another_field_than_the_first_is_refused_not_shortened(orders: list[Order]) -> None:
    row = {"account": orders[0].account, "kind": OrderKind.CHANGE, "created_at": clock.now()}

    with pytest.raises(ValueError, match="plan"), database.atomic():
        created_with_numbers(Order, [row, row | {"kind": OrderKind.RENEW, "plan": "standard"}])


def test_each_account_is_due_on_that_day_at_the_latest(orders: list[Order]) -> None:
    never_yet, earlier, later = [order.account_id for order in orders]
    Schedule.delete().execute()
    for account, day in ((earlier, 1), (later, 20)):
        Schedule.create(account=account, due_on=date(2026, 12, day), fence=3)

    Schedule.wake_all([later, earlier, never_yet], date(2026, 12, 10))

    assert {row.account_id: (row.due_on.day, row.fence) for row in Schedule.select()} == {
        never_yet: (10, 0),
        earlier: (1, 3),
        later: (10, 3),
    }


def test_a_number_taken_meanwhile_loses_no_charge(orders: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    with database.atomic():
        record_all([charge(orders[0], "ch_1")])
    draw, taken = money.different_numbers, Allocation.get().number
    drawn = [[taken, "1000000001"]]
    monkeypatch.setattr(money, "different_numbers", lambda *about: drawn.pop() if drawn else draw(*about))

    with database.atomic():
        assert record_all([charge(orders[1], "ch_2"), charge(orders[2], "ch_3")]) == [True, True]

    assert {row.order_id: row.company_reference for row in Allocation.select()} == {
        order.id: f"ch_{number}" for number, order in enumerate(orders, 1)
    }
    assert len({row.number for row in Allocation.select()}) == 3


def test_who_looks_the_history_up_finds_what_is_written_later(orders: list[Order]) -> None:
    before, account = Event.select().count(), orders[0].account
    with database.atomic(), written_together(Event):
        history.record("order", 1, None, "first", history.WORKER, "それ", account=account)
        assert Event.select().count() == before
        assert history.newest("order 1").to_state == "first"
        history.record("order", 1, None, "second", history.WORKER, "これ", account=account)
        assert not history.record_once("order", 1, "third", "これ", account=account)
        history.record("order", 1, None, "last", history.WORKER, "あれ", account=account)

    assert [event.to_state for event in Event.select().where(Event.entity == "order 1").order_by(Event.id)] == ["first", "second", "last"]


def test_what_waits_to_be_written_goes_with_its_transaction(orders: list[Order]) -> None:
    account = orders[0].account

    def fails() -> None:
        with database.atomic(), written_together(Event):
            history.record("order", 1, None, "first", history.WORKER, "それ", account=account)
            raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError, match="power"):
        fails()
    history.record("order", 2, None, "alone", history.WORKER, "それ", account=account)

    assert Event.select().where(Event.entity.in_(["order 1", "order 2"])).count() == 1


def test_workers_begin_at_different_places_of_what_is_due(orders: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL, where there may be several."""
    today, now = clock.today(), clock.real_now()
    Schedule.wake_all([order.account_id for order in orders], today)
    everybody = sorted(order.account_id for order in orders)

    def found(limit: int) -> list[int]:
        return [row.account_id for row in Schedule.due(today, now, limit)]

    assert found(10) == everybody
    assert {tuple(found(2)) for _ in range(60)} == ({(1, 2), (2, 3)} if is_postgresql() else {(1, 2)})
    monkeypatch.setattr(row_locks, "AMONG", 1)
    assert {tuple(found(2)) for _ in range(20)} == {(1, 2)}
    Schedule.update(due_on=today + timedelta(days=1)).execute()
    assert found(2) == []

"""The three figures above 入金待ち."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Allocation, Order
from portal import clock
from portal.actions.operations.verify import faults
from portal.actions.staff import figures
from portal.actions.staff.figures import Figure
from portal.catalog import Catalog
from portal.store import migrations
from portal.store.database import database as rows
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate, undo


@pytest.mark.store
def test_what_is_awaited_overdue_and_unallocated_is_counted_and_added_up(
    desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable
) -> None:
    assert desk.text(".marks").split() == ["入金待ち", "0件", "0円", "期限超過", "0件", "0円", "未充当の入金", "0件", "0円"]

    business_day(date(2026, 11, 2))
    allocate(desk, a_deposit(clerk, 3_000), a_bank_order(catalog))
    business_day(date(2026, 11, 17))
    a_bank_order(catalog, "later", months=1)
    a_deposit(clerk, 500)
    a_deposit(clerk, 1_000)
    desk.visit("/staff/")

    assert desk.text(".marks").split() == ["入金待ち", "2件", "11,520円", "期限超過", "1件", "10,200円", "未充当の入金", "2件", "1,500円"]
    assert desk.follow("1,500円").url.endswith("/staff/deposits?rest=yes")


def awaited() -> Figure:
    return figures.of_transfers(clock.today()).awaited


@pytest.mark.store
def test_of_an_order_that_waits_again_what_is_left_of_its_money_counts(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    """Also if it was paid before the database wrote it down."""
    order = a_bank_order(catalog)
    first, second = a_deposit(clerk, 3_000), a_deposit(clerk, order.total_yen - 3_000)
    allocate(desk, first, order)
    assert awaited() == Figure(1, order.total_yen - 3_000)
    allocate(desk, second, order)
    Order.update(has_money=False).execute()

    undo(desk, second)

    assert awaited() == Figure(1, order.total_yen - 3_000)
    assert faults() == []


@pytest.mark.store
def test_money_that_comes_from_another_order_counts(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, other = a_bank_order(catalog), a_bank_order(catalog, "other")
    allocate(desk, a_deposit(clerk, 3_000), order)

    Allocation.update(order=other).where(Allocation.order == order).execute()

    assert awaited() == Figure(2, order.total_yen + other.total_yen - 3_000)


BEFORE = """DROP TRIGGER order_gets_money; DROP TRIGGER order_gets_other_money; DROP TRIGGER order_waits_with_money;
DROP INDEX order_awaited; ALTER TABLE "order" DROP COLUMN has_money; CREATE INDEX order_awaited ON "order"(due_on);
DELETE FROM schema_migration WHERE name = '0052_orders_with_money'"""


def test_an_upgrade_finds_the_orders_that_have_a_part_already(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    with_a_part, without = a_bank_order(catalog), a_bank_order(catalog, "other")
    allocate(desk, a_deposit(clerk, 3_000), with_a_part)
    for statement in BEFORE.split(";"):
        rows.execute_sql(statement)

    assert migrations.migrate() == ["0052_orders_with_money"]

    assert [Order.get_by_id(order.id).has_money for order in (with_a_part, without)] == [True, False]
    assert awaited() == Figure(2, with_a_part.total_yen + without.total_yen - 3_000)

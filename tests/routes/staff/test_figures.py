"""The three figures above 入金待ち."""

from collections.abc import Callable
from datetime import date

import pytest

from portal.catalog import Catalog
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate


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

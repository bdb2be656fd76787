from collections.abc import Iterator

import pytest
from flask import Flask

from models import Allocation, Deposit, Order, Term
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.routes.staff.addresses import staff_addresses
from tests.staff_desk import Clerk, a_clerk, sign_in


@pytest.fixture
def clerk(app: Flask) -> Clerk:
    return a_clerk()


@pytest.fixture
def desk(browser: Browser, clerk: Clerk) -> Browser:
    """The browser of staff, signed in with both factors."""
    return sign_in(browser, clerk)


@pytest.fixture
def other_desk(app: Flask, settings: Settings) -> Browser:
    """A second of the staff, at another machine."""
    return sign_in(Browser(app, settings.public_url), a_clerk("soumu", "総務 次郎"))


@pytest.fixture
def addresses(app: Flask, clerk: Clerk, catalog: Catalog, settings: Settings) -> list[tuple[str, str]]:
    return staff_addresses(app, clerk, catalog, settings)


@pytest.fixture(autouse=True)
def books_balance(database: str) -> Iterator[None]:
    """After every test here: Σ allocations + rest = deposit, no order has more than its total, and a paid order has its terms."""
    yield
    for deposit in Deposit.select():
        rows = list(Allocation.select().where(Allocation.deposit == deposit, Allocation.source == "bank"))
        assert sum(row.yen for row in rows) == deposit.yen
        assert sum(row.yen for row in rows if row.order_id is None) >= deposit.rest_yen
        assert sum(row.order_id is None for row in rows) <= 1
        assert deposit.rest_yen >= 0, f"deposit {deposit.number} is spent twice"
    for order in Order.select().where(Order.total_yen.is_null(False)):
        assert order.received_yen <= order.total_yen
        is_covered = order.received_yen == order.total_yen and not order.is_cancelled
        assert order.is_paid == Term.select().where(Term.order == order).exists() == is_covered
    assert not Allocation.select().where(Allocation.order.is_null(), Allocation.deposit.is_null()).exists()

"""A demo as `./run demo` makes it, with a clock to turn, in this process."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Order
from portal.catalog import Catalog
from portal.demo import turning
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests.browser import Browser
from tests.factories import Workshop, a_customer


@pytest.fixture
def workshop(app: Flask, catalog: Catalog, books: Books, companies: Companies) -> Workshop:
    return Workshop(catalog, books, companies)


@pytest.fixture
def on(app: Flask, books: Books) -> Callable[[date], None]:
    """`on(day)`: the demo is on that day, and its clock can be turned from there."""
    return lambda day: turning.set_day(books, day)


@pytest.fixture
def transfer(on: Callable[[date], None], workshop: Workshop) -> Order:
    """Ordered on 2026-11-09; the money is awaited until the 23rd, a holiday, and the order expires on Friday the 27th."""
    on(date(2026, 11, 9))
    return workshop.order_by_transfer(a_customer())


@pytest.fixture
def presenter(browser: Browser) -> Browser:
    """At the clock page, not signed in."""
    return browser.visit("/demo/clock")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn leaves out the days on which nothing is planned, as the filling of a demo does: the test is not about what happens on them."""
    monkeypatch.setattr(turning, "forward", turning.hurry)

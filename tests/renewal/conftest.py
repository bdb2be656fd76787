from collections.abc import Iterator
from datetime import date

import pytest

from portal import clock
from portal.app import Companies
from portal.catalog import Catalog
from portal.sandbox.books import Books
from portal.settings import Settings
from tests.purchase import Shop
from tests.renewal.calendar import Calendar

FIRST_DAY = date(2026, 11, 22)


@pytest.fixture
def shop(catalog: Catalog, books: Books, companies: Companies) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def calendar(settings: Settings, books: Books) -> Iterator[Calendar]:
    """It is 2026-11-22, and the worker comes every day that is turned to."""
    calendar = Calendar(settings, books)
    calendar.jump(FIRST_DAY)
    yield calendar
    clock.turn_by(lambda: 0)

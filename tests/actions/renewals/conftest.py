from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from portal import clock
from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.store import database as store
from tests.actions.renewals.days import Calendar
from tests.purchase import Shop

FIRST_DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def shop(catalog: Catalog, books: Books, companies: Companies) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def calendar(settings: Settings, books: Books) -> Iterator[Calendar]:
    """It is noon in Japan on 2026-11-22; the worker runs on every day turned to. Writes are not synced to disk."""
    with time_machine.travel(NOON) as wall:
        hurry(books)
        yield Calendar(settings, books, wall).jump(FIRST_DAY)
    clock.turn_by(lambda: 0)


def hurry(books: Books) -> None:
    books.reader().execute("PRAGMA synchronous = OFF")
    if not store.is_postgresql():
        store.database.execute_sql("PRAGMA synchronous = OFF")

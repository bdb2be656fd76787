from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.store import database as store
from tests.actions.renewals.conftest import calendar
from tests.actions.renewals.days import Calendar
from tests.cards import Cards
from tests.databases import SqliteDatabases
from tests.forecast.moves import FIRST_DAYS
from tests.forecast.world import World

__all__ = ["calendar"]


@pytest.fixture
def worlds(
    tmp_path: Path,
    sqlite_databases: SqliteDatabases,
    settings: Settings,
    app: Flask,
    calendar: Calendar,
    catalog: Catalog,
    cards: Cards | None,
) -> Iterator[Callable[[int], World]]:
    """`worlds(seed)`: a new world, on a day of its own. `app` binds a database of its own when it is made, so it is made before."""
    opened: list[World] = []

    def begin(seed: int) -> World:
        calendar.jump(FIRST_DAYS[seed % len(FIRST_DAYS)])
        if cards:
            cards.fake.world.clear()
        opened.append(World.begin(tmp_path / f"world-{seed}", sqlite_databases, settings, calendar, catalog, str(seed), cards))
        return opened[-1]

    yield begin
    for world in opened:
        world.shop.books.close()


@pytest.fixture
def app(settings: Settings, companies: Companies) -> Flask:
    """The portal's pages, for whatever world is open."""
    portal = create_app(settings, companies=companies)
    store.ensure_connection()
    return portal

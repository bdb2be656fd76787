"""The customer's browser, the portal behind it, its pretend companies and its store, for every test."""

import gc
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from _pytest.logging import LogCaptureHandler
from flask import Flask

from portal import clock
from portal.actions.mail import rendering
from portal.runtime.settings import Settings, sample_company
from portal.store import database as store
from tests import compared_texts, fast_setup, keys, read_once, sampling, shared
from tests.browser import Browser
from tests.databases import PostgresqlDatabases, SqliteDatabases, postgresql
from tests.kept_for_all import compare_kept_parts
from tests.keys import KEYS

if TYPE_CHECKING:  # the fixtures import these when they are asked for: a rule's test needs no program that starts
    from portal.catalog import Catalog
    from portal.gateways.companies import Companies
    from portal.sandbox.books import Books
    from tests.cards import Cards

SQLITE, POSTGRESQL = BOTH = ("sqlite", "postgresql")
SANDBOX, STRIPE = COMPANIES = ("sandbox", "stripe")
SAMPLED = "sampled"
MARKS = {POSTGRESQL: "store", STRIPE: "companies", SAMPLED: SAMPLED}
REAL = Path(__file__).with_name("real")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real: drives a real browser (Chromium, Firefox, edbrowse, w3m) or a real server process")
    config.addinivalue_line("markers", "companies: is about the card company, and so runs with the sandbox and with Stripe")
    config.addinivalue_line("markers", "sampled: the usual run takes each so many'th")
    config.addinivalue_line("markers", "store: asks the database itself, and so runs on SQLite and on PostgreSQL, or `only` on one")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("store")
    if marker and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", BOTH if "only" not in marker.kwargs else [marker.kwargs["only"]], indirect=True)
    if metafunc.definition.get_closest_marker("companies"):
        metafunc.parametrize("cards", COMPANIES, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest tests first, so that workers finish at about the same time."""
    items[:] = _without_repetition(items)
    items.sort(key=lambda item: not item.path.is_relative_to(REAL))
    for item in items:
        if item.path.is_relative_to(REAL):
            item.add_marker("real")


def _without_repetition(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """`store(postgresql=3)`: all on SQLite, each third on PostgreSQL. For what happens between transactions, where both do the same.

    `companies(stripe=3)`: all with the sandbox, each third with Stripe, on SQLite alone; 0: none. What is about Stripe alone has no such
    mark, and is sampled on PostgreSQL like the rest. That a test can fail is shown on SQLite alone. `sampled(3)`: each third. The whole run
    takes all.
    """
    seen: Counter[tuple[Path, str, str]] = Counter()
    kinds_of = {item: _kinds(item) for item in items}
    on_sqlite = {(item.path, item.originalname) for item, kinds in kinds_of.items() if POSTGRESQL not in kinds}
    for item, kinds in kinds_of.items():
        shows = item.originalname.startswith("test_negative_control") and (item.path, item.originalname) in on_sqlite
        is_twice = POSTGRESQL in kinds and (shows or (STRIPE in kinds and item.get_closest_marker(MARKS[STRIPE])))
        if (sampling.IS_WHOLE or not is_twice) and all(_is_sampled(item, kind, seen) for kind in (*sorted(kinds), SAMPLED)):
            yield item


def _kinds(item: pytest.Item) -> set[str]:
    found = getattr(item, "callspec", None)
    return {POSTGRESQL, STRIPE} & {value for value in found.params.values() if isinstance(value, str)} if found else set()


def _is_sampled(item: pytest.Item, kind: str, seen: Counter[tuple[Path, str, str]]) -> bool:
    marker = item.get_closest_marker(MARKS[kind])
    each = sampling.usual(marker.args[0] if marker.args else marker.kwargs.get(kind, 1), 1) if marker else 1
    seen[item.path, item.originalname, kind] += 1
    return each > 0 and seen[item.path, item.originalname, kind] % each == 1 % each


def pytest_collectstart() -> None:
    """What is imported and collected stays, so the garbage collector need not look through it again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def thrifty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    read_once.share(shared.begin(request, tmp_path_factory))
    with pytest.MonkeyPatch.context() as patch:
        fast_setup.begin(patch)
        compared_texts.begin(patch)
        yield


@pytest.fixture(autouse=True)
def guards_of_one_test() -> Iterator[None]:
    """start_logging() guards all handlers, pytest's own too: then the next test's log would leave out what this one's said."""
    own = [handler for handler in logging.getLogger().handlers if isinstance(handler, LogCaptureHandler)]
    for handler in own:
        handler.filters.clear()
    yield
    for handler in own:
        handler.filters.clear()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(request: pytest.FixtureRequest) -> Iterator[PostgresqlDatabases]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with postgresql(worker) as url:
        databases = PostgresqlDatabases(url)
        fast_setup.ReusedPostgresql.lasts = urlsplit(url).path.removeprefix("/")
        yield databases
        fast_setup.ReusedPostgresql.close_all()
        databases.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database, bound to the models and open. SQLite; with the mark `store` both in turn."""
    kind = getattr(request, "param", "sqlite")
    url = request.getfixturevalue(f"{kind}_databases").fresh(tmp_path)
    store.bind(url)
    keys.bind()
    store.ensure_connection()
    rendering.bind(rendering.Letterhead(fast_setup.the_sample().company, "http://127.0.0.1:8000", "info@kawasemi.example.jp", "test"))
    yield url
    store.close()


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """A demo whose data lie in the test's own folder."""
    return Settings(
        demo=True,
        database_url=database,
        data_folder=tmp_path,
        company_folder=sample_company(),
        secret_key=secrets.token_urlsafe(32),
        data_keys=KEYS,
        public_url="http://127.0.0.1:8000",
        installation_id="test",
        card_company="sandbox",
        notice_secret=secrets.token_urlsafe(32),
        trusted_proxies=0,
        host="127.0.0.1",
        port=8000,
    )


@pytest.fixture(scope="session")
def catalog() -> "Catalog":
    return fast_setup.the_sample()


@pytest.fixture
def cards(request: pytest.FixtureRequest) -> Iterator["Cards | None"]:
    """What stands in the place of the sandbox's card company, with the mark `companies`: nothing, and Stripe."""
    if getattr(request, "param", SANDBOX) == SANDBOX:
        yield None
        return
    from tests.stripe_cards import stripe_cards

    with stripe_cards() as cards:
        yield cards


@pytest.fixture
def books(tmp_path: Path, cards: "Cards | None") -> Iterator["Books"]:
    """What the pretend companies took, in a file of their own."""
    books = fast_setup.unsynced_books(tmp_path / "sandbox.db", cards)
    yield books
    books.close()


@pytest.fixture
def companies(books: "Books", settings: Settings) -> "Companies":
    from portal.gateways.companies import Companies
    from portal.gateways.wallet.sandbox import SandboxWalletCompany
    from tests.cards import cards_of

    secret = settings.notice_secret
    return Companies(card=cards_of(books).company(secret), wallet=SandboxWalletCompany(books, secret))


@pytest.fixture
def app(settings: Settings, companies: "Companies", books: "Books", monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The portal, wired as in a demo: the pretend companies beside it under /sandbox/."""
    from portal.demo.wsgi import create_demo

    monkeypatch.setattr("portal.app.load_catalog", fast_setup.catalog_of)
    store.close()  # create_app binds anew
    portal = create_demo(settings, companies, books)
    portal.extensions["shelf"].make = lambda *_folders: None  # the states of /demo/states: tests/demo/test_states.py makes them once
    portal.testing = True
    compare_kept_parts(portal)
    store.ensure_connection()
    yield portal
    clock.turn_by(lambda: 0)


@pytest.fixture
def browser(app: Flask, settings: Settings) -> Browser:
    return Browser(app, settings.public_url)


@pytest.fixture
def over_https(app: Flask, settings: Settings, companies: "Companies") -> Browser:
    """The portal in real use, on the same rows."""
    from portal.app import create_app

    store.close()
    real = create_app(replace(settings, demo=False, public_url="https://portal.example.jp"), companies=companies)
    store.ensure_connection()
    return Browser(real, "https://portal.example.jp")


@pytest.fixture
def newcomer(database: str) -> str:
    """The login of a customer without a contract; the password is demo-pass."""
    from portal.actions.accounts.accounts import add_account

    return add_account(login="new", password="demo-pass", name="見本 太郎", email="new@example.jp", plan="standard", site=()).login


@pytest.fixture
def business_day(request: pytest.FixtureRequest) -> Iterator[Callable[[date], None]]:
    """`business_day(date(2025, 11, 30))` sets the business date; the wall clock continues."""

    def turn_to(day: date) -> None:
        days = (day - clock.day_of(clock.real_now())).days
        clock.turn_by(lambda: days)
        if "books" in request.fixturenames:
            request.getfixturevalue("books").set_offset_days(days)

    yield turn_to
    clock.turn_by(lambda: 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what the long random runs covered."""
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for counts in (value for name, value in report.user_properties if name == "covered"):
            terminalreporter.section(f"covered by {report.nodeid.partition('::')[2]}")
            terminalreporter.write_line(", ".join(f"{what} {times}" for what, times in counts))

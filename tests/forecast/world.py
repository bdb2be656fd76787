"""One random world: a portal on SQLite, its companies, two customers, and a clock. It can be copied, and the copy left alone."""

import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

from models import LIVE, Account, Payment, Schedule
from portal import clock
from portal.actions.renewals import schedule
from portal.catalog import Catalog
from portal.jobs.context import JobContext, context_for
from portal.jobs.table import JOBS
from portal.rules.orders.terms import term_end
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.store import database as store
from portal.store.installation import claim_installation
from tests import fast_setup
from tests.actions.renewals.days import Calendar
from tests.actions.renewals.random_customers import RandomCustomers
from tests.actions.renewals.unreliable_companies import Connection, Outage, UnreliableShop
from tests.authority import issue_everything
from tests.cards import Cards, cards_of
from tests.choices import with_product
from tests.databases import SqliteDatabases
from tests.factories import a_customer, imported_customer

LOGINS = ("mina", "sora")
PASSES, LATER = 4, 20 * 60  # a company whose answer was lost is asked again some minutes later


@dataclass
class World:
    """`random` decides what happens in it. `did` counts what was done, for the report. `watch` looks at it after each day and move.

    `is_issuing`: the hosting side issues what is requested at once; else a move decides.
    """

    folder: Path
    settings: Settings
    customers: RandomCustomers
    random: Random
    catalog_sha256: str = field(default_factory=lambda: secrets.token_hex(32))
    watch: Callable[["World"], None] = lambda _: None
    is_issuing: bool = False

    @classmethod
    def begin(
        cls,
        folder: Path,
        databases: SqliteDatabases,
        settings: Settings,
        calendar: Calendar,
        catalog: Catalog,
        seed: str,
        cards: Cards | None,
    ) -> "World":
        """On an empty database, with two customers; in one of three worlds the second brings a contract that is older than the portal.

        `cards`: a company in the sandbox's place, new to the world.
        """
        folder.mkdir(parents=True)
        databases.fresh(folder)
        today = calendar.today
        customers = _customers(folder, settings, calendar, with_short_certificates(catalog), Counter(), cards)
        world = cls(folder, settings, customers, Random(seed))  # noqa: S311
        calendar.jump(today)  # the new books too
        claim_installation(settings.installation_id, settings.demo)  # its row keeps which catalog the schedule knows
        a_customer(LOGINS[0])
        chance = Random(f"older {seed}")  # noqa: S311 (its own, so that the other worlds stay what they were)
        if chance.random() < 1 / 3:
            imported_customer(LOGINS[1], term_end(today, chance.choice((1, 2, 3))), chance.choice((1, 12)), catalog)
            customers.did["imported"] += 1
        else:
            a_customer(LOGINS[1])
        return world

    @contextmanager
    def copied(self, name: str) -> Iterator["World"]:
        """A copy as of now, with companies that answer. Afterwards this world goes on where it was."""
        today, copy = self.today, self.folder.with_name(f"{self.folder.name}-{name}")
        copy.mkdir()
        _write_everything(self.shop.books)
        for file in ("portal.db", "books.db"):
            shutil.copyfile(self.folder / file, copy / file)
        mine, did, cards = self.customers, Counter[str](), cards_of(self.shop.books)
        with cards.apart():
            customers = _customers(copy, self.settings, mine.calendar, self.catalog, did, cards)
            customers.on_the_way, customers.reserved = list(mine.on_the_way), dict(mine.reserved)
            twin = World(copy, self.settings, customers, Random(name), self.catalog_sha256)  # noqa: S311
            yield twin
        mine.did.update({f"left alone: {what}": times for what, times in did.items()})
        twin.close()
        shutil.rmtree(copy)
        _open(self.folder)
        mine.calendar.books = mine.shop.books
        mine.calendar.jump(today)

    @property
    def today(self) -> date:
        return clock.today()

    @property
    def shop(self) -> UnreliableShop:
        return self.customers.shop

    @property
    def catalog(self) -> Catalog:
        return self.shop.catalog

    @property
    def did(self) -> Counter[str]:
        return self.customers.did

    @property
    def accounts(self) -> list[Account]:
        return list(Account.select().order_by(Account.id))

    def turn(self, day: date) -> None:
        """The date becomes `day`; then the worker's jobs run until every company has answered that can, and nobody is due once more."""
        calendar = self.customers.calendar
        calendar.jump(day)
        for passed in range(PASSES):
            calendar.wall.shift(LATER if passed else 0)
            self.work()
            if not _has_unanswered() and not Schedule.select().where(Schedule.due_on <= day).exists():
                break
        calendar.wall.shift(-passed * LATER)
        self.watch(self)

    def work(self) -> None:
        """One pass of each of the worker's jobs."""
        for job in JOBS:
            for done in job.run(self._context()):
                kind = getattr(getattr(done, "scheduled", None), "kind", None)
                if kind:
                    self.did[f"worker: {kind.value}"] += 1
        if self.is_issuing:
            issue_everything()

    def edit_catalog(self, name: str, catalog: Catalog) -> None:
        """The company edits its catalog and restarts everything."""
        self.customers.shop = replace(self.shop, catalog=catalog)
        self.catalog_sha256 = secrets.token_hex(32)
        schedule.follow_catalog(self.catalog_sha256, self.today)
        self.did[f"catalog: {name}"] += 1

    def let_companies_answer(self) -> None:
        self.shop.connection.outage, self.is_issuing = Outage.NONE, True

    def close(self) -> None:
        store.close()
        self.shop.books.close()

    def _context(self) -> JobContext:
        found = context_for(self.settings, self.shop.companies, accounts_a_pass=200)
        return replace(found, catalog=self.catalog, catalog_sha256=self.catalog_sha256)


def with_short_certificates(catalog: Catalog) -> Catalog:
    """Certificates of one, two and three months, so that they end while a world is watched."""
    product = catalog.product("ssl")
    variants = tuple(replace(variant, months=months) for months, variant in enumerate(product.variants, 1))
    return with_product(catalog, "ssl", variants=variants)


def _customers(
    folder: Path, settings: Settings, calendar: Calendar, catalog: Catalog, did: Counter[str], cards: Cards | None
) -> RandomCustomers:
    _open(folder)
    calendar.books = fast_setup.unsynced_books(folder / "books.db", cards)
    return RandomCustomers(UnreliableShop(catalog, calendar.books, None, connection=Connection()), calendar, did)


def _write_everything(books: Books) -> None:
    """Nothing is left in a write-ahead log, so that the files can be copied."""
    for execute in (store.database.execute_sql, books.reader().execute):
        execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open(folder: Path) -> None:
    store.close()
    store.bind(f"sqlite:///{folder / 'portal.db'}")
    store.ensure_connection()


def _has_unanswered() -> bool:
    return Payment.select().where(Payment.state.in_(LIVE)).exists()

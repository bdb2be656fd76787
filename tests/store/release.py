"""Keeps what a release stores: `PYTHONPATH=.:site .venv/bin/python -m tests.store.release`, once, with the commit that sets the version.

Writes tests/store/released/VERSION.sql: the SQLite schema of this version and the rows of a small demo. From then on
test_releases.py upgrades them to every later schema, on both databases. A file of a released version is never written again.
"""

import sqlite3
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from models import Account, Staff
from portal import clock
from portal.actions.accounts import authentication
from portal.actions.transfers import allocation, bank_orders, deposits
from portal.catalog import Catalog
from portal.demo import filling
from portal.demo.companies import sandbox_companies
from portal.demo.folder import DemoFolder
from portal.demo.wsgi import create_demo
from portal.runtime.settings import settings_from
from portal.store import database as store
from portal.store.opening import migrate_database

ROOT = Path(__file__).parents[2]
RELEASED = Path(__file__).parent / "released"
KEY = "7d1f0c52b8e94a6390ab5c2de8f7416b"  # encrypts what a release stores
WHEN = datetime(2026, 11, 10, 3, tzinfo=UTC)


def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def dump() -> str:
    """The schema of this version with rows that the program itself wrote."""
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(WHEN):
        _fill(Path(folder))
        with sqlite3.connect(Path(folder) / "portal.db") as connection:
            lines = list(connection.iterdump())
        connection.close()
    return "\n".join(lines) + "\n"


def _fill(folder: Path) -> None:
    settings = settings_from(DemoFolder(folder).environment() | {"SECRET_KEY": KEY})
    migrate_database(settings)
    companies, books = sandbox_companies(settings)
    app = create_demo(settings, companies, books)
    filling.make_ready(app)
    _rest(settings.secret_key, app.extensions["catalog"])
    books.close()
    store.close()
    clock.turn_by(lambda: 0)


def _rest(secret: str, catalog: Catalog) -> None:
    """What the personas leave out: a transfer that was reported and has come, and a wrong password."""
    today, order = clock.today(), Account.by_login("bank").placed_order
    bank_orders.report(order, "ﾐﾎﾝ ｷﾞﾝｺｳ", today)
    staff = Staff.select().first()
    deposit = deposits.enter(deposits.Entered(today, today, order.total_yen + 100, "ﾐﾎﾝ ｷﾞﾝｺｳ"), staff, "release")
    allocation.allocate(deposit, order, order.total_yen, staff, "番号と金額が一致", catalog=catalog)
    authentication.sign_in("card", "wrong", address="192.0.2.1", device=None, secret=secret)


if __name__ == "__main__":
    RELEASED.mkdir(exist_ok=True)
    (RELEASED / f"{version()}.sql").write_text(dump(), encoding="utf-8")
    print(f"tests/store/released/{version()}.sql")

"""A database of another version: an older release is upgraded with its data, anything else is refused with one sentence."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

from models import TABLES, Account, InvoiceOwed, PaymentMethod, Staff
from portal.demo.companies import sandbox_companies
from portal.demo.folder import DemoFolder
from portal.demo.personas import PERSONAS
from portal.demo.wsgi import create_demo
from portal.runtime.settings import Settings, settings_from
from portal.sandbox.books import Books, turns
from portal.store import database as store
from portal.store import encryption, migrations
from portal.store.opening import Refused, migrate_database, open_database
from tests.browser import Browser
from tests.own_company import own_company
from tests.store import later, release
from tests.store.later import THIS, Version
from tests.store.released import HISTORY, Release, dumps

FIRST_RELEASE = (0, 2, 0)
COMMANDS = [("migrate",), ("serve",), ("worker",), ("run-due",), ("run-due", "--dry-run")]


@pytest.fixture(scope="session")
def released() -> Callable[[str], Release]:
    """A release by its version; `now` is what this version would store."""
    known: dict[str, Release] = {}

    def of(version: str) -> Release:
        if version not in known:
            path = release.RELEASED / f"{version}.sql"
            known[version] = Release(release.dump() if version == "now" else path.read_text(encoding="utf-8"))
        return known[version]

    return of


@pytest.fixture(params=[*(path.stem for path in dumps()), "now"])
def old(request: pytest.FixtureRequest, released) -> Release:
    return released(request.param)


def demo_of(found: Release, url: str, folder: Path) -> Settings:
    """The settings of the demo whose database that is."""
    secret = {"SECRET_KEY": release.KEY, "NOTICE_SECRET": secrets.token_hex(32)}
    return settings_from({"DEMO": "1", "DATA_FOLDER": str(folder), "DATABASE_URL": url, "INSTALLATION_ID": found.installation_id} | secret)


@pytest.fixture
def real_use(tmp_path) -> dict[str, str]:
    company = own_company(tmp_path / "company")
    names = {"PUBLIC_URL": "https://portal.example.jp", "INSTALLATION_ID": "tokyo-1", "COMPANY_FOLDER": str(company)}
    return names | {"SECRET_KEY": secrets.token_hex(32), "DATA_KEYS": release.KEY, "TRUSTED_PROXIES": "0"}


@pytest.fixture
def next_version(tmp_path) -> Version:
    return later.next_version(tmp_path / "next")


def is_refused(done, *words: str) -> bool:
    """One sentence on one line, exit code 2, nothing else."""
    return done.returncode == 2 and len(done.stderr.splitlines()) == 1 and not done.stdout and all(word in done.stderr for word in words)


def columns() -> dict[str, set[tuple]]:
    """Of every table, but for the order in which they came."""
    tables = set(store.database.get_tables())
    return {table: {(column.name, column.data_type, column.null) for column in store.database.get_columns(table)} for table in tables}


def indexes() -> set[tuple]:
    tables = store.database.get_tables()
    return {(table, index.name, tuple(index.columns), index.unique) for table in tables for index in store.database.get_indexes(table)}


# -- releases ----------------------------------------------------------------------------------------------------------


def test_every_released_database_is_in_the_test_data():
    """tests/store/release.py writes it."""
    version = release.version()

    assert tuple(map(int, version.split("."))) < FIRST_RELEASE or version in {path.stem for path in dumps()}


def test_a_release_is_upgraded_with_its_data(old, empty, tmp_path):
    old.load(empty)

    applied = migrate_database(demo_of(old, empty, tmp_path))

    assert sorted(old.migrations + applied) == migrations.known()
    assert migrations.is_current()
    expected = {model: len(old.rows.get(model._meta.table_name, [])) for model in TABLES}
    if "invoice" not in old.rows:  # orders that were paid before there were papers wait for theirs
        expected[InvoiceOwed] = sum(order["state"] == "paid" for order in old.rows["order"])
        assert expected[InvoiceOwed] > 0
    assert {model: len(list(model.select())) for model in TABLES} == expected
    store.close()


def test_the_secrets_of_a_release_are_encrypted_and_read_as_before(old, empty, tmp_path):
    old.load(empty)
    migrate_database(demo_of(old, empty, tmp_path))
    tokens = [row["token"] for row in old.rows["payment_method"] if row["token"]]
    stored = [row[0] for row in store.database.execute_sql("SELECT token FROM payment_method WHERE token IS NOT NULL").fetchall()]
    read = [(found.token, found.token_hash) for found in PaymentMethod.select() if found.token]

    assert len(tokens) == len(read) > 0
    assert all(":gAAAA" in text for text in stored), stored
    assert all(token.startswith(("card_", "wallet_")) and encryption.fingerprint(token) == hashed for token, hashed in read)
    assert all(len(pyotp.TOTP(staff.totp_secret).now()) == 6 for staff in Staff.select())
    if old.migrations[-1] < "0015":
        assert sorted(tokens) == sorted(token for token, _ in read)
    store.close()


def test_a_release_that_was_upgraded_has_the_schema_of_a_new_database(old, empty, tmp_path):
    old.load(empty)
    migrate_database(demo_of(old, empty, tmp_path))
    upgraded = columns(), indexes()
    store.close()
    if empty.startswith("postgres"):
        return  # there the schema of the release was made by these very migrations

    store.bind(f"sqlite:///{tmp_path / 'new.db'}")
    migrations.migrate()

    assert upgraded == (columns(), indexes())
    store.close()


def test_customers_of_a_released_database_open_their_pages(old, empty, tmp_path):
    old.load(empty)
    settings = demo_of(old, empty, tmp_path)
    migrate_database(settings)
    store.close()
    companies, books = sandbox_companies(settings)
    app = create_demo(settings, companies, books)

    store.ensure_connection()
    logins = [account.login for account in Account.select()]
    assert set(logins) <= {persona.login for persona in PERSONAS}, "those that the release knew"
    for login in logins:
        browser = Browser(app, settings.public_url)
        assert browser.sign_in(login).h1 == "コントロールパネル"
        assert browser.visit("/contract").status == 200
    books.close()
    store.close()


# -- a version with one migration more ---------------------------------------------------------------------------------


def test_the_next_version_upgrades_the_current_database(empty, real_use, next_version, released):
    released("now").load(empty)
    store.bind(empty)
    store.ensure_connection()
    store.database.execute_sql(f"UPDATE installation SET installation_id = 'tokyo-1', is_demo = {'false' if store.is_postgresql() else 0}")
    store.close()

    done = next_version.portal("migrate", DATABASE_URL=empty, **real_use)

    assert (done.stderr, done.stdout) == ("", f"適用しました：{later.NEXT}\n")
    store.ensure_connection()
    found = store.database.execute_sql("SELECT login, nickname FROM account").fetchall()
    assert len(found) == len(released("now").rows["account"])
    assert all(login == nickname for login, nickname in found)
    store.close()
    assert next_version.portal("migrate", DATABASE_URL=empty, **real_use).stdout == "データベースは最新です。\n"
    for command in COMMANDS:
        assert is_refused(THIS.portal(*command, DATABASE_URL=empty, **real_use), "新しい版")


def test_the_next_version_refuses_the_database_of_another_before_it_changes_it(empty, real_use, next_version):
    assert THIS.portal("migrate", DATABASE_URL=empty, **real_use).returncode == 0

    done = next_version.portal("migrate", DATABASE_URL=empty, **real_use | {"INSTALLATION_ID": "osaka-1"})

    assert is_refused(done, "tokyo-1")
    assert THIS.portal("migrate", DATABASE_URL=empty, **real_use).stdout == "データベースは最新です。\n"


STARTS = """
import sys
from pathlib import Path
from portal.demo import start
from portal.demo.folder import DemoFolder
from portal.runtime.settings import settings_from
from portal.store.opening import migrate_database
settings = settings_from(DemoFolder(Path(sys.argv[1])).prepare().environment())
migrate_database(settings)
start._fill(settings)
"""


@pytest.fixture
def demo_folder(tmp_path, released) -> Path:
    """A demo that somebody used before."""
    folder = DemoFolder(tmp_path / "demo").prepare()
    released("now").load(f"sqlite:///{folder.path / 'portal.db'}")
    kept = folder.path / "secrets.json"
    kept.write_text(json.dumps(folder.secrets() | {"SECRET_KEY": release.KEY, "INSTALLATION_ID": released("now").installation_id}))
    with Books(folder.path / "sandbox.db").write() as _:
        pass
    books = Books(folder.path / "sandbox.db")
    turns.begin_filling(books, release.WHEN.date())
    turns.end_filling(books)
    books.close()
    folder._held.close()
    return folder.path


def test_a_demo_of_the_version_before_is_upgraded_when_it_starts(demo_folder, next_version, released):
    done = next_version.run("-c", STARTS, str(demo_folder))

    assert done.returncode == 0, done.stderr
    store.bind(f"sqlite:///{demo_folder / 'portal.db'}")
    store.ensure_connection()
    names = [row["login"] for row in released("now").rows["account"]]
    assert [nickname for (nickname,) in store.database.execute_sql("SELECT nickname FROM account ORDER BY id")] == names
    store.close()


def test_a_demo_of_a_later_version_is_refused_in_one_sentence(demo_folder, next_version):
    assert next_version.run("-c", STARTS, str(demo_folder)).returncode == 0

    assert is_refused(THIS.portal("demo", "--data", str(demo_folder)), "新しい版", str(demo_folder), "--data")


def test_the_portal_is_not_ready_on_a_later_schema(app, settings, browser):
    migrate_database(settings)
    assert browser.visit("/readyz").status == 200
    store.database.execute_sql(f"INSERT INTO {HISTORY} (name, applied) VALUES ('{later.NEXT}', '2026-11-10 00:00:00')")

    assert browser.visit("/readyz").status == 503


# -- before the first release ------------------------------------------------------------------------------------------


def make_old(url: str) -> None:
    """As in the versions before the first release."""
    store.bind(url)
    store.ensure_connection()
    for statement in (
        f"CREATE TABLE {HISTORY} (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL, applied TIMESTAMP NOT NULL)",
        f"INSERT INTO {HISTORY} VALUES (1, '0001_first_contract', '2026-11-10 00:00:00'), (2, '0002_mail', '2026-11-10 00:00:00')",
        "CREATE TABLE installation (id INTEGER PRIMARY KEY, installation_id VARCHAR(64) NOT NULL, is_demo BOOLEAN NOT NULL)",
        f"INSERT INTO installation VALUES (1, 'tokyo-1', {'false' if store.is_postgresql() else 0})",
    ):
        store.database.execute_sql(statement)
    store.close()


def test_a_database_from_before_the_first_release_is_refused_in_one_sentence(empty, real_use):
    make_old(empty)

    for command in (("migrate",), ("worker",)):
        assert is_refused(THIS.portal(*command, DATABASE_URL=empty, **real_use), "0.2.0 より前", "DATABASE_URL")
    store.ensure_connection()
    assert set(store.database.get_tables()) == {HISTORY, "installation"}
    store.close()


def test_a_demo_from_before_the_first_release_is_refused_in_one_sentence(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    make_old(f"sqlite:///{folder / 'portal.db'}")

    assert is_refused(THIS.portal("demo", "--data", str(folder)), "0.2.0 より前", str(folder), "--data", "消して")


def test_the_refusal_comes_before_anything_is_written(tmp_path):
    path = tmp_path / "portal.db"
    make_old(f"sqlite:///{path}")
    before = path.read_bytes()
    settings = settings_from(DemoFolder(tmp_path).environment())

    for command in (migrate_database, open_database):
        with pytest.raises(Refused, match=r"0\.2\.0 より前"):
            command(settings)
    store.close()

    assert path.read_bytes() == before

"""The migrated schema, the models and the documented views agree, on both databases."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import peewee
import pytest

from models import TABLES, Account, Installation
from portal import clock
from portal.runtime.folders import asset_folder
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store import migrations
from portal.store.fields import DateField, EncryptedField, InstantField
from portal.store.installation import WrongInstallation, claim_installation
from tests.concurrency import at_once
from tests.purchase import EVERYTHING

pytestmark = pytest.mark.store

KINDS = {
    peewee.AutoField: {"INTEGER", "bigint"},
    peewee.BigIntegerField: {"BIGINT", "bigint"},
    peewee.IntegerField: {"INTEGER", "integer"},
    peewee.BooleanField: {"BOOLEAN", "boolean"},
    peewee.CharField: {"VARCHAR", "CHAR", "character varying", "character"},
    peewee.TextField: {"TEXT", "text"},
    EncryptedField: {"VARCHAR", "TEXT", "text"},  # SQLite takes any length where a text was shorter once
    DateField: {"DATE", "date"},
    InstantField: {"DATETIME", "timestamp without time zone"},
    peewee.ForeignKeyField: {"INTEGER", "bigint"},
}

# A term points at the one before it by three columns at once: its id, its subscription and its end.
FOLLOWS = {(column, "term") for column in ("previous_term_id", "subscription_id", "previous_ends_on")}
FOLLOWS |= {("method", "payment_method")}  # a card's row points at a card, a wallet's at a wallet

VIEWS = {
    "audit_orders": "number account kind method total_yen tax_yen state placed_at due_on paid_on",
    "audit_lines": "order_number product variant quantity months yen starts_on ends_on",
    "audit_payments": "order_number attempt method key yen state company_reference created_at updated_at",
    "audit_receipts": "number source company_reference yen order_number received_on",
    "audit_terms": "account subscription product starts_on ends_on order_number",
    "audit_invoices": "number kind account order_number issued_on addressee total_yen tax_percent tax_yen sha256",
    "audit_certificates": "account subscription kind common_name state requested_on issued_on ends_on renews",
    "audit_refunds": "order_number method key yen state reason at",
    "audit_payouts": "number account order_number deposit_number yen state file_number pays_on reason at",
    "audit_history": "entity from_state to_state actor reason at",
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_the_fields_of_a_model_match_its_table(database, table):
    columns = {column.name: column for column in store.database.get_columns(table._meta.table_name)}

    assert set(columns) == set(table._meta.columns)
    for name, field in table._meta.columns.items():
        kind = columns[name].data_type.partition("(")[0]
        assert kind in KINDS[type(field)], f"{table.__name__}.{name} is {kind}"
        assert columns[name].null == field.null, f"{table.__name__}.{name}"
        assert columns[name].primary_key == field.primary_key, f"{table.__name__}.{name}"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_the_foreign_keys_of_a_model_match_its_table(database, table):
    keys = {(key.column, key.dest_table) for key in store.database.get_foreign_keys(table._meta.table_name)}

    assert keys - FOLLOWS == {(field.column_name, field.rel_model._meta.table_name) for field in table._meta.refs} - FOLLOWS


def test_every_table_of_the_schema_has_a_model(database):
    ours = {table._meta.table_name for table in TABLES}
    others = set(store.database.get_tables()) - ours

    assert all("migration" in name or name.startswith("sqlite_") for name in others), others


@pytest.mark.parametrize(("view", "columns"), VIEWS.items())
def test_a_view_has_the_documented_columns_in_order(database, view, columns):
    cursor = store.database.execute_sql(f"SELECT * FROM {view}")

    assert [column[0] for column in cursor.description] == columns.split()


def test_the_views_match_the_recorded_money_to_the_yen(shop, business_day):
    business_day(date(2026, 11, 22))
    order = shop.buy(outcome=Outcome.REFUSED, selection=EVERYTHING)
    shop.pay_again(order, selection=EVERYTHING)
    ledger = shop.ledger.prove()

    total = sum(line["yen"] for line in ledger.lines)
    assert [(o["number"], o["account"], o["kind"], o["method"], o["state"], o["total_yen"]) for o in ledger.orders] == [
        (order.number, "new", "new", "card", "paid", total)
    ]
    assert sorted((p["attempt"], p["state"], p["yen"], p["key"]) for p in ledger.payments) == [
        (1, "declined", total, f"test-o{order.number}-a1"),
        (2, "succeeded", total, f"test-o{order.number}-a2"),
    ]
    assert [(r["source"], r["yen"], r["order_number"], str(r["received_on"])) for r in ledger.allocations] == [
        ("card", total, order.number, "2026-11-22")
    ]
    assert {(t["account"], t["order_number"], str(t["starts_on"]), str(t["ends_on"])) for t in ledger.terms} == {
        ("new", order.number, "2026-11-22", "2027-11-30")
    }
    assert [(c["key"], c["yen"], c["state"]) for c in ledger.charges] == [
        (f"test-o{order.number}-a1", total, "refused"),
        (f"test-o{order.number}-a2", total, "paid"),
    ]
    assert len({term["subscription"] for term in ledger.terms}) == len(ledger.lines) == 4


@pytest.mark.parametrize(
    "statement", ["INSERT INTO audit_orders (number) VALUES ('1')", "DELETE FROM audit_receipts", "DELETE FROM audit_lines"]
)
def test_a_view_is_read_only(shop, statement):
    shop.buy()
    before = shop.ledger

    with pytest.raises(peewee.DatabaseError), store.database.atomic():
        store.database.execute_sql(statement)

    assert shop.ledger == before


def test_a_timestamp_without_a_time_zone_is_refused(database):
    with pytest.raises(ValueError, match="time zone"):
        Account.create(login="a", password_hash="", name="a", email="a", plan="a", created_at=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        list(Account.select().where(Account.created_at < datetime(2026, 1, 1)))

    assert Account.select().count() == 0


@pytest.mark.parametrize("zone", [UTC, clock.JAPAN, timezone(timedelta(hours=-11))])
@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_timestamp_is_read_back_in_utc(database, zone, microsecond):
    moment = datetime(2026, 1, 1, 0, 0, 0, microsecond, tzinfo=UTC).astimezone(zone)
    Account.create(login="a", password_hash="", name="a", email="a", plan="a", created_at=moment)

    stored = Account.get().created_at

    assert (stored, stored.tzinfo) == (moment, UTC)
    assert Account.get_or_none(Account.created_at == stored) is not None
    assert Account.get_or_none(Account.created_at <= moment) is not None
    assert Account.get_or_none(Account.created_at < moment) is None


def test_several_programs_may_migrate_at_once(database, tmp_path):
    """On a new file; PostgreSQL's database is made already, and must say so."""
    if not store.is_postgresql():
        store.close()
        store.bind(f"sqlite:///{tmp_path / 'new.db'}")

    applied = at_once(*[migrations.migrate] * 4)

    store.ensure_connection()
    assert sum(len(names) for names in applied) == (0 if store.is_postgresql() else len(list_of_migrations()))
    assert migrations.is_current()


def test_two_processes_may_migrate_one_new_file(tmp_path, database):
    if store.is_postgresql():
        pytest.skip("one server database is shared by all tests; the advisory lock is tried by the test above")
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    code = f"from portal.store import database, migrations; database.bind({url!r}); print(len(migrations.migrate()))"
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment(), text=True) for _ in range(3)]

    applied = [int(process.communicate(timeout=60)[0]) for process in started]

    assert [process.returncode for process in started] == [0, 0, 0]
    assert sorted(applied) == [0, 0, len(list_of_migrations())]


def test_a_database_is_claimed_once(database):
    claim_installation("ours", is_demo=True)
    claim_installation("ours", is_demo=True)

    with pytest.raises(WrongInstallation, match="別の設置「ours」"):
        claim_installation("theirs", is_demo=True)
    with pytest.raises(WrongInstallation, match="デモ用"):
        claim_installation("ours", is_demo=False)
    assert [(row.installation_id, row.is_demo) for row in Installation.select()] == [("ours", True)]


def test_one_of_several_installations_claims_a_database(database):
    def claim(name):
        try:
            claim_installation(name, is_demo=True)
        except WrongInstallation:
            return None
        return name

    winners = [name for name in at_once(*[lambda name=f"site-{number}": claim(name) for number in range(8)]) if name]

    assert winners == [Installation.get().installation_id]


def list_of_migrations():
    return sorted(Path(asset_folder("migrations")).glob("[0-9]*.py"))


def environment():
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": ":".join(sys.path)}

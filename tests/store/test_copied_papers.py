"""A migration that copies the papers keeps every one of them, and what the database refuses of them."""

from pathlib import Path

import peewee
import pytest
from playhouse.migrations import Runner

from portal.runtime.folders import asset_folder
from portal.store import database as store
from portal.store.database import database
from tests.store.released import Release, dumps

BEFORE, COPIES = "0038_order_list", "0039_returns_again"
WRITTEN = (
    """INSERT INTO invoice SELECT NULL, ROW_NUMBER() OVER (ORDER BY id), 'receipt', account_id, id, NULL, '𠮷野', paid_on, paid_on,
        total_yen, tax_percent, tax_yen, '{}', 'sha' || id, placed_at FROM "order" WHERE state = 'paid' ORDER BY id LIMIT 2""",
    "INSERT INTO invoice_addressee SELECT id, '株式会社𠮷野 御中', created_at FROM invoice",
    "INSERT INTO invoice_void SELECT id, issued_on, '宛名の誤り', created_at FROM invoice WHERE number = 1",
)
KEPT = ("SELECT * FROM invoice", "SELECT * FROM invoice_addressee", "SELECT * FROM invoice_void", "SELECT * FROM audit_invoices")


def read() -> list[list[tuple]]:
    return [database.execute_sql(f"{query} ORDER BY 1").fetchall() for query in KEPT]


def test_every_paper_is_there_after_the_copy_and_as_firmly_as_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    Release(dumps()[0].read_text(encoding="utf-8")).load(url)
    store.bind(url)
    store.ensure_connection()
    runner = Runner(database.obj, directory=asset_folder("migrations"))
    runner.up(BEFORE)
    for statement in WRITTEN:
        database.execute_sql(statement)
    before = read()

    runner.up(COPIES)

    assert (read(), [len(found) for found in before]) == (before, [2, 2, 1, 2])
    for statement in ("UPDATE invoice SET total_yen = 1", "UPDATE invoice_addressee SET addressee = 'x'"):
        with pytest.raises(peewee.IntegrityError, match="never changed"):
            database.execute_sql(statement)
    assert database.execute_sql("PRAGMA foreign_key_check").fetchall() == []
    store.close()

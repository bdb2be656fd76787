"""CSV export: values are unchanged, and spreadsheets execute none of them."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from models import Allocation, Event, Term
from portal import clock
from portal.actions.staff import export
from portal.actions.staff.export import VIEWS, cell
from portal.actions.transfers import allocation, undo
from portal.catalog import Catalog
from portal.formats import harmless
from portal.store import database as store
from portal.store.database import database as rows_of
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate

DANGEROUS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"]


def rows(desk: Browser, view: str) -> list[dict[str, str]]:
    desk.visit(f"/staff/files/{view}.csv")
    assert desk.status == 200
    assert desk.html.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(desk.html.removeprefix("\ufeff"), newline=""), strict=True))


@pytest.mark.parametrize("text", DANGEROUS)
def test_spreadsheet_formulas_are_escaped(text: str) -> None:
    assert harmless(text) == cell("reason", text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "山田", "1-1", "a=b", "'x", " =1"])
def test_other_text_is_exported_unchanged(text: str) -> None:
    assert cell("reason", text) == text


@pytest.mark.parametrize(
    ("column", "value", "written"),
    [
        ("yen", -5, "-5"),
        ("yen", "-5", "'-5"),
        ("yen", 13_200, "13200"),
        ("due_on", date(2026, 12, 6), "2026-12-06"),
        ("due_on", None, ""),
        ("at", "2026-11-22 13:25:07.123456", "2026-11-22T13:25:07Z"),
        ("at", datetime(2026, 11, 22, 13, 25, 7, 9), "2026-11-22T13:25:07Z"),
        ("placed_at", datetime(2026, 11, 22, 13, 25, 7, tzinfo=UTC), "2026-11-22T13:25:07Z"),
    ],
)
def test_numbers_and_dates_are_exported_in_machine_format(column: str, value: object, written: str) -> None:
    assert cell(column, value) == written


@pytest.mark.store
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_exported_with_its_documented_columns(desk: Browser, clerk: Clerk, catalog: Catalog, view: str) -> None:
    allocate(desk, a_deposit(clerk), a_bank_order(catalog))

    found = rows(desk, view)

    assert (
        list(found[0]) == list(VIEWS[view]) if found else view in ("audit_payments", "audit_certificates", "audit_refunds", "audit_payouts")
    )
    assert desk.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert desk.headers["Content-Disposition"].startswith(f"attachment; filename={view}-")
    assert desk.headers["Cache-Control"] == "no-store"


@pytest.mark.store
def test_the_exported_rows_match_the_portals_data(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order, reason='=cmd|" /C calc"!A1, "quoted"')

    assert [(row["number"], row["state"], row["total_yen"]) for row in rows(desk, "audit_orders")] == [(order.number, "paid", "13200")]
    allocation = Allocation.get()
    assert [(row["number"], row["yen"], row["received_on"]) for row in rows(desk, "audit_receipts")] == [
        (allocation.number, "13200", allocation.received_on.isoformat())
    ]
    assert [(row["starts_on"], row["product"]) for row in rows(desk, "audit_terms")] == [(Term.get().starts_on.isoformat(), "server")]
    history = rows(desk, "audit_history")
    assert len(history) == Event.select().count()
    assert sorted(row["reason"] for row in history) == sorted(harmless(event.reason) for event in Event.select())


@pytest.mark.store
def test_every_yen_of_a_deposit_is_in_the_exported_receipts(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    """Unallocated money has no order; an undo adds to it again."""
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 20_000)
    reference = f"bank:D{deposit.number}"
    assert receipts(desk) == [("bank", reference, "20000", "")]

    allocation.allocate(deposit, order, 13_200, clerk.staff, "一致", catalog=catalog)
    assert sorted(receipts(desk)) == [("bank", reference, "13200", order.number), ("bank", reference, "6800", "")]

    undo.undo_allocation(Allocation.get(Allocation.order == order), clerk.staff, "誤り", catalog=catalog)
    assert receipts(desk) == [("bank", reference, "20000", "")]


def receipts(desk: Browser) -> list[tuple[str, ...]]:
    columns = ("source", "company_reference", "yen", "order_number")
    return [tuple(row[column] for column in columns) for row in rows(desk, "audit_receipts")]


@pytest.mark.store
def test_newlines_quotes_and_commas_survive_the_export(desk: Browser) -> None:
    nasty = ['a,b"c', "a\r\nb", "x;y", "山田　太郎", "🙂", "'", '"', *DANGEROUS]
    for text in nasty:
        Event.create(entity="test 1", to_state="x", actor="nasty", reason=text, at=datetime.now(UTC))

    back = [row["reason"] for row in rows(desk, "audit_history") if row["actor"] == "nasty"]

    assert sorted(back) == sorted(harmless(text) for text in nasty)


@pytest.mark.store
def test_a_long_view_is_exported_completely(desk: Browser) -> None:
    event = {"entity": "many 1", "to_state": "x", "actor": "test", "reason": "あ" * 100, "at": datetime.now(UTC)}
    for _ in range(5):
        Event.insert_many([event] * 1_000).execute()

    assert len(rows(desk, "audit_history")) == Event.select().count()


@pytest.mark.parametrize("view", ["session", "account", "audit_orders;drop", "AUDIT_ORDERS", "../models"])
def test_only_the_documented_views_can_be_exported(desk: Browser, view: str) -> None:
    assert desk.visit(f"/staff/files/{view}.csv").status == 404


def test_every_view_of_the_database_has_an_export(database: str) -> None:

    found = {view.name for view in store.database.get_views() if view.name.startswith("audit_")}

    assert found == set(export.VIEWS)


@pytest.mark.store
def test_a_view_is_of_one_moment_and_may_take_its_time(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL ends a statement of a page after 15 seconds; sorting ten million lines of history takes longer."""
    Event.create(entity="order 1", to_state="placed", actor="portal", reason="", at=clock.now())
    limits, lines = list[str](), export._rows

    def read(query: str) -> Iterator[tuple[object, ...]]:
        assert rows_of.in_transaction()
        limits.append(rows_of.execute_sql("SHOW statement_timeout").fetchone()[0] if store.is_postgresql() else "0")
        return lines(query)

    monkeypatch.setattr(export, "_rows", read)
    export.write_csv("audit_history", file := io.BytesIO())

    assert limits == ["0"]
    assert "order 1,,placed,portal" in file.getvalue().decode()

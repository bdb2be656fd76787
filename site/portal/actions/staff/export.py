"""The audit views as CSV (RFC 4180, UTF-8 with BOM for spreadsheets), streamed row by row.

Text that a spreadsheet would run as a formula gets an apostrophe. Numbers stay numbers, also negative ones.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from portal.formats import harmless
from portal.store import database as store
from portal.store.database import database

PAPER = "number kind account order_number issued_on addressee total_yen tax_percent tax_yen sha256"
VIEWS: dict[str, tuple[str, ...]] = {
    "audit_orders": ("number", "account", "kind", "method", "total_yen", "tax_yen", "state", "placed_at", "due_on", "paid_on"),
    "audit_lines": ("order_number", "product", "variant", "quantity", "months", "yen", "starts_on", "ends_on"),
    "audit_payments": ("order_number", "attempt", "method", "key", "yen", "state", "company_reference", "created_at", "updated_at"),
    "audit_receipts": ("number", "source", "company_reference", "yen", "order_number", "received_on"),
    "audit_invoices": tuple(PAPER.split()),
    "audit_terms": ("account", "subscription", "product", "starts_on", "ends_on", "order_number"),
    "audit_certificates": (
        "account",
        "subscription",
        "kind",
        "common_name",
        "state",
        "requested_on",
        "issued_on",
        "ends_on",
        "renews",
    ),
    "audit_refunds": ("order_number", "method", "key", "yen", "state", "reason", "at"),
    "audit_payouts": ("number", "account", "order_number", "deposit_number", "yen", "state", "file_number", "pays_on", "reason", "at"),
    "audit_mails": ("kind", "entity", "recipient", "message_id", "state", "tries"),
    "audit_history": ("entity", "from_state", "to_state", "actor", "reason", "at"),
}
NUMBERS = frozenset(("total_yen", "tax_percent", "tax_yen", "quantity", "months", "yen", "attempt", "subscription", "tries"))
MOMENTS = frozenset(("placed_at", "created_at", "updated_at", "at"))
MARK = "\ufeff"
_BATCH = 500


def write_csv(view: str, file: IO[bytes]) -> None:
    """Write the whole view, all of one moment, into `file`, without holding it in memory. Raises KeyError for an unknown view."""
    columns = VIEWS[view]
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    with store.snapshot():
        for row in _rows(f"SELECT {', '.join(columns)} FROM {view} ORDER BY {_order(view)}"):  # noqa: S608
            writer.writerow([cell(name, value) for name, value in zip(columns, row, strict=True)])
    text.detach()


def cell(column: str, value: Any) -> str:
    """One value as text. Moments are UTC."""
    if value is None:
        return ""
    if column in NUMBERS and isinstance(value, int):
        return str(value)
    return harmless(_moment(value) if column in MOMENTS else str(value))


def _moment(value: datetime | str) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _order(view: str) -> str:
    columns = VIEWS[view]
    return "at, entity, to_state" if view == "audit_history" else ", ".join(columns[:3])


def _rows(query: str) -> Iterator[tuple[Any, ...]]:
    """On PostgreSQL with a server-side cursor, so that a long view does not fill the memory."""
    if not store.is_postgresql():
        yield from database.execute_sql(query)
        return
    with database.connection().cursor(name="audit") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(query)
        yield from cursor

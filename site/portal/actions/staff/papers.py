"""Every paper, searched by the keys of 電子帳簿保存法 (取引年月日, 取引金額, 取引先; ranges), as CSV, and the totals of months. Yen."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from peewee import JOIN, Expression, ModelSelect, fn

from models import Account, Invoice, InvoiceAddressee, InvoiceVoid, Order
from portal.actions.staff.export import MARK
from portal.actions.staff.paging import Listed
from portal.actions.transfers.order_rows import ROWS, any_of, named
from portal.enums import InvoiceKind
from portal.formats import harmless
from portal.rules.staff.paper_totals import MonthTotal, Sum, totals_of
from portal.rules.transfers.order_numbers import half_width

COLUMNS = (
    "番号", "種類", "取引年月日", "発行日", "取消日", "取引先", "ログインID", "申し込み番号", "取引金額", "税率", "消費税", "SHA-256",
)  # fmt: skip


@dataclass(frozen=True)
class PaperQuery:
    """Days are 取引年月日, both inclusive. `partner`: 宛名, the account's name or login, or an order's number."""

    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    partner: str = ""
    page: int = 1


def papers(sought: PaperQuery) -> Listed[Invoice]:
    """The newest first, with `addressee`, `voided_on`, `login` and `order_number`. One query."""
    found = list(_found(sought).order_by(Invoice.number.desc()).limit(ROWS + 1).offset((sought.page - 1) * ROWS))
    return Listed(found[:ROWS], sought.page, len(found) > ROWS)


def paper(number: int) -> Invoice | None:
    return _found(PaperQuery()).where(Invoice.number == number).first()


def write_csv(sought: PaperQuery, file: IO[bytes]) -> None:
    """All that is found, the oldest first. UTF-8 with BOM."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(_found(sought).order_by(Invoice.number).iterator()))
    text.detach()


def months(year: int) -> list[MonthTotal]:
    """Of the papers that were issued in that year, a row for each month and rate with any. One query."""
    is_void = InvoiceVoid.invoice.is_null(False)
    kinds = (Invoice.issued_on, Invoice.tax_percent, Invoice.kind, is_void)
    sums = (fn.COUNT(Invoice.id), fn.SUM(Invoice.total_yen), fn.SUM(Invoice.tax_yen))
    query = Invoice.select(*kinds, *sums).join(InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == Invoice.id)
    query = query.where(Invoice.issued_on.between(date(year, 1, 1), date(year, 12, 31))).group_by(*kinds)
    return totals_of(
        (issued_on, percent, InvoiceKind(kind), bool(void), Sum(count, int(yen), int(tax)))
        for issued_on, percent, kind, void, count, yen, tax in query.tuples()
    )


def years() -> list[int]:
    """From the first paper to the last, the newest first."""
    first, last = Invoice.select(fn.MIN(Invoice.issued_on), fn.MAX(Invoice.issued_on)).scalar(as_tuple=True)
    return list(range(_day(last).year, _day(first).year - 1, -1)) if first else []


def _found(sought: PaperQuery) -> ModelSelect:
    addressee = fn.COALESCE(InvoiceAddressee.addressee, Invoice.customer)
    more = (Account.login, Order.number.alias("order_number"), InvoiceVoid.voided_on, addressee.alias("addressee"))
    query = Invoice.select(Invoice, *more).join(Account).switch(Invoice).join(Order)
    query = query.join_from(Invoice, InvoiceAddressee, JOIN.LEFT_OUTER, on=InvoiceAddressee.invoice == Invoice.id)
    query = query.join_from(Invoice, InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == Invoice.id)
    conditions = list(_conditions(sought, addressee))
    return (query.where(*conditions) if conditions else query).objects()


def _conditions(sought: PaperQuery, addressee: Expression) -> Iterator[Expression]:
    if sought.first:
        yield Invoice.traded_on >= sought.first
    if sought.last:
        yield Invoice.traded_on <= sought.last
    if sought.least is not None:
        yield Invoice.total_yen >= sought.least
    if sought.most is not None:
        yield Invoice.total_yen <= sought.most
    if sought.partner:
        texts = [addressee.contains(sought.partner), Invoice.customer.contains(sought.partner)]
        by_text = [column.contains(half_width(sought.partner)) for column in (Account.login, Order.number)]
        yield any_of([*texts, *by_text, *named(Account.name_key, sought.partner)])


def _lines(found: Iterable[Invoice]) -> Iterator[list[object]]:
    for row in found:
        days = (row.traded_on, row.issued_on, row.voided_on or "")
        about = (row.number, row.kind_label, *days, harmless(row.addressee), harmless(row.login), row.order_number)
        yield [*about, row.total_yen, row.tax_percent, row.tax_yen, row.sha256]


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)

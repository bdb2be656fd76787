"""Every paper, a page of them, as CSV, and the totals of months. Yen."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, Any

from peewee import JOIN, Expression, ModelSelect, fn

from models import Invoice, InvoiceDay, InvoiceVoid
from portal.actions.staff.export import MARK
from portal.actions.staff.paging import Listed, newest_first
from portal.actions.staff.paper_search import KEYS, PaperQuery, by_days, by_days_and_yen, by_partner, by_yen, is_named, papers_with_names
from portal.actions.staff.searching import SearchQuery
from portal.enums import InvoiceKind
from portal.formats import harmless
from portal.rules.staff.paper_totals import MonthTotal, Sum, totals_of
from portal.store import database as store

COLUMNS = (
    "番号", "種類", "取引年月日", "発行日", "取消日", "取引先", "ログインID", "申し込み番号", "取引金額", "税率", "消費税", "SHA-256",
)  # fmt: skip


BATCH = 2_000  # papers of one statement


def papers(sought: PaperQuery) -> Listed[Invoice]:
    """The newest first, with `addressee`, `voided_on`, `login` and `order_number`."""
    conditions, places = by_days_and_yen(sought), by_partner(sought)
    query = papers_with_names().where(*conditions) if conditions and places is None else papers_with_names()
    return newest_first(query, KEYS, SearchQuery(page=sought.page), places, lambda row: row)


def paper(number: int) -> Invoice | None:
    return papers_with_names().where(Invoice.number == number).first()


def write_csv(sought: PaperQuery, file: IO[bytes]) -> None:
    """All that is found, the oldest number first; any part of a partner's name is looked for in all. UTF-8 with BOM."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    with store.snapshot():
        for batch in _batches(sought):
            writer.writerows(_lines(batch))
    text.detach()


def _batches(sought: PaperQuery) -> Iterator[ModelSelect]:
    """Each batch reads the next ids, which come in the order of the numbers, so that many papers fill no memory."""
    days = list(by_days(sought))
    first, last = _ends_of(Invoice.id, *days)
    conditions = [*days, *by_yen(sought), *([is_named(sought.partner)] if sought.partner else [])]
    for begin in range(first, last + 1, BATCH) if first else ():
        within = Invoice.id.between(begin, begin + BATCH - 1)
        yield papers_with_names(without_content=True).where(within, *conditions).order_by(Invoice.number)


def months(year: int) -> list[MonthTotal]:
    """Of the papers that were issued in that year, a row for each month and rate with any. Two queries."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    every = InvoiceDay.select(*_kinds(InvoiceDay), InvoiceDay.papers, InvoiceDay.total_yen, InvoiceDay.tax_yen)
    sums = (fn.COUNT(Invoice.id), fn.SUM(Invoice.total_yen), fn.SUM(Invoice.tax_yen))
    void = InvoiceVoid.select(*_kinds(Invoice), *sums).join(Invoice, JOIN.LEFT_OUTER).where(InvoiceVoid.voided_on >= first)
    counted = [(row, False, 1) for row in every.where(InvoiceDay.issued_on.between(first, last)).tuples()]
    for row in void.group_by(*_kinds(Invoice)).tuples():
        counted += [(row, False, -1), (row, True, 1)] if first <= row[0] <= last else []
    return totals_of((row[0], row[1], InvoiceKind(row[2]), is_void, _sum(row[3:], sign)) for row, is_void, sign in counted)


def _kinds(table: type[Invoice | InvoiceDay]) -> tuple[Any, ...]:
    return table.issued_on, table.tax_percent, table.kind


def _ends_of(column: Any, *days: Expression) -> tuple[Any, Any]:
    """The least and the greatest: apart, each is the end of an index. Of some days they are sought among those alone: `+ 0` says so."""
    ends = [Invoice.select(end(column + 0 if days else column)) for end in (fn.MIN, fn.MAX)]
    first, last = ((query.where(*days) if days else query).scalar() for query in ends)
    return first, last


def _sum(found: tuple[int, ...], sign: int) -> Sum:
    return Sum(*(sign * int(number) for number in found))


def years() -> list[int]:
    """From the first paper to the last, the newest first."""
    first, last = _ends_of(Invoice.issued_on)
    return list(range(_day(last).year, _day(first).year - 1, -1)) if first else []


def _lines(found: Iterable[Invoice]) -> Iterator[list[object]]:
    for row in found:
        days = (row.traded_on, row.issued_on, row.voided_on or "")
        about = (row.number, row.kind_label, *days, harmless(row.addressee), harmless(row.login), row.order_number)
        yield [*about, row.total_yen, row.tax_percent, row.tax_yen, row.sha256]


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)

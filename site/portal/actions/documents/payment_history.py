"""「お支払い履歴・領収書」: a customer's orders, each with its state and papers. Yen; days in Japan, inclusive."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from peewee import ModelSelect

from models import Account, Allocation, Invoice, Order
from portal import clock
from portal.actions.transfers.order_rows import ROWS, OrderRow, order_row, orders_with_money
from portal.enums import OrderKind, OrderState
from portal.formats import harmless

MARK = "\ufeff"
COLUMNS = (
    "申し込み番号", "申し込み日", "種類", "入金状況", "お支払い方法", "金額", "入金日",
    "書類", "書類の番号", "発行日", "取消日", "宛名", "書類の金額", "うち消費税",
)  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """`first`, `last`: of the days of the orders."""

    first: date | None = None
    last: date | None = None
    yen: int | None = None
    kind: OrderKind | None = None
    page: int = 1


@dataclass(frozen=True)
class PaidOrder:
    row: OrderRow
    papers: list[Invoice] = field(default_factory=list)

    @property
    def order(self) -> Order:
        return self.row.order

    @property
    def held_yen(self) -> int:
        """What of its money was お預かり before."""
        return int(self.order.held)

    @property
    def may_have_invoice(self) -> bool:
        """True if a 請求書 can be issued: the order waits for a transfer and has none."""
        return self.order.is_placed and self.order.is_by_transfer and not any(paper.voided_on is None for paper in self.papers)


@dataclass(frozen=True)
class Page:
    rows: list[PaidOrder]
    page: int
    has_more: bool


def history(account: Account, sought: Sought) -> Page:
    """One page of the customer's orders, the newest first. Two queries."""
    found = list(_orders(account, sought).limit(ROWS + 1).offset((sought.page - 1) * ROWS))
    return Page(_with_papers(found[:ROWS]), sought.page, len(found) > ROWS)


def years(account: Account) -> list[int]:
    """Those in which the customer has ordered, the newest first."""
    first = account.orders.where(Order.state != OrderState.DRAFT).order_by(Order.placed_at).first()
    return list(range(clock.today().year, clock.day_of(first.placed_at).year - 1, -1)) if first else []


def year_as_csv(account: Account, year: int) -> str:
    """Every order of that year, a line for each of its papers. UTF-8 with BOM, for spreadsheets."""
    text = io.StringIO(newline="")
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    of_the_year = Sought(date(year, 1, 1), date(year, 12, 31))
    for found in reversed(_with_papers(list(_orders(account, of_the_year)))):
        writer.writerows([harmless(str(cell)) if isinstance(cell, str) else cell for cell in line] for line in _lines(found))
    return text.getvalue()


def _orders(account: Account, sought: Sought) -> ModelSelect:
    held = Allocation.sum_for(Order.id).where(Allocation.was_held)
    query = orders_with_money().select_extend(held.alias("held"))
    query = query.where(Order.account == account, Order.state != OrderState.DRAFT)
    if sought.first:
        query = query.where(Order.placed_at >= clock.begin_of(sought.first))
    if sought.last and sought.last < date.max:
        query = query.where(Order.placed_at < clock.begin_of(sought.last + timedelta(days=1)))
    if sought.yen is not None:
        query = query.where(Order.total_yen == sought.yen)
    if sought.kind:
        query = query.where(Order.kind == sought.kind)
    return query.order_by(Order.placed_at.desc(), Order.id.desc())


def _with_papers(orders: Iterable[Order]) -> list[PaidOrder]:
    papers = defaultdict(list)
    for paper in Invoice.with_states().where(Invoice.order.in_([order.id for order in orders])).order_by(Invoice.number):
        papers[paper.order_id].append(paper)
    return [PaidOrder(order_row(order), papers[order.id]) for order in orders]


def _lines(found: PaidOrder) -> Iterator[tuple]:
    order, money = found.order, found.row.money
    about = (order.number, clock.day_of(order.placed_at), order.kind_label, money.label if money else "")
    about += (order.method_label, order.total_yen, order.paid_on or "")
    for paper in found.papers:
        written = (paper.kind_label, paper.number, paper.issued_on, paper.voided_on or "", paper.addressee)
        yield (*about, *written, paper.total_yen, paper.tax_yen)
    if not found.papers:
        yield (*about, *[""] * (len(COLUMNS) - len(about)))

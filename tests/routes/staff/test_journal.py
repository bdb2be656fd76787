"""仕訳 as files: what is there, and that the file of a day that is over stays as it was whatever happens afterwards."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Allocation, BankLine, Invoice, MovedMoney, Order
from portal import clock
from portal.actions.documents.papers import open_first
from portal.actions.payments.reissued_papers import reissue
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.actions.staff import journal
from portal.actions.transfers import allocation, line_decisions, returns, undo
from portal.actions.transfers.returns import Sent
from portal.catalog import Catalog
from portal.enums import BookAccount, EntryKind, Method
from portal.rules.staff.journal import Entry
from portal.sandbox.books.outcomes import Outcome
from tests.browser import Browser
from tests.purchase import CATALOG, INSTALLATION, Shop
from tests.routes.staff.addresses import a_bank_file
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate

FIRST, LATER, LAST = date(2026, 11, 22), date(2026, 12, 1), date(2027, 1, 5)


def entries(first: date, last: date, today: date) -> list[Entry]:
    return list(journal.entries(first, last, today))


def file(desk: Browser, period: str, form: str = "list") -> list[dict[str, str]]:
    desk.visit(f"/staff/journal/{period}/{form}.csv")
    assert desk.status == 200
    return list(csv.DictReader(io.StringIO(desk.html.removeprefix("\ufeff"), newline=""), strict=True))


def test_a_day_and_its_month_are_files_of_the_same_entries(desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable) -> None:
    business_day(FIRST)
    order, deposit = a_bank_order(catalog), a_deposit(clerk, payer="=HYPERLINK(1)")
    allocate(desk, deposit, order)
    today = f"{clock.today()}"

    found = file(desk, today)

    assert [(row["計上日"], row["種類"], row["金額"], row["申し込み番号"], row["名前"]) for row in found] == [
        (today, "入金", "13200", "", "'=HYPERLINK(1)"),
        (today, "充当", "13200", order.number, "見本 太郎"),
    ]
    assert found == [row for row in file(desk, today[:7]) if row["計上日"] == today]
    assert desk.headers["Content-Disposition"] == f"attachment; filename=journal-{today[:7]}-list.csv"


@pytest.mark.parametrize(
    "address",
    ["2026-13/list", "2026-02-30/list", "x/list", "2026-11-1/list", "2020-W10-1/list", "20200101/list", "9999-12/list", "2020-01-01/other"],
)
def test_what_is_no_day_or_month_is_no_page(desk: Browser, address: str) -> None:
    assert desk.visit(f"/staff/journal/{address}.csv").status == 404


@pytest.fixture
def shop(catalog: Catalog, books: object, companies: object) -> Shop:
    return Shop(catalog, books, companies.card)


def undone(shop: Shop, order: Order) -> None:
    undo.undo_allocation(Allocation.get(Allocation.order == order), shop.staff, "誤り", catalog=CATALOG)


def cancelled(shop: Shop, order: Order) -> None:
    cancel_paid(order, clock.today(), shop.staff, "返金", {}, INSTALLATION)


def returned(shop: Shop, order: Order) -> None:
    found = returns.refundable(order)
    returns.return_of_order(found, Sent(3_000, clock.today(), "一部"), shop.staff, INSTALLATION)


def returned_and_cancelled(shop: Shop, order: Order) -> None:
    returned(shop, order)
    cancelled(shop, order)


def issued_again(shop: Shop, order: Order) -> None:
    """And given back in part: only that is an entry."""
    _issue_again(order)
    returned(shop, order)


def issued_again_twice_and_cancelled(shop: Shop, order: Order) -> None:
    issued_again(shop, order)
    _issue_again(order)
    cancelled(shop, order)


def _issue_again(order: Order) -> None:
    paper = order.invoices.where(Invoice.kind == "receipt").order_by(Invoice.id.desc()).get()
    open_first(paper, "見本 様")
    reissue(paper, "staff keiri", "宛名の誤り")


@pytest.mark.store
@pytest.mark.parametrize("later", [undone, cancelled, returned, returned_and_cancelled, issued_again, issued_again_twice_and_cancelled])
def test_the_entries_of_a_day_that_is_over_never_change(shop: Shop, business_day: Callable, later: Callable) -> None:
    business_day(FIRST)
    order = shop.place_for_transfer(shop.draft())
    allocation.allocate(shop.deposit(20_000), order, 13_200, shop.staff, "一致", catalog=CATALOG)
    business_day(LATER)
    before = entries(FIRST, LATER, LATER)

    business_day(LAST)
    later(shop, Order.get_by_id(order.id))

    assert entries(FIRST, LATER, LAST) == before
    assert [entry for entry in entries(FIRST, LAST, LAST) if entry.day == LAST]
    end = date(2026, 11, 30)
    parts = ((FIRST, end - timedelta(days=1)), (end, end), (LATER, LAST))
    assert entries(FIRST, LAST, LAST) == [entry for part in parts for entry in entries(*part, LAST)]
    shop.ledger.prove()


def test_a_receipt_that_was_issued_again_is_the_same_sale(shop: Shop, business_day: Callable) -> None:
    """No entry of its own, neither on that day nor at the end of the month; cancelled later, all that was earned is taken back once."""
    business_day(FIRST)
    order = shop.place_for_transfer(shop.draft())
    allocation.allocate(shop.deposit(13_200), order, 13_200, shop.staff, "一致", catalog=CATALOG)
    business_day(LATER)
    before = entries(FIRST, date(2027, 3, 1), date(2027, 3, 1))
    issued_again(shop, Order.get_by_id(order.id))

    after = entries(FIRST, date(2027, 3, 1), date(2027, 3, 1))

    assert [one for one in after if one.kind != EntryKind.RETURNED_SALE] == before
    cancelled(shop, Order.get_by_id(order.id))
    sums = Counter(dict.fromkeys(BookAccount, 0))
    for one in entries(FIRST, LAST, LAST):
        sums[one.debit] += one.yen
        sums[one.credit] -= one.yen
    assert (sums["sales"], sums["sales_return"], sums["advance"], sums["held"]) == (0, 0, 0, -10_200)


def test_a_charge_and_its_refund_are_entries_of_their_own(shop: Shop, business_day: Callable) -> None:
    business_day(FIRST)
    shop.buy(outcome=Outcome.PAYS)

    assert [(one.debit, one.credit, one.yen) for one in entries(FIRST, FIRST, LAST)] == [("card", "advance", 13_200)]


def test_a_line_that_is_no_customers_money_is_taken_out_of_the_books(clerk: Clerk, catalog: Catalog, business_day: Callable) -> None:
    business_day(FIRST)
    a_bank_file(clerk, catalog)
    before = entries(FIRST, FIRST, FIRST)
    business_day(LATER)
    line_decisions.ignore(BankLine.get(), clerk.staff, "会社の口座からの振替")

    assert [(one.debit, one.credit, one.yen) for one in entries(LATER, LATER, LATER)] == [("held", "bank", 660)]
    assert entries(FIRST, FIRST, LATER) == [one.__class__(**vars(one) | {"who": ""}) for one in before]
    assert MovedMoney.get().number == before[0].number


def test_the_future_has_no_entries(shop: Shop, business_day: Callable) -> None:
    business_day(FIRST)
    shop.by(Method.CARD).buy()

    assert entries(date(2026, 12, 31), date(2026, 12, 31), FIRST) == []

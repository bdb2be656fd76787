"""領収書: issued when an order is paid, frozen by the database, numbered without a gap, void when the order is not paid any more."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from threading import Barrier
from typing import Any

import peewee
import pytest

from models import Account, Allocation, Installation, Invoice, InvoiceAddressee, InvoiceOwed, InvoiceVoid, Order, Refund
from portal import clock
from portal.actions.documents import papers as actions
from portal.actions.payments import owed_papers, refunds
from portal.actions.payments.refundable import refundable
from portal.actions.payments.reissued_papers import reissue
from portal.actions.refusals import NotPossible
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.actions.transfers import bank_orders, returns
from portal.actions.transfers.allocation import allocate
from portal.actions.transfers.difference import accept_difference
from portal.actions.transfers.returns import Sent
from portal.actions.transfers.undo import undo_allocation
from portal.catalog import Company
from portal.enums import Method
from portal.rules.documents.papers import Paper, sha256
from portal.rules.transfers.due_dates import expiry_day
from portal.store.database import database as db
from tests.concurrency import PATIENCE, at_once
from tests.passes import expire_unpaid
from tests.purchase import CATALOG, EVERYTHING, INSTALLATION
from tests.reconciliation import rows

pytestmark = pytest.mark.store
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def day(business_day):
    business_day(TODAY)


def transferred(shop, order: Order, yen: int, on: date = TODAY) -> Order:
    allocate(shop.deposit(yen, on=on), Order.get_by_id(order.id), yen, shop.staff, "番号が一致", catalog=CATALOG)
    return Order.get_by_id(order.id)


def undone(shop, order: Order) -> None:
    undo_allocation(Allocation.get(Allocation.order == order), shop.staff, "別のお客様の入金", catalog=CATALOG)


def mark_as_demo() -> None:
    Installation.insert(id=1, installation_id="test", is_demo=True).execute()


def papers_of(order: Order) -> list[tuple[int, str, int, int]]:
    found = rows("SELECT * FROM audit_invoices ORDER BY number")
    return [(row["number"], row["kind"], row["total_yen"], row["tax_yen"]) for row in found if row["order_number"] == order.number]


def read(order: Order) -> Paper:
    return Paper.read(order.invoices.order_by(Invoice.number.desc()).get().content)


@pytest.mark.parametrize(("method", "words"), [(Method.CARD, "クレジットカード決済"), (Method.WALLET, "おさいぽ!ポイント")])
def test_a_payment_has_its_receipt(shop, method, words):
    order = shop.by(method).buy(selection=EVERYTHING)
    [stored] = order.invoices
    paper = Paper.read(stored.content)

    assert papers_of(order) == [(1, "receipt", order.total_yen, order.tax_yen)]
    assert stored.sha256 == sha256(stored.content)
    assert (paper.number, paper.issued_on, paper.traded_on, paper.method) == (1, TODAY, TODAY, words)
    assert (paper.issuer.name, paper.issuer.registration) == ("株式会社サンプルサーバー", "T7123456789012")
    assert [(item.name, item.yen) for item in paper.items] == [(line.name, line.yen) for line in order.lines.order_by("position")]
    assert {(item.starts_on, item.ends_on) for item in paper.items} == {(TODAY, date(2027, 11, 30))}
    assert rows("SELECT addressee FROM audit_invoices") == [{"addressee": "見本 新"}]
    shop.ledger.prove()


def test_parts_of_a_transfer_have_one_receipt_when_they_are_enough(shop):
    order = shop.place_for_transfer(shop.draft())
    transferred(shop, order, 12_760)
    assert papers_of(order) == []

    order = transferred(shop, order, 440)

    assert papers_of(order) == [(1, "receipt", 13_200, 1_200)]
    shop.ledger.prove()


def test_an_accepted_difference_is_a_discount(shop):
    order = transferred(shop, shop.place_for_transfer(shop.draft()), 12_760)
    accept_difference(order, shop.staff, "手数料", catalog=CATALOG)

    assert papers_of(order) == [(1, "receipt", 12_760, 1_160)]
    assert read(order).discount_yen == 440
    shop.ledger.prove()


def test_an_undone_payment_makes_its_receipt_void_and_the_next_one_has_a_new_number(shop):
    order = transferred(shop, shop.place_for_transfer(shop.draft()), 13_200)
    undone(shop, order)
    assert papers_of(order) == [(1, "void", 13_200, 1_200)]
    shop.ledger.prove()

    transferred(shop, order, 13_200)

    assert papers_of(order) == [(1, "void", 13_200, 1_200), (2, "receipt", 13_200, 1_200)]
    assert InvoiceVoid.get().reason.endswith("別のお客様の入金")
    shop.ledger.prove()


def test_a_cancelled_order_keeps_the_number_of_its_void_receipt(shop):
    order = shop.buy()
    cancel_paid(order, TODAY, shop.staff, "誤ったお申し込み", {Method.CARD: shop.company}, INSTALLATION)

    assert papers_of(order) == [(1, "void", 13_200, 1_200)]


# -- money that goes back, and money that is asked for -------------------------------------------------------------------


def given_back(shop, order: Order, yen: int) -> None:
    refund = refunds.begin(refundable(order), yen, shop.staff, "機器の不具合", {shop.method: shop.company}, INSTALLATION)
    refunds.send(refund, shop.company)


@pytest.mark.parametrize(("yen", "papers"), [(10_000, [(1, "receipt", 13_200, 1_200), (2, "return", 10_000, 909)]), (9_999, None)])
@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_money_given_back_has_its_paper_from_10000_yen(shop, method, yen, papers):
    shop = shop.by(method)
    order = shop.buy()
    given_back(shop, order, yen)

    assert papers_of(order) == (papers or [(1, "receipt", 13_200, 1_200)])
    assert papers is None or (read(order).receipt, read(order).traded_on) == (1, TODAY)
    shop.ledger.prove()


def test_a_transfer_given_back_has_its_paper(shop):
    order = transferred(shop, shop.place_for_transfer(shop.draft()), 13_200)
    returns.return_of_order(refundable(order), Sent(12_000, TODAY, "誤り"), shop.staff, INSTALLATION)

    assert papers_of(order) == [(1, "receipt", 13_200, 1_200), (2, "return", 12_000, 1_090)]


def test_what_goes_back_of_a_cancelled_order_has_no_paper_and_earlier_ones_are_void(shop):
    order = shop.buy(selection=EVERYTHING)
    given_back(shop, order, 10_000)
    refund = cancel_paid(order, TODAY, shop.staff, "誤ったお申し込み", {Method.CARD: shop.company}, INSTALLATION)
    refunds.send(refund, shop.company)

    assert refund.yen >= 10_000
    assert [kind for _, kind, *_ in papers_of(order)] == ["void", "void"]


def test_an_order_that_waits_for_a_transfer_has_one_invoice_and_keeps_it_when_it_is_paid(shop):
    order = shop.place_for_transfer(shop.draft())
    issued = [actions.issue_invoice(order, CATALOG.bank_accounts, CATALOG.company).number for _ in range(2)]
    transferred(shop, order, 13_200)

    assert issued == [1, 1]
    assert [kind for _, kind, *_ in papers_of(order)] == ["invoice", "receipt"]
    assert actions.issue_invoice(order, CATALOG.bank_accounts, CATALOG.company) is None


@pytest.mark.parametrize("ends", ["cancelled", "expired"])
def test_the_invoice_of_an_order_that_is_over_is_void(shop, business_day, ends):
    order = shop.place_for_transfer(shop.draft())
    actions.issue_invoice(order, CATALOG.bank_accounts, CATALOG.company)
    if ends == "cancelled":
        bank_orders.give_up(order)
    else:
        business_day(expiry_day(order.due_on, CATALOG.closed_days))
        assert expire_unpaid() == 1

    assert Order.get_by_id(order.id).state == ends
    assert papers_of(order) == [(1, "void", 13_200, 1_200)]


# -- what the database refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoice SET total_yen = 1",
        "UPDATE invoice SET sha256 = ''",
        "DELETE FROM invoice",
        "UPDATE invoice_addressee SET addressee = 'x'",
        "DELETE FROM invoice_addressee",
        "UPDATE invoice_void SET reason = ''",
        "DELETE FROM invoice_void",
        "TRUNCATE invoice CASCADE",
    ],
)
def test_a_paper_can_neither_be_changed_nor_deleted(shop, statement):
    order = transferred(shop, shop.place_for_transfer(shop.draft()), 13_200)
    InvoiceAddressee.write(invoice=Invoice.get(), addressee="株式会社見本 御中", written_at=clock.now())
    undone(shop, order)
    before = rows("SELECT * FROM audit_invoices")

    with pytest.raises(peewee.DatabaseError), db.atomic():
        db.execute_sql(statement)

    assert rows("SELECT * FROM audit_invoices") == before


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"number": 1, "kind": "invoice"}, "gap"),
        ({"number": 3, "kind": "invoice"}, "gap"),
        ({"number": 2}, "valid receipt"),
        ({"number": 2, "kind": "return"}, "(?i)check"),
        ({"number": 2, "kind": "void"}, "(?i)check"),
        ({"number": 2, "kind": "invoice", "tax_yen": 99_999}, "(?i)check"),
    ],
)
def test_a_wrong_paper_is_refused(shop, changed, why):
    shop.buy()
    stored = dict(Invoice.get().__data__)
    del stored["id"]

    with pytest.raises(peewee.IntegrityError, match=why), db.atomic():
        Invoice.create(**stored | changed)


def test_a_refund_has_one_valid_paper_at_a_time(shop):
    order = shop.buy()
    given_back(shop, order, 10_000)
    stored = dict(Invoice.get(Invoice.kind == "return").__data__) | {"number": 3}
    del stored["id"]

    with pytest.raises(peewee.IntegrityError, match="valid paper"), db.atomic():
        Invoice.create(**stored)
    actions.void_return(Refund.get(), "届かない口座")

    assert Invoice.create(**stored).number == 3


def test_only_a_demo_can_be_emptied(shop):
    shop.buy()
    mark_as_demo()

    assert Invoice.delete().execute() == 1


def test_an_addressee_is_written_once(shop):
    shop.buy()
    names = ("株式会社𠮷野 御中", "<b>別の名前</b> 様")

    assert [InvoiceAddressee.write(invoice=Invoice.get(), addressee=name, written_at=clock.now()) for name in names] == [True, False]
    assert rows("SELECT addressee FROM audit_invoices") == [{"addressee": names[0]}]


# -- at the same time ---------------------------------------------------------------------------------------------------

AT_ONCE, PRESSES = 6, 4


def pay_at_once(shop) -> list[int]:
    orders = [shop.place_for_transfer(shop.draft(f"customer{each}")) for each in range(AT_ONCE)]
    deposits, staff = [shop.deposit(order.total_yen) for order in orders], shop.staff

    def allocating(order, deposit):
        return lambda: allocate(deposit, order, order.total_yen, staff, "番号が一致", catalog=CATALOG)

    at_once(*map(allocating, orders, deposits))
    return sorted(number for order in orders for number, *_ in papers_of(order))


def test_papers_issued_at_once_have_no_gap_and_no_double(shop):
    assert pay_at_once(shop) == list(range(1, AT_ONCE + 1))
    shop.ledger.prove()


@pytest.mark.store(only="postgresql")
def test_negative_control_without_waiting_two_papers_want_one_number(shop, monkeypatch):
    """SQLite lets one transaction write at a time in any case."""
    monkeypatch.setattr(actions, "hold", lambda names: db.execute_sql("SELECT 1"))
    monkeypatch.setattr(Invoice, "next_number", classmethod(read_by_all(Invoice.next_number.__func__, AT_ONCE)))

    with pytest.raises(peewee.IntegrityError):
        pay_at_once(shop)


def read_by_all(read: Callable[[Any], Any], readers: int) -> Callable[[Any], Any]:
    """Nobody goes on before all have read the same."""
    have_read = Barrier(readers)

    def read_and_wait(of: Any) -> Any:
        found = read(of)
        have_read.wait(PATIENCE)
        return found

    return read_and_wait


def reissue_at_once(shop) -> list[tuple[int, str, int, int]]:
    """Four of the staff make good the same wrong 宛名."""
    order = shop.buy()
    stored = order.invoices.get()
    actions.open_first(stored, "株式会社ミホソ 御中")

    def press() -> None:
        with suppress(NotPossible):
            reissue(Invoice.get_by_id(stored.id), "staff keiri", "宛名の誤り")

    at_once(*[press] * PRESSES)
    return papers_of(order)


def test_a_paper_is_reissued_once_however_many_press_at_once(shop):
    assert reissue_at_once(shop) == [(1, "void", 13_200, 1_200), (2, "receipt", 13_200, 1_200)]
    assert read(Order.get()).instead_of == 1
    shop.ledger.prove()


@pytest.mark.store(only="postgresql")
def test_negative_control_without_a_lock_two_presses_make_the_same_paper_void(shop, monkeypatch):
    """The database refuses the second one."""
    for table in (Account, Order):
        monkeypatch.setattr(table, "locked", table.get_by_id)
    monkeypatch.setattr(Invoice, "void", property(read_by_all(Invoice.void.fget, PRESSES)))

    with pytest.raises(peewee.IntegrityError):
        reissue_at_once(shop)


# -- orders from before -------------------------------------------------------------------------------------------------


@pytest.fixture
def company() -> Company:
    return CATALOG.company


def paid_before_there_were_papers(shop, *logins: str) -> list[Order]:
    """Their papers are taken away, as only a demo's can be."""
    orders = [shop.buy(login) for login in logins]
    mark_as_demo()
    Invoice.delete().execute()
    Installation.delete().execute()
    InvoiceOwed.insert_many([{"order": order.id} for order in orders]).as_rowcount().execute()
    return orders


def test_orders_that_were_paid_before_get_their_receipts_from_a_job(shop, company, business_day):
    orders = paid_before_there_were_papers(shop, "aki", "haru")
    business_day(date(2026, 12, 24))

    assert len(list(owed_papers.issue_owed(company))) == 2
    assert list(owed_papers.issue_owed(company)) == []
    assert [papers_of(order) for order in orders] == [[(1, "receipt", 13_200, 1_200)], [(2, "receipt", 13_200, 1_200)]]
    assert (read(orders[0]).traded_on, read(orders[0]).issued_on) == (TODAY, date(2026, 12, 24))
    shop.ledger.prove()


def test_an_order_that_is_not_paid_any_more_or_has_a_receipt_gets_none(shop, company):
    cancelled, _ = paid_before_there_were_papers(shop, "aki", "haru")
    cancel_paid(cancelled, TODAY, shop.staff, "誤ったお申し込み", {Method.CARD: shop.company}, INSTALLATION)
    later = shop.buy("natsu")
    InvoiceOwed.create(order=later)

    assert [Account.get_by_id(paper.account_id).login for paper in owed_papers.issue_owed(company)] == ["haru"]
    assert papers_of(cancelled) == []
    assert papers_of(later) == [(1, "receipt", 13_200, 1_200)]
    assert not InvoiceOwed.select().exists()

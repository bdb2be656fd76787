"""領収書 for staff: found by the three keys of the law, saved as CSV, and totals of months that agree with the audit views to the yen."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from models import Invoice, InvoiceAddressee, Order
from portal import clock
from portal.actions.documents.papers import open_first
from portal.actions.payments.reissued_papers import reissue
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.actions.staff import papers
from portal.actions.transfers.allocation import allocate
from portal.actions.transfers.difference import accept_difference
from portal.enums import Method
from portal.rules.documents.papers import RETURN_FROM_YEN
from tests.actions.payments.test_refunds import give_back
from tests.browser import Browser
from tests.purchase import CATALOG, EVERYTHING, INSTALLATION, Shop
from tests.reconciliation import rows

FIRST, LAST, LEAST, MOST, PARTNER = "取引年月日、いつから", "取引年月日、いつまで", "取引金額、いくらから", "取引金額、いくらまで", "取引先"

KINDS = ("receipt", "return", "void")


@pytest.fixture
def shop(catalog, books, companies) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def year(shop, business_day) -> Shop:
    """Papers of two months: by card, by a transfer that was 440 yen short, a cancelled one, and one with every option."""
    business_day(date(2026, 11, 22))
    shop.buy("aki")
    order = shop.place_for_transfer(shop.draft("haru"))
    allocate(shop.deposit(12_760), order, 12_760, shop.staff, "番号が一致", catalog=CATALOG)
    accept_difference(Order.get_by_id(order.id), shop.staff, "手数料", catalog=CATALOG)
    cancel_paid(shop.buy("fuyu"), clock.today(), shop.staff, "誤り", {Method.CARD: shop.company}, INSTALLATION)
    business_day(date(2026, 12, 1))
    shop.buy("natsu", selection=EVERYTHING)
    InvoiceAddressee.write(invoice=Invoice.get(number=1), addressee="株式会社𠮷野 御中", written_at=clock.now())
    return shop


def numbers(desk: Browser) -> list[str]:
    return [row.get_text(strip=True) for row in desk.page.soup.select("tbody th")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, ["4", "3", "2", "1"]),
        ({FIRST: "2026-12-01"}, ["4"]),
        ({LAST: "2026年11月30日"}, ["3", "2", "1"]),
        ({LEAST: "12,760円", MOST: "12760"}, ["2"]),
        ({LEAST: "20000"}, ["4"]),
        ({PARTNER: "𠮷野"}, ["1"]),
        ({PARTNER: "haru"}, ["2"]),
        ({PARTNER: "%"}, []),
        ({PARTNER: "haru", FIRST: "2026-11-01", LAST: "2026-11-30", MOST: "12,760"}, ["2"]),
        ({PARTNER: "haru", FIRST: "2026-12-01"}, []),
        ({PARTNER: "aki", LEAST: "13,201"}, []),
    ],
)
def test_papers_are_found_by_day_yen_and_partner_together(desk, year, typed, found):
    desk.visit("/staff/papers")
    for label, text in typed.items():
        desk.fill(label, text)
    desk.press("検索する")

    assert numbers(desk) == found
    assert [row["番号"] for row in saved(desk)] == found[::-1]


def saved(desk: Browser) -> list[dict[str, str]]:
    [link] = [link["href"] for link in desk.page.soup.find_all("a") if link["href"].startswith("/staff/papers/found.csv")]
    assert desk.visit(link).status == 200
    return list(csv.DictReader(io.StringIO(desk.html.removeprefix("\ufeff"))))


def test_the_csv_says_what_was_issued(desk, year):
    lines = saved(desk.visit("/staff/papers"))
    facts = [(row["種類"], row["取引年月日"], row["取引先"], row["取引金額"], row["税率"], row["消費税"], row["取消日"]) for row in lines]

    assert facts[:3] == [
        ("領収書", "2026-11-22", "株式会社𠮷野 御中", "13200", "10", "1200", ""),
        ("領収書", "2026-11-22", "見本 新", "12760", "10", "1160", ""),
        ("領収書", "2026-11-22", "見本 新", "13200", "10", "1200", "2026-11-22"),
    ]
    assert [row["SHA-256"] for row in lines] == [paper.sha256 for paper in Invoice.select().order_by(Invoice.number)]


@pytest.mark.parametrize(
    ("label", "text", "answer"),
    [(FIRST, "x", "年・月・日"), (LEAST, "1.5", "円の整数"), (MOST, "-1", "円の整数")],
)
def test_a_search_that_cannot_be_read_is_answered_at_the_field(desk, label, text, answer):
    desk.visit("/staff/papers").fill(label, text).press("検索する")

    assert desk.status == 422
    assert answer in desk.text(".error")


def test_a_range_that_ends_before_it_begins_is_refused(desk):
    desk.visit("/staff/papers").fill(LEAST, "2").fill(MOST, "1").press("検索する")

    assert "いくらから以上" in desk.text(".error")


def test_a_paper_is_shown_with_the_proof_that_nothing_was_changed(desk, year):
    desk.visit("/staff/papers").follow("1")

    assert "株式会社𠮷野 御中" in desk.text(".paper .to")
    assert Invoice.get(number=1).sha256 in desk.text(".done")
    assert desk.visit("/staff/papers/99").status == 404


def test_the_totals_of_months_stand_there(desk, year):
    desk.visit("/staff/papers").follow("月ごとの合計")
    november, december = ("".join(row.get_text().split()) for row in desk.page.soup.select("tbody tr"))

    assert november == "2026年11月10%2件25,960円0件0円25,960円2,360円1件13,200円"
    assert december.startswith("2026年12月10%1件")
    assert desk.visit("/staff/papers/months?year=1").says("この年に発行した書類はありません")


@pytest.fixture
def mixed(year, business_day) -> Shop:
    """The same two months, and in the second one: another rate, money given back with and without a paper, two papers issued again."""
    give_back(year, Order.get(paid_on=date(2026, 12, 1)), 10_000)
    reduced = replace(year, catalog=replace(CATALOG, tax_percent=8)).by(Method.WALLET)
    give_back(reduced, reduced.buy("yuki", selection=EVERYTHING), 12_000)
    give_back(year, year.buy("tsuki"), 9_999)
    for paper in Invoice.select().where(Invoice.number << (4, 7)):
        open_first(paper, "株式会社ミホソ 御中")
        reissue(Invoice.get_by_id(paper.id), "staff keiri", "宛名の誤り")
    return year


@pytest.mark.store
def test_the_totals_of_months_agree_with_the_audit_views_to_the_yen(mixed):
    views = {name: rows(f"SELECT * FROM audit_{name}") for name in ("invoices", "receipts", "lines", "orders")}
    totals = papers.months(2026)

    assert [(total.begins_on.month, total.percent) for total in totals] == [(11, 10), (12, 8), (12, 10)]
    assert [(total.receipts.count, total.returns.count, total.void.count) for total in totals] == [(2, 0, 1), (1, 1, 1), (2, 1, 1)]
    for total in totals:
        of_month = [row for row in views["invoices"] if str(row["issued_on"]).startswith(f"{total.begins_on:%Y-%m}")]
        mine = {kind: [row for row in of_month if (row["kind"], row["tax_percent"]) == (kind, total.percent)] for kind in KINDS}
        orders = {row["order_number"] for row in mine["receipt"]}
        money = [row for row in views["receipts"] if row["order_number"] in orders]
        lines = [row["yen"] for row in views["lines"] if row["order_number"] in orders]
        waived, returned = (sum(row["yen"] for row in money if row["source"] == source) for source in ("waived", "returned"))
        received = sum(row["yen"] for row in money) - waived - returned
        without_paper = sum(row["yen"] for row in money if row["source"] == "returned" and row["yen"] > -RETURN_FROM_YEN)

        assert total.receipts.yen == sum(row["total_yen"] for row in mine["receipt"]) == received == sum(lines) - waived
        assert total.receipts.tax == sum(row["tax_yen"] for row in mine["receipt"])
        assert total.returns.yen == sum(row["total_yen"] for row in mine["return"]) == without_paper - returned
        assert total.returns.tax == sum(row["tax_yen"] for row in mine["return"])
        assert total.void.yen == sum(row["total_yen"] for row in mine["void"])
    receipts = {(row["order_number"], str(row["issued_on"])[:7]) for row in views["invoices"] if row["kind"] == "receipt"}
    assert receipts == {(row["number"], str(row["paid_on"])[:7]) for row in views["orders"] if row["paid_on"]}

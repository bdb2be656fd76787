"""「お支払い履歴・領収書」: what customers read of their orders, how a paper is opened, and what it says when opened again."""

import csv
import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest

from models import Account, InvoiceAddressee, Order, Session
from portal import clock
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.enums import Method
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.purchase import INSTALLATION, Shop, later

OPEN, FILE = "この宛名で開く", "保存する"


@pytest.fixture
def shop(catalog, books, companies) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def paid(browser, shop) -> Browser:
    """A customer with a paid order, on the list."""
    a_customer(name="株式会社見本")
    shop.buy()
    return browser.sign_in("new").follow("お支払い履歴・領収書")


def opened(browser: Browser, name: str = "株式会社見本") -> Browser:
    return browser.visit("/papers/1").fill("宛名", name).press(OPEN)


def test_a_paid_order_stands_there_with_its_receipt(paid):
    order = Order.get()

    assert paid.says(order.number)
    assert all(paid.says(words) for words in ("新規契約", "入金確認済", "クレジットカード", "13,200円"))
    assert paid.new_tab().follow(order.number).h1 == "お支払いが完了しました", "also an old order has its page, with what was given back"
    assert paid.follow("領収書 1").h1 == "領収書の宛名"


def test_the_name_of_the_account_is_offered_with_its_honorific(paid):
    paid.visit("/papers/1")

    assert paid.page.soup.find("input", {"name": "addressee"})["value"] == "株式会社見本"
    assert paid.page.soup.select_one("[name=honorific][checked]")["value"] == "御中"


def test_a_receipt_says_everything_that_the_law_asks_for(paid):
    opened(paid)
    text = paid.text(".paper")

    named = (
        "領収書",
        "株式会社見本 御中",
        "領収金額 13,200円",
        "10%対象 領収金額13,200円",
        "うち消費税（10%）1,200円",
        "クレジットカード決済",
    )
    for words in (*named, "株式会社サンプルサーバー", "登録番号 T7123456789012", Order.get().number):
        assert "".join(words.split()) in "".join(text.split()), words
    assert "再発行" not in text


def test_opened_again_it_is_a_reissue_and_reloaded_it_is_not(paid):
    opened(paid)
    first = paid.url
    assert "再発行" not in paid.reload().text(".paper")
    assert "再発行" in paid.visit("/history").follow("領収書 1").text(".paper")
    with later(minutes=31):
        assert "再発行" in paid.sign_in("new").visit(first).text(".paper")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "宛名を入力してください。"),
        (" \u200b　", "宛名を入力してください。"),
        ("あ" * 500, "宛名は100文字までです。"),
        ("株式会社見本 御中", "「様」「御中」を付けずに"),
    ],
)
def test_a_wrong_addressee_is_answered_at_the_field_and_nothing_is_written(paid, typed, answer):
    opened(paid, typed)

    assert paid.status == 422
    assert all(answer in paid.text(place) for place in (".error", ".errors"))
    assert not InvoiceAddressee.select().exists()


@pytest.mark.parametrize("name", ["𠮷野家", "<script>alert(1)</script>", "髙﨑 & 子", "葛󠄀城"])
def test_any_name_is_printed_as_it_was_typed(paid, name):
    assert f"{name} 御中" in opened(paid, name).text(".paper .to")


def test_an_addressee_sent_after_the_sign_in_has_ended_is_there_after_the_next(paid):
    paid.visit("/papers/1").fill("宛名", "髙﨑")
    Session.update(seen_at=clock.real_now() - timedelta(hours=2)).execute()
    paid.press(OPEN)
    assert paid.says("ログインの有効期限が切れた")
    assert not InvoiceAddressee.select().exists()

    paid.sign_in("new").visit("/papers/1")

    assert paid.page.soup.find("input", {"name": "addressee"})["value"] == "髙﨑"


def test_an_addressee_is_never_written_twice(paid):
    tab = paid.new_tab().visit("/papers/1").fill("宛名", "別の名前")
    opened(paid)
    tab.press(OPEN)

    assert tab.says("宛名はあとから変えられません")
    assert "株式会社見本 御中" in tab.text(".paper .to")


@pytest.mark.store(only="postgresql")
def test_what_is_sent_for_an_opened_paper_is_not_even_offered_to_the_database(paid):
    opened(paid)

    paid.post_raw("/papers/1", {"addressee": "ほか", "honorific": "様" * 300})

    assert (paid.status, paid.says("この書類の宛名は、先に書かれています")) == (200, True)
    assert InvoiceAddressee.get().addressee == "株式会社見本 御中"


def test_the_saved_file_is_the_paper_alone_under_the_name_that_the_tax_agency_suggests(paid):
    opened(paid)
    address = next(link["href"] for link in paid.page.soup.find_all("a") if link.get_text() == FILE)
    answer = paid.client.get(address, base_url=paid.base_url)
    name = f"{clock.today():%Y%m%d}_株式会社サンプルサーバー_13200円_領収書"

    assert f"{name}.html" in unquote(answer.headers["Content-Disposition"])
    assert f"<title>{name}</title>" in answer.text
    assert not any(words in answer.text for words in ("再発行", "<nav"))
    assert answer.text.count("<h1") == 1
    assert not re.search(r"<(script|link|img)\b", answer.text)
    assert "再発行" in paid.client.get("/papers/1/file", base_url=paid.base_url).text


def test_a_file_is_not_saved_before_its_addressee_is_written(paid):
    assert paid.visit("/papers/1/file").h1 == "領収書の宛名"


def test_papers_of_another_account_are_not_found(paid):
    a_customer("other", name="別 人")
    other = paid.new_tab()
    other.press("ログアウト").sign_in("other")
    for address in ("/papers/1", "/papers/1/file", "/papers/2", f"/papers/{2**31}", "/papers/x", "/history/2026.csv"):
        assert other.visit(address).status == 404, address
    other.visit("/history")

    assert other.says("お申し込みはまだありません")
    assert other.post_raw("/papers/1", {"addressee": "x", "honorific": "様"}).status == 404
    assert other.post_raw(f"/history/{Order.get().number}/invoice").status == 404
    assert not InvoiceAddressee.select().exists()


def test_a_void_paper_says_so_and_asks_for_no_addressee(paid, shop):
    cancel_paid(Order.get(), clock.today(), shop.staff, "誤り", {Method.CARD: shop.company}, INSTALLATION)

    assert "取消" in paid.reload().text("table")
    assert "無効です" in paid.follow("領収書 1").text(".paper")
    assert "株式会社見本" in paid.text(".paper .to")


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ({"金額": "13,200円"}, True),
        ({"金額": "13,201"}, False),
        ({"種類": "新規契約"}, True),
        ({"種類": "自動更新"}, False),
        ({"いつから": "today", "いつまで": "today"}, True),
        ({"いつから": "tomorrow"}, False),
        ({"いつまで": "yesterday"}, False),
        ({"いつまで": "9999-12-31"}, True),
    ],
)
def test_orders_are_found_by_day_yen_and_kind(paid, typed, is_found):
    days = {"today": 0, "tomorrow": 1, "yesterday": -1}
    for label, text in typed.items():
        value = str(clock.today() + timedelta(days=days[text])) if text in days else text
        (paid.choose if label == "種類" else paid.fill)(*([value] if label == "種類" else [label, value]))
    paid.press("検索する")

    assert paid.says("見つかりませんでした") != is_found


@pytest.mark.parametrize(
    ("label", "text", "answer"),
    [
        ("いつから", "きのう", "年・月・日で入力してください"),
        ("いつまで", "2026-02-30", "年・月・日で入力してください"),
        ("金額", "-1", "円の整数で"),
    ],
)
def test_a_search_that_cannot_be_read_is_answered_at_the_field(paid, label, text, answer):
    paid.fill(label, text).press("検索する")

    assert paid.status == 422
    assert answer in paid.text(".error")


def test_a_search_that_ends_before_it_begins_is_refused(paid):
    paid.fill("いつから", "2026-11-02").fill("いつまで", "2026-11-01").press("検索する")

    assert "それより後の日にしてください" in paid.text(".error")


def test_a_year_is_saved_as_csv(browser, shop, business_day):
    business_day(date(2026, 11, 22))
    a_customer(name="=1+1")
    order = shop.buy()
    shop.place_for_transfer(shop.draft(kind="renew"))
    browser.sign_in("new").visit("/history")
    opened(browser, "=cmd()")
    answer = browser.client.get("/history/2026.csv", base_url=browser.base_url)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.text.startswith("\ufeff")
    assert "payments-2026.csv" in answer.headers["Content-Disposition"]
    assert [(row["申し込み番号"], row["入金状況"], row["書類"], row["書類の金額"], row["うち消費税"]) for row in rows] == [
        (order.number, "入金確認済", "領収書", "13200", "1200"),
        (Order.get(Order.kind == "renew").number, "お振込待ち", "", "", ""),
    ]
    assert rows[0]["宛名"].startswith("'=cmd()")


def test_an_order_by_transfer_has_an_invoice_when_it_is_asked_for(browser):
    a_customer(name="株式会社見本")
    steps.order_by_transfer(browser)
    browser.visit("/history").press("請求書を発行する")
    assert browser.h1 == "請求書の宛名"
    text = browser.press(OPEN).text(".paper")

    for words in ("請求書", "株式会社見本 御中", "ご請求金額", "お支払い期限", "お振込先", "適格請求書ではありません", Order.get().number):
        assert "".join(words.split()) in "".join(text.split()), words
    assert "登録番号" not in text
    assert not browser.visit("/history").says("請求書を発行する")


def test_an_order_that_waits_for_no_transfer_has_no_invoice(paid):
    number = Order.get().number
    paid.post_raw(f"/history/{number}/invoice")

    assert paid.says("お振り込みをお待ちしていません")
    assert paid.post_raw("/history/10000000/invoice").status == 404


def test_many_orders_are_paged(browser, shop):
    a_customer()
    account = Account.by_login("new")
    about = {"account": account, "kind": "renew", "state": "cancelled", "method": "card", "plan": "light", "total_yen": 1, "tax_yen": 0}
    moment = clock.now()
    for number in range(25):
        Order.create(number=str(10_000_000 + number), tax_percent=10, created_at=moment, placed_at=moment, **about)
    browser.sign_in("new").visit("/history").follow("次のページ")

    assert all(browser.says(words) for words in ("10000000", "前のページ"))


def test_the_receipt_is_there_right_after_the_payment(browser):
    a_customer()
    steps.pay(browser, "new")
    browser.visit("/").follow("お支払い履歴・領収書").follow("領収書 1")

    assert browser.h1 == "領収書の宛名"

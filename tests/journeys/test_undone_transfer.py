"""Staff undo an allocation: what the second look says, what the customer then reads, and what happens in the end."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Deposit, Mail, Order
from portal.catalog import Catalog
from portal.enums import MailKind
from tests import steps
from tests.browser import Browser
from tests.passes import expire_unpaid
from tests.staff_desk import a_bank_order, a_clerk, a_deposit, allocate, sign_in, undo

UNDONE_ON = date(2026, 12, 8)
RUNS_UNTIL = "2026年12月27日（日）まで"
CHECKED, BACK = "ご入金の確認をやり直しています", "取り消した契約期間が元に戻ります"


@pytest.fixture
def desk(app, settings, business_day: Callable) -> Browser:
    business_day(date(2026, 11, 24))
    return Browser(app, settings.public_url)


@pytest.fixture
def undone(desk: Browser, catalog: Catalog, business_day: Callable) -> tuple[Browser, Order, Deposit]:
    """A new contract, confirmed on 2026-11-24, undone on 12-08."""
    clerk = a_clerk()
    sign_in(desk, clerk)
    order = a_bank_order(catalog)
    deposit = a_deposit(clerk)
    allocate(desk, deposit, order)
    business_day(UNDONE_ON)
    undo(desk, deposit)
    return desk, order, deposit


def test_the_look_names_every_consequence_with_its_date(desk: Browser, catalog: Catalog, business_day: Callable) -> None:
    clerk = a_clerk()
    sign_in(desk, clerk)
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order)
    business_day(UNDONE_ON)
    desk.visit(f"/staff/deposits/{deposit.number}").follow("取り消す")

    desk.fill("理由", "別のお客様の入金").press("確認へ進む")

    for words in (
        "入金状況：入金確認済 → お振込待ち",
        "不足：0円 → 13,200円",
        "お支払い期限：2026年12月22日（火）。入金がなければ 2026年12月28日（月）に期限切れになります",
        "契約期間（取り消し）スタンダードプラン：2026年11月24日（火）から2027年11月30日（火）まで",
        f"{RUNS_UNTIL}利用できます（契約期間ではありません）",
        "このあとの停止スタンダードプラン：2027年12月1日（水） → 2026年12月28日（月）",
        "このあとの解約スタンダードプラン：2027年12月15日（水） → 2027年1月11日（月）",
        "「【かわせみサーバー】ご入金の確認をやり直しています」を new@example.jp へ",
        "訂正：スタンダードプラン",
    ):
        assert desk.says(words, "#look"), words


def test_the_customer_reads_that_the_service_runs_on_and_pays_once_more(
    undone: tuple[Browser, Order, Deposit], browser: Browser, business_day: Callable
) -> None:
    desk, order, deposit = undone
    steps.go(browser, "/")
    assert browser.says(f"ご入金の確認をやり直しています。{RUNS_UNTIL}ご利用いただけます")
    browser.visit("/contract")
    assert browser.says(f"ご入金の確認をやり直しています。{RUNS_UNTIL}ご利用いただけます")
    assert browser.says("お振込待ち", "#status")
    assert browser.says("2026年12月22日（火）", "#status")
    assert not browser.says("契約終了")
    assert browser.visit(f"/orders/{order.number}").says(BACK)
    assert not browser.visit(f"/orders/{order.number}").says("お申し込みを受け付けました。")
    browser.visit("/contract")
    assert not browser.offers("新規契約のお申し込みへ進む")
    assert browser.visit("/contract/timeline").says("2026年12月28日（月）")
    assert "別のお客様の入金" in Mail.get(Mail.kind == MailKind.ALLOCATION_UNDONE).body

    allocate(desk, deposit, order)

    browser.visit("/contract")
    assert browser.says("2026年11月24日（火）から")
    assert browser.says("2027年11月30日（火）まで")
    assert browser.says("入金確認済", "#status")
    assert not browser.says("やり直しています")


def test_paid_by_card_instead_the_final_screen_names_the_days_that_it_had(undone: tuple[Browser, Order, Deposit], browser: Browser) -> None:
    _, order, _ = undone
    steps.go(browser, f"/orders/{order.number}/payment")

    browser.choose("クレジットカード").press("選んだ方法の説明を見る")
    steps.enter_card(browser.press("クレジットカード情報入力"))

    assert browser.says("2026年11月24日（火）から")
    assert browser.says("2027年11月30日（火）まで")
    browser.press("OK")
    assert browser.visit("/contract").says("2027年11月30日（火）まで")


def test_after_its_due_date_the_order_is_awaited_and_staff_still_see_the_contract(
    undone: tuple[Browser, Order, Deposit], business_day: Callable
) -> None:
    desk, order, _ = undone

    business_day(date(2026, 12, 10))

    assert expire_unpaid() == 0
    assert Order.get_by_id(order.id).is_placed
    assert desk.visit("/staff/accounts/new").says("入金の取り消しのため、この日まで")
    assert desk.visit("/staff/accounts").says("入金の取り消し")


def test_with_a_part_left_the_customer_reads_until_when_it_runs_and_nothing_begins(
    desk: Browser, browser: Browser, catalog: Catalog, business_day: Callable
) -> None:
    clerk, order = a_clerk(), a_bank_order(catalog)
    sign_in(desk, clerk)
    parts = [a_deposit(clerk, yen) for yen in (6_000, 7_200)]
    for deposit in parts:
        allocate(desk, deposit, order, yen=f"{deposit.yen}")
    business_day(UNDONE_ON)
    undo(desk, parts[0])

    steps.go(browser, "/contract")
    assert browser.says("あと6,000円のお振り込みが必要です")
    assert browser.says(f"担当者が{CHECKED}。", "#status")
    assert browser.says(f"全額のご入金を確認すると、{BACK}", "#status")
    assert browser.says(f"サーバーは{RUNS_UNTIL}、そのままご利用いただけます", "#status")
    assert browser.says("2026年12月28日（月）に停止し、2027年1月11日（月）に解約となります", "#status")
    assert browser.visit(f"/orders/{order.number}").says(BACK)
    browser.visit("/contract").press("お支払い情報をメールで再送する")
    undo(desk, parts[1])
    allocate(desk, parts[0], order, yen="6000")
    for kind in (MailKind.ORDER_ACCEPTED, MailKind.PART_RECEIVED):
        told = Mail.select().where(Mail.kind == kind).order_by(Mail.id.desc()).get().body
        assert BACK in told
        assert "ご入金を確認した日から" not in told
    for page in ("/", "/contract", f"/orders/{order.number}"):
        assert not browser.visit(page).says("ご利用を開始")


def test_declined_by_the_card_it_still_gives_the_days_back(undone: tuple[Browser, Order, Deposit], browser: Browser) -> None:
    steps.go(browser, f"/orders/{undone[1].number}/payment").choose("クレジットカード").press("選んだ方法の説明を見る")
    steps.enter_card(browser.press("クレジットカード情報入力"), steps.REFUSED)
    assert browser.says(BACK)
    assert not browser.says("いまの終了日の翌日")
    browser.press("OK")

    assert browser.visit("/contract").says(f"お支払いが完了すると、{BACK}", "#status")


def test_once_its_order_is_over_nobody_checks_any_more(undone: tuple[Browser, Order, Deposit], browser: Browser) -> None:
    steps.go(browser, "/contract").follow("お申し込みを取り消す").press("OK")

    assert browser.visit("/contract").says(f"お支払いを確認できていません。{RUNS_UNTIL}ご利用いただけます")
    assert browser.says("お手続きがない場合は、2026年12月28日（月）に停止し")
    for page in ("/", "/contract"):
        assert not browser.visit(page).says(CHECKED)
        assert not browser.says("ご入金を確認できない場合")


def test_after_it_was_cancelled_for_good_the_next_transfer_is_an_order_like_any_other(
    desk: Browser, browser: Browser, catalog: Catalog, business_day: Callable
) -> None:
    clerk, order = a_clerk(), a_bank_order(catalog)
    sign_in(desk, clerk)
    allocate(desk, a_deposit(clerk), order)
    business_day(UNDONE_ON)
    desk.visit(f"/staff/orders/{order.number}").follow("申し込みを取り消して返金する")
    desk.fill("利用できる最後の日", "2026-12-20").fill("理由", "ご希望").press("確認へ進む").press("OK")
    steps.go(browser, "/contract").press("契約更新の操作へ進む")
    browser.press("お支払い方法選択へ").choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る")
    browser.press("お支払い").press("OK")

    browser.visit("/contract")
    assert browser.says("更新のご入金を待っています")
    assert browser.says("お申し込みを取り消しました。2026年12月20日（日）までご利用いただけます")
    assert not browser.says(CHECKED)

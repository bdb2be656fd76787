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

"""The page of one customer answers: why was, or was not, this charged?"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Account, Event
from portal import clock
from portal.actions.orders.drafts import cancel
from portal.actions.renewals import billing_run
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.staff.happenings import HappeningKind
from portal.actions.transfers import held_money
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.choices import a_selection
from tests.factories import a_customer
from tests.purchase import Shop
from tests.staff_desk import Clerk, a_bank_order, a_deposit

PAGE = "/staff/accounts/new"


@pytest.fixture
def shop(catalog: Catalog, books: object, companies: object) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def renewing(shop: Shop, business_day: Callable) -> Account:
    """A server by card until the end of December, charged on the 5th."""
    business_day(date(2026, 11, 22))
    a_customer()
    shop.buy(selection=a_selection(months=1))
    return Account.by_login("new")


def work(shop: Shop) -> None:
    list(billing_run.process_due_accounts(BillingContext(shop.catalog, shop.companies, "test")))


def days(browser: Browser) -> list[str]:
    """Each once: a customer's page has the days of a failed payment in a branch of their own."""
    return sorted({day["datetime"] for day in browser.page.soup.select(".line > li > b time")})


def test_the_timeline_is_the_customers_own(app: Flask, settings: Settings, desk: Browser, renewing: Account) -> None:
    customer = Browser(app, settings.public_url).sign_in("new").visit("/contract/timeline")

    desk.visit(PAGE)

    assert days(desk) == days(customer)
    assert "2026-12-05" in days(desk)
    assert desk.says("次の自動更新2026年12月5日（土） 1,320円", ".card")


def test_the_next_look_of_the_worker_and_its_reason_are_named(desk: Browser, renewing: Account, shop: Shop) -> None:
    work(shop)

    assert desk.visit(PAGE).says("2026年11月28日（土）：更新のお知らせメール", ".card")


def test_the_reason_why_nothing_was_charged_comes_first(desk: Browser, renewing: Account, shop: Shop, business_day: Callable) -> None:
    order = shop.place_for_transfer(shop.draft("new", "renew"), a_selection(backup_months=3))
    business_day(date(2026, 12, 5))
    work(shop)

    desk.visit(PAGE)

    assert desk.says(f"ほかの申し込みの結果待ち。申し込み {order.number} の結果を待っているため", ".notice")
    assert desk.says("2026-12-31に終わる契約の自動更新", ".notice")

    cancel(order, "test", "test")
    work(shop)
    business_day(date(2026, 12, 10))
    work(shop)
    assert desk.visit(PAGE).text(".notice") == "", "it was charged meanwhile"
    assert desk.visit(f"{PAGE}?what=event").says("ほかの申し込みの結果待ち", "main")


def test_money_that_waits_for_staff_is_named(desk: Browser, clerk: Clerk, renewing: Account) -> None:
    deposit = a_deposit(clerk, 3_000)
    held_money.hold_for_customer(deposit, renewing.latest_order, clerk.staff, "二重のお振り込み")

    assert desk.visit(PAGE).says("お預かりしている金額：3,000円", ".notice")


def test_everything_of_the_customer_is_listed_by_kind(desk: Browser, renewing: Account) -> None:
    number = renewing.latest_order.number
    assert [kind.label for kind in HappeningKind] == desk.visit(PAGE).text("#all + nav").split()

    for kind, words in {
        HappeningKind.ORDER: f"{number} 新規契約・クレジットカード：支払い済み 1,320円",
        HappeningKind.PAYMENT: f"{number} クレジットカード：支払い済み 1,320円",
        HappeningKind.MONEY: f"{number} クレジットカード 1,320円",
        HappeningKind.TERM: f"{number} スタンダードプラン 2026-11-22から2026-12-31まで",
        HappeningKind.MAIL: "ご入金を確認しました：送信待ち",
        HappeningKind.EVENT: f"申し込み {number}：作成中 → 申し込み済み。申し込み 1,320円（お客様 new）",
    }.items():
        desk.visit(f"{PAGE}?what={kind}")
        assert desk.says(words, "main"), kind

    desk.visit(f"{PAGE}?what=confirmation").follow("申し込みの最終確認")
    assert desk.h1 == "最終確認の内容（見本 新 様）"
    assert desk.says("確認画面", "main")


def test_a_long_past_is_paged(desk: Browser, renewing: Account) -> None:
    said = {"entity": "account new", "to_state": "open", "actor": "portal", "at": clock.now(), "account": renewing}
    Event.insert_many([said | {"reason": f"{place}回目"} for place in range(15)]).execute()

    desk.visit(PAGE).follow("次のページ")

    assert desk.says("アカウントを作成", "main")
    assert desk.follow("前のページ").says("1ページ目")


def test_a_customer_without_a_contract_has_a_page(desk: Browser) -> None:
    a_customer()

    assert desk.visit(PAGE).says("いまの契約はありません")
    assert desk.visit("/staff/accounts/nobody").status == 404
    assert desk.visit(f"{PAGE}?what=nonsense&page=x").status == 200


def test_a_confirmation_is_shown_only_with_its_customer(desk: Browser, renewing: Account, catalog: Catalog) -> None:
    a_bank_order(catalog, "other")
    foreign = Account.by_login("other").confirmations.get().id

    assert desk.visit(f"{PAGE}/confirmations/{foreign}").status == 404

"""Withdrawn products: no new customer buys them, no automatic charge includes them, and no page breaks."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from models import Mail, Order, Subscription
from portal.actions.renewals.withdrawn import accounts_with_withdrawn
from portal.catalog import load_catalog
from portal.rules.renewals import by_hand
from portal.rules.renewals.quote import NOT_SOLD, WITHOUT_SERVER
from tests import balance, steps
from tests.browser import Browser
from tests.clock_days import Worker, at
from tests.factories import a_customer
from tests.products.conftest import Folder

LATER = "次回の自動更新から変更する（今は支払わない）"
PAGES = ("/", "/contract", "/contract/timeline", "/renewal/change", "/renewal/reservation", "/renewal/method", "/renewal/reset")
OTHERS = ("/account", "/mails", "/documents/backup-terms/2026-04-01")
OPTIONS = [("backup", "バックアップオプション"), ("device", "デバイスセキュリティ"), ("ssl", "独自SSL")]


@pytest.fixture
def contracted(app: Flask, browser: Browser) -> Browser:
    """Server and every option for a month that ends on 2025-11-30, by card; the certificate for a year."""
    a_customer("new")
    with at(2025, 10, 20, 10):
        form = steps.to_the_form(browser).choose("1か月 1,320円").choose("クイック認証", under="独自SSL")
        form.choose("1か月", under=steps.BACKUP).choose("1か月", under=steps.DEVICE)
        form.tick(steps.SERVER_TERMS).tick(steps.SSL_TERMS).tick(steps.BACKUP_TERMS).tick(steps.DEVICE_TERMS)
        steps.enter_card(form.press("お支払い方法選択へ").press("クレジットカード情報入力")).press("OK")
    Subscription.update(renews=True).execute()  # the certificate's own switch
    return browser


@pytest.mark.parametrize(("product", "name"), OPTIONS)
def test_a_withdrawn_product_is_not_offered_to_a_new_customer(
    folder: Folder, app: Flask, browser: Browser, product: str, name: str
) -> None:
    app.extensions["catalog"] = folder.withdraw(product)
    a_customer("new")
    form = steps.to_the_form(browser)
    assert not form.says(name, "#choices")

    form.choose("1か月 1,320円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ", forged={product: "12", f"{product}_months": "12"})
    assert form.h1 == "お支払い方法"
    assert form.says("1,320円")


@pytest.mark.parametrize(("product", "name"), [OPTIONS[0], OPTIONS[1]])
def test_a_withdrawn_option_is_not_charged_and_the_notice_says_so(
    folder: Folder, app: Flask, contracted: Browser, worker: Worker, product: str, name: str
) -> None:
    app.extensions["catalog"] = folder.withdraw(product)
    with at(2025, 10, 22, 10):
        assert steps.go(contracted, "/contract").says(f"{name}：{NOT_SOLD}")
    worker.comes(2025, 10, 29, 10)
    notice = "".join(Mail.select().where(Mail.kind == "renewal_notice").get().body.split())
    assert name in notice
    assert NOT_SOLD in notice

    worker.comes(2025, 11, 5, 10)
    assert {line.product for line in Order.get(Order.kind == "auto").lines} == {"server", "backup", "device"} - {product}


@pytest.mark.parametrize("product", ["backup", "device", "ssl", "quick"])
def test_a_withdrawn_option_breaks_no_page_and_cannot_be_renewed_manually(
    folder: Folder, app: Flask, contracted: Browser, product: str
) -> None:
    app.extensions["catalog"] = folder.withdraw(product)
    with at(2025, 10, 22, 10):
        for address in (*PAGES, *OTHERS):
            assert steps.go(contracted, address).status == 200, address
        steps.open_renewal(contracted)
        assert contracted.says(by_hand.NOT_SOLD, "#choices")
        contracted.press("お支払い方法選択へ", forged={"backup": "1", "device_months": "1", "certificate_2": "renewed"})
        assert contracted.status == 422


@pytest.mark.parametrize("gone", ["backup", "device", "ssl"])
def test_a_product_removed_from_the_catalog_breaks_no_page(folder: Folder, app: Flask, contracted: Browser, gone: str) -> None:
    catalog = load_catalog(folder.path)
    left = tuple(product for product in catalog.products if product.id != gone)
    app.extensions["catalog"] = replace(catalog, products=left)
    with at(2025, 10, 22, 10):
        for address in (*PAGES, *OTHERS):
            assert steps.go(contracted, address).status == 200, address
        steps.open_renewal(contracted)
        assert contracted.says(by_hand.NOT_SOLD, "#choices")
        contracted.press("金額を再計算する")
        assert contracted.status == 200


@pytest.mark.parametrize("withdrawn", ["server", "standard"])
def test_a_withdrawn_plan_is_not_charged_and_breaks_no_page(
    folder: Folder, app: Flask, contracted: Browser, worker: Worker, withdrawn: str
) -> None:
    app.extensions["catalog"] = folder.withdraw(withdrawn)
    with at(2025, 10, 22, 10):
        for address in ("/", "/contract", "/contract/timeline", "/renewal/change", "/renewal/method", "/renewal/reset"):
            assert steps.go(contracted, address).status == 200, address
        assert steps.go(contracted, "/contract").says(NOT_SOLD)
        assert contracted.says(WITHOUT_SERVER)
    worker.comes(2025, 11, 5, 10)

    assert not Order.select().where(Order.kind == "auto").exists()


@pytest.mark.parametrize("withdrawn", ["server", "standard"])
def test_with_the_plan_withdrawn_a_new_customer_reads_whom_to_contact(folder: Folder, app: Flask, browser: Browser, withdrawn: str) -> None:
    app.extensions["catalog"] = folder.withdraw(withdrawn)
    a_customer("new")

    assert browser.sign_in("new").visit("/contract").says("現在お申し込みいただけるプランがありません")


def test_a_reserved_option_is_not_charged_once_it_is_withdrawn(folder: Folder, app: Flask, browser: Browser, worker: Worker) -> None:
    a_customer("new")
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
        steps.go(browser, "/renewal/change").follow(LATER).choose("1か月", under=steps.BACKUP).tick(steps.BACKUP_TERMS)
        browser.press("最終確認へ進む").press("OK（この内容で次回の自動更新を予約する）")
        app.extensions["catalog"] = folder.withdraw("backup")
        assert browser.visit("/contract").says(f"バックアップオプション：{NOT_SOLD}")
    worker.comes(2025, 11, 5, 10)

    assert Order.get(Order.kind == "auto").total_yen == 1_320
    assert {product for product, *_ in balance.terms()} == {"server"}


def test_an_order_placed_before_the_withdrawal_is_paid_and_begins(folder: Folder, app: Flask, browser: Browser, worker: Worker) -> None:
    a_customer("new")
    with at(2025, 10, 20, 10):
        form = steps.to_the_form(browser).choose("1か月 1,320円").choose("1か月", under=steps.BACKUP)
        form.tick(steps.SERVER_TERMS).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")
        steps.enter_card(form, steps.ANSWER_LOST).press("OK")
        app.extensions["catalog"] = folder.withdraw("backup")
    worker.comes(2025, 10, 20, 10, 30)

    assert ("backup", date(2025, 10, 20), date(2025, 11, 30)) in balance.terms()


@pytest.mark.parametrize(
    ("withdrawn", "concerned"),
    [
        ("backup", {"バックアップオプション": 1}),
        ("quick", {"独自SSL（クイック認証）": 1}),
        ("standard", {"スタンダードプラン": 1}),
        ("server", {"スタンダードプラン": 1}),
        ("ev", {}),
    ],
)
def test_the_check_of_a_catalog_knows_how_many_accounts_are_concerned(
    folder: Folder, contracted: Browser, withdrawn: str, concerned: dict[str, int]
) -> None:
    assert accounts_with_withdrawn(folder.withdraw(withdrawn)) == concerned


def test_with_the_plan_withdrawn_the_options_can_still_be_renewed(folder: Folder, app: Flask, contracted: Browser) -> None:
    app.extensions["catalog"] = folder.withdraw("standard")
    with at(2025, 10, 22, 10):
        steps.open_renewal(steps.go(contracted, "/contract"))

        assert contracted.says(by_hand.NOT_SOLD, "#choices")
        contracted.choose("1か月", under=steps.BACKUP).tick(steps.BACKUP_TERMS).tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")

        assert contracted.h1 == "お支払い方法"


def test_with_the_plan_withdrawn_a_stopped_server_has_no_button_that_cannot_work(
    folder: Folder, app: Flask, contracted: Browser, worker: Worker
) -> None:
    app.extensions["catalog"] = folder.withdraw("standard")
    worker.comes(2025, 12, 1, 10)
    with at(2025, 12, 2, 10):
        for address in ("/", "/contract", "/renewal/stopped"):
            assert not steps.go(contracted, address).offers("契約更新の操作へ進む"), address
        assert contracted.visit("/contract").says("お取り扱いを終了した")

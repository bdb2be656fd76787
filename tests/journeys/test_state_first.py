"""コントロールパネル and 「サーバー契約・更新」 begin with where the contract stands, and have at most one solid button."""

import re
from datetime import date

import pytest
from flask import Flask, render_template_string

from models import Account, Mail, Order
from portal.rules.renewals.contract_state import ContractState
from portal.screens.contract_card import ContractCard
from portal.screens.overview import Overview
from tests import bank, steps
from tests.browser import Browser
from tests.clock_days import Worker, at

PAGES = ("/", "/contract")
SHOW = '{% import "components/contract_card.html" as contract_card with context %}{{ contract_card.show(card, brief=true) }}'
# These have values of their own, and their journeys elsewhere: a charge, a refused payment, an order or a contract that is over.
NEED_MORE = {
    ContractState.FAILED,
    ContractState.REFUSED,
    ContractState.NEXT_PAID,
    ContractState.CARD_EXPIRES,
    ContractState.EXPIRED,
    ContractState.ENDED,
    ContractState.ENDED_WITHDRAWN,
}
UNLESS = "お手続きがない場合"


def solid(browser: Browser) -> list[str]:
    return [" ".join(tag.get_text().split()) for tag in browser.page.soup.select("main .main")]


def first_after_the_heading(browser: Browser) -> str:
    """The id of the first thing that is shown below the h1."""
    shown = [tag for tag in browser.page.soup.h1.find_next_siblings() if tag.get("id") != "poll"]
    return shown[0].get("id", "")


@pytest.fixture
def renewing_by_transfer(browser: Browser) -> Browser:
    """A server for one month, renewed by transfer ten days before its end; the transfer is reported."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).visit("/renewal/reset").press("OK")
    with at(2025, 11, 20, 10):
        steps.go(browser, "/contract").press("契約更新の操作へ進む").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")
    return browser


def test_while_a_renewal_is_awaited_nothing_leads_to_a_second_order_and_the_page_says_what_the_money_does(
    renewing_by_transfer: Browser,
) -> None:
    browser = renewing_by_transfer
    number = Order.select().order_by(Order.id.desc()).get().number
    with at(2025, 11, 21, 10):
        for page in PAGES:
            steps.go(browser, page)
            assert first_after_the_heading(browser) == "status"
            assert browser.says("更新のご入金を待っています", "#status h2")
            assert browser.says("ご入金を確認すると、スタンダードプランが2025年12月31日（水）まで更新されます", "#status")
            assert browser.says("サーバーは2025年11月30日（日）まで、そのままご利用いただけます", "#status")
            assert solid(browser) == ["振り込みました"]
            assert not browser.says(UNLESS)
            assert not browser.offers("契約更新の操作へ進む")
        assert browser.says(f"内容を変えて申し込み直す 新しいお申し込みを確定すると、{number} は取り消されます")

        browser.follow("振り込みました").fill("振込名義", "ミホン タロウ").press("連絡する")
        for page in PAGES:
            browser.visit(page)
            assert browser.says("お振り込みを確認しています", "#status h2")
            assert solid(browser) == []
            assert not browser.says(UNLESS)


def test_a_stopped_server_is_told_first_with_the_days_left_and_one_button(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).visit("/renewal/reset").press("OK")
    worker.comes(2025, 12, 1, 0, 5)

    with at(2025, 12, 10, 10):
        for page in PAGES:
            steps.go(browser, page)
            assert first_after_the_heading(browser) == "status"
            assert browser.text("#status h2") == "サーバーを停止しています。お支払い期限まで あと4日"
            assert browser.text("#status .tag") == "停止中"
            assert browser.says("2025年12月15日（月）に解約となり、データを削除します", "#status")
            assert solid(browser) == ["契約更新の操作へ進む"]
        browser.press("契約更新の操作へ進む").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")
        for page in PAGES:
            browser.visit(page)
            assert browser.says("サーバーを停止しています。ご入金を待っています", "#status h2")
            assert solid(browser) == ["振り込みました"]
        bank.pay_in(Order.select().order_by(Order.id.desc()).get(), on=date(2025, 12, 10))
        for page in PAGES:
            browser.visit(page)
            assert browser.says("2025年12月31日（水）まで ご利用いただけます", "#status h2")
            assert browser.text("#status .tag") == "入金確認済"


def test_the_next_charge_is_the_next_one_also_of_an_option_and_what_ends_is_named(browser: Browser) -> None:
    """The server is paid for a year, the backup month by month."""
    with at(2025, 10, 20, 10):
        steps.to_the_form(browser).choose("12か月 13,200円").tick(steps.SERVER_TERMS)
        browser.choose("1か月 440円", under=steps.BACKUP).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
        steps.by_card(browser).press("OK")
        browser.visit("/")
        assert browser.says("次回は2025年11月5日（水）に 440円 をお支払い、バックアップオプションが自動で更新されます", "#status")
        assert browser.says("サーバーは2026年10月5日（月）に 13,200円 をお支払い、自動で更新されます。お手続きは不要です", "#status")
        browser.visit("/backup").follow("バックアップの自動更新をオフにする").press("OK")
    with at(2025, 11, 2, 10):
        steps.go(browser, "/")
        assert browser.says("次回は2026年10月5日（月）に 13,200円 をお支払い、自動で更新されます。", "#status")
        assert browser.says("バックアップオプション：2025年11月30日（日）に終了します", "#status")
        assert not browser.says("お手続きは不要です", "#status")
        browser.visit("/renewal/reset").press("OK")
        browser.visit("/")
        assert browser.says("バックアップオプション：2025年11月30日（日）に終了します", "#status")


@pytest.fixture
def stopped_and_ordered(browser: Browser, worker: Worker) -> Browser:
    """停止中 since December 1st, renewed by transfer on the 10th: due on Sunday the 14th, 解約 on the 18th."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).visit("/renewal/reset").press("OK")
    worker.comes(2025, 12, 1, 0, 5)
    with at(2025, 12, 10, 10):
        steps.go(browser, "/contract").press("契約更新の操作へ進む").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")
    return browser


def test_whoever_has_reported_a_transfer_is_not_asked_for_another_while_the_server_is_stopped(stopped_and_ordered: Browser) -> None:
    browser = stopped_and_ordered
    with at(2025, 12, 10, 11):
        steps.go(browser, "/contract").follow("振り込みました").fill("振込名義", "ミホン タロウ").press("連絡する")
        for page in PAGES:
            browser.visit(page)
            assert browser.text("#status h2") == "サーバーを停止しています。お振り込みを確認しています"
            assert browser.says("もう一度お振り込みいただく必要はありません。通常2025年12月15日（月）までに確認します。", "#status")
            assert browser.says("2025年12月18日（木）に解約となり", "#status")
            assert not browser.says("をお振り込みください")
            assert not browser.says("本日お振り込みの場合")
            assert solid(browser) == []
    with at(2025, 12, 16, 10):
        assert steps.go(browser, "/contract").says("通常の確認の日（2025年12月15日（月））を過ぎています。お問い合わせ窓口へ", "#status")


def test_nobody_is_asked_to_transfer_by_a_day_that_is_over(stopped_and_ordered: Browser) -> None:
    browser = stopped_and_ordered
    with at(2025, 12, 14, 23, 59):
        assert steps.go(browser, "/contract").says("2025年12月14日（日）までに 1,320円をお振り込みください", "#status")
    with at(2025, 12, 15, 0, 1):
        for page in PAGES:
            steps.go(browser, page)
            assert browser.text("#status h2") == "サーバーを停止しています。お支払い期限を過ぎています"
            assert browser.says("お支払い期限は2025年12月14日（日）でした。", "#status")
            assert browser.says("まだの場合は、お振り込みの前にお問い合わせ窓口へご連絡ください", "#status")
            assert not browser.says("をお振り込みください")
            assert not browser.says("本日お振り込みの場合")
        number = Order.select().order_by(Order.id.desc()).get().number
        assert not browser.visit(f"/orders/{number}").says("お支払い情報のとおりにお振り込みください")
        browser.visit("/contract").press("お支払い情報をメールで再送する")
        mail = Mail.select().order_by(Mail.id.desc()).get()
        assert "お支払い期限を過ぎています。" in mail.body
        assert "へお振り込みください" not in mail.body


def test_a_stopped_server_can_still_be_paid_at_once_until_the_day_that_is_told(stopped_and_ordered: Browser) -> None:
    browser = stopped_and_ordered
    said = "2025年12月17日（水）までは、「ほかのお支払い方法に変更する」から、クレジットカード・おさいぽ!でお支払いいただくこともできます。"
    with at(2025, 12, 17, 23, 50):
        assert steps.go(browser, "/contract").says(said, "#status")
        browser.follow("ほかのお支払い方法に変更する").choose("クレジットカード").press("選んだ方法の説明を見る")
        steps.by_card(browser).press("OK")
        assert browser.visit("/contract").says("2025年12月31日（水）まで ご利用いただけます", "#status h2")


def test_the_words_of_rare_states_can_be_said(browser: Browser, worker: Worker, app: Flask) -> None:
    """With the values of a stopped server whose renewal is paid in part: each has at least these."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).visit("/renewal/reset").press("OK")
    worker.comes(2025, 12, 1, 0, 5)
    with at(2025, 12, 10, 10):
        steps.go(browser, "/contract").press("契約更新の操作へ進む").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")
        bank.pay_in(Order.select().order_by(Order.id.desc()).get(), 200, on=date(2025, 12, 10))
        assert browser.visit("/contract").text("#status h2") == "サーバーを停止しています。あと1,120円のお振り込みが必要です"

        for state in set(ContractState) - NEED_MORE:
            with app.test_request_context("/contract"):
                card = ContractCard(Overview(Account.get()))
                vars(card)["state"] = state
                page = render_template_string(SHOW, card=card)

            assert f'<h2 id="now">{card.sentence}</h2>' in page
            assert page.count("<p>") >= 2, state
            assert not re.search(r"None|\{\w+\}|、、|。。", page), state

"""Every page of ご利用ガイド, followed word by word by somebody who knows nothing else. docs/guide.md names these tests."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Order, RenewalSetting, Subscription
from portal.demo.hosting_side import answer_what_is_asked
from portal.rules.documents.guide import GUIDE
from tests import balance, bank, steps
from tests.browser import Browser
from tests.clock_days import at
from tests.factories import a_customer
from tests.guide.walk import Walk

TERMS = (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS)


@pytest.fixture(autouse=True)
def newcomer(app: object) -> None:
    a_customer("new")


@pytest.fixture
def contracted(browser: Browser) -> Browser:
    """A month until 2025-11-30 that renews by card; it is 2025-10-21, and nobody has signed in."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).press("ログアウト")
    with at(2025, 10, 21, 10):
        yield browser


@pytest.mark.parametrize("page", GUIDE)
def test_every_page_of_the_guide_is_one_step_from_its_contents(browser: Browser, page: str) -> None:
    assert browser.visit("/guide").follow(GUIDE[page]).url == f"/guide/{page}"
    assert browser.h1 == GUIDE[page]
    assert {words for words in GUIDE.values() if words != GUIDE[page]} <= {
        link.get_text() for link in browser.page.soup.select("main li a")
    }


def test_a_newcomer_contracts_a_server_with_every_option(browser: Browser) -> None:
    walk = Walk(browser, "new").signs_in().follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    walk.browser.choose("12か月 13,200円")
    walk.reads("独自SSL").browser.choose("クイック認証", under="独自SSL")
    walk.reads("バックアップオプション").browser.choose("12か月", under=steps.BACKUP)
    walk.reads("デバイスセキュリティ").browser.choose("12か月", under=steps.DEVICE).fill("台数", "3")
    for terms in TERMS:
        walk.choose(terms)
    walk.press("お支払い方法選択へ")

    assert browser.h1 == "お支払い方法"
    browser.follow("内容を変更する")
    walk.press("金額を再計算する").is_over()
    assert browser.says("お見積り合計", "#estimate")


def test_each_kind_of_certificate_can_be_chosen_and_only_one(browser: Browser) -> None:
    steps.to_the_form(browser)
    for kind, yen in (("クイック認証", "11,000円"), ("企業認証", "55,000円"), ("EV SSL", "107,800円")):
        browser.choose(kind, under="独自SSL").press("金額を再計算する")
        assert browser.says(f"独自SSL（{kind}）", "#estimate table")
        assert browser.says(yen, "#estimate table")
        assert browser.text("#estimate table").count("独自SSL") == 1


def test_a_newcomer_pays_by_card(browser: Browser) -> None:
    walk = Walk(browser, "card")
    steps.to_the_form(browser).tick(steps.SERVER_TERMS)
    walk.press("お支払い方法選択へ").choose("クレジットカード").press("クレジットカード情報入力")
    browser.fill("カード番号", steps.GOOD).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")
    walk.press("送信する").press("OK")
    assert browser.h1 == "お支払いが完了しました"
    walk.follow("サーバー契約・更新").reads("入金確認済", "#status").is_over()

    assert Subscription.get().renews


def test_a_newcomer_pays_by_wallet(browser: Browser) -> None:
    walk = Walk(browser, "osaipo")
    steps.to_the_form(browser).choose("12か月 13,200円").tick(steps.SERVER_TERMS)
    walk.press("お支払い方法選択へ").choose("おさいぽ!").press("選んだ方法の説明を見る").choose_from("自動更新日", "毎回 15日").press(
        "お支払い"
    )
    walk.fill("おさいぽ!ID", steps.WALLET).press("おさいぽ!IDを認証する").fill("パスワード", steps.WALLET_PASSWORD).press("ログイン").press(
        "OK"
    )
    assert browser.says("13,200円")
    walk.press("おさいぽ!ポイントから支払う").press("OK").follow("サーバー契約・更新").reads("入金確認済", "#status").is_over()

    assert (RenewalSetting.get().method, RenewalSetting.get().wallet_day) == ("wallet", 15)


def test_with_a_linked_wallet_the_guide_leads_on_at_step_6(browser: Browser) -> None:
    steps.buy_a_month_by_wallet(browser)
    steps.open_renewal(browser).press("お支払い方法選択へ")
    browser.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
    amount = browser.url
    browser.visit("/guide/osaipo")
    sixth = browser.page.soup.select("main ol > li")[5].b.get_text()

    assert browser.says("認証がお済みの場合は、手順6へ進みます")
    assert browser.visit(amount).offers(sixth)


def test_a_newcomer_pays_by_transfer(browser: Browser) -> None:
    walk = Walk(browser, "transfer")
    steps.to_the_form(browser).tick(steps.SERVER_TERMS)
    walk.press("お支払い方法選択へ").choose("銀行振込").press("選んだ方法の説明を見る").press("お支払い").press("OK")
    assert browser.says("テスト銀行")
    walk.follow("戻る")
    assert browser.says("テスト銀行")
    walk.follow("振り込みました")
    bank.pay_in(Order.get())
    walk.follow("サーバー契約・更新").reads("入金確認済", "#status").is_over()
    assert browser.says("入金状況")

    assert not RenewalSetting.select().exists()


def test_a_certificate_is_set_up_and_renewed_as_the_guide_says(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True).press("ログアウト")
    with at(2025, 10, 21, 10):
        walk = Walk(browser, "ssl").signs_in().follow("独自ドメイン設定").fill("独自ドメイン", "日本語.jp").press("追加する")
        domain = browser.url
        walk.press("TXTレコードを確認する")
        answer_what_is_asked()
        browser.visit(domain)
        walk.reads("確認済み", "dl")
        browser.visit("/")
        walk.follow("独自SSL").follow("コモンネームを設定する")
        certificate = browser.url
        walk.choose_from("コモンネーム", "www.日本語.jp（www.xn--wgv71a119e.jp）").press("このコモンネームで発行の手続きを始める")
        answer_what_is_asked()
        browser.visit(certificate)
        walk.reads("有効", "dl")
        browser.visit("/")
        walk.follow("独自SSL").follow("内容を見る").follow("自動更新をオンにする").press("OK")
        assert Subscription.get(Subscription.product == "ssl").renews
        walk.follow("自動更新をオフにする").press("OK")
        assert not Subscription.get(Subscription.product == "ssl").renews
        browser.visit("/")
        walk.follow("独自SSL").follow("独自SSLを追加する")
        walk.choose_from("コモンネーム", "日本語.jp（xn--wgv71a119e.jp）").choose_from("独自SSLの種類", "クイック認証")
        browser.tick(steps.SSL_TERMS)
        walk.press("お支払い方法選択へ").is_over()
        steps.by_card(browser).press("OK")

    assert Subscription.select().where(Subscription.product == "ssl").count() == 2


def test_who_renews_automatically_finds_the_two_buttons_and_has_nothing_to_do(contracted: Browser) -> None:
    walk = Walk(contracted, "renewal")
    steps.go(contracted, "/contract")
    walk.reads("次回ご契約内容を更新する").offers("次回ご契約内容を変更する").offers("支払い方法をリセットする")

    assert contracted.says("変更がなければ、お手続きは不要です")


def test_who_renews_by_hand_does_it_as_the_guide_says(browser: Browser, business_day: Callable) -> None:
    business_day(date(2024, 11, 22))
    steps.order_by_transfer(browser).press("ログアウト")
    bank.pay_in(Order.get())
    business_day(date(2025, 11, 20))
    walk = Walk(browser, "renewal")
    walk.left = walk.left[3:]  # what is there where the renewal is automatic
    walk.signs_in().follow("サーバー契約・更新").press("契約更新の操作へ進む").press("お支払い方法選択へ").is_over()

    assert browser.h1 == "お支払い方法"


def test_the_period_is_changed_as_the_guide_says(contracted: Browser) -> None:
    walk = Walk(contracted, "period").signs_in().follow("サーバー契約・更新")
    walk.follow("次回ご契約内容を変更する").press("契約期間を変更する")
    contracted.choose("12か月 13,200円")
    walk.press("お支払い方法選択へ").is_over()
    steps.by_card(contracted).press("OK")

    assert [ends_on for _, _, ends_on in balance.terms()] == [date(2025, 11, 30), date(2026, 11, 30)]


def test_the_guide_gives_the_companys_own_example(browser: Browser) -> None:
    browser.visit("/guide/period")

    assert browser.says("契約終了日が2025年11月30日（日）の場合、2025年11月4日（火）まで変更できます")
    assert browser.says("自動更新日が2025年11月15日（土）の場合、2025年11月11日（火）まで変更できます")


def test_the_method_is_changed_as_the_guide_says(contracted: Browser) -> None:
    walk = Walk(contracted, "method").signs_in().follow("サーバー契約・更新").follow("支払い方法をリセットする").press("OK")
    assert not RenewalSetting.select().exists()
    walk.press("契約更新の操作へ進む").press("お支払い方法選択へ")
    steps.by_wallet(contracted).press("OK")

    assert RenewalSetting.get().method == "wallet"
    contracted.visit("/contract")
    walk.offers("お支払い方法だけを変更する（今は支払わない）").is_over()

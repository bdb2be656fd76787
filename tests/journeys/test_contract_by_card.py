"""From ログイン to 入金確認済, as the customer goes it, with htmx and without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from models import Confirmation, Consent, Order, OrderLine, RenewalSetting, Subscription
from portal.app import create_app
from portal.enums import Method
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.store import database as store
from tests import balance, steps
from tests.browser import Browser

SUNDAY = date(2026, 11, 22)
SERVER_YEN, SSL_YEN, BACKUP_YEN, DEVICE_YEN = 13_200, 11_000, 11_088, 9_900
ALL_YEN = SERVER_YEN + SSL_YEN + BACKUP_YEN + DEVICE_YEN


def by_button(browser: Browser) -> None:
    browser.press("金額を再計算する")


def by_htmx(browser: Browser) -> None:
    said = browser.htmx("#choices").spoken
    assert said.startswith("お見積り合計 ")


def without(missing: str, settings: Settings, companies: Companies) -> Browser:
    """A browser at a portal without that company or without a bank account."""
    store.close()
    app = create_app(settings, companies=replace(companies, **{missing: None}) if missing != "bank" else companies)
    if missing == "bank":
        app.extensions["catalog"] = replace(app.extensions["catalog"], bank_accounts=())
    store.ensure_connection()
    return Browser(app, settings.public_url)


RECALCULATE = pytest.mark.parametrize("recalculate", [by_button, by_htmx])


def choose_everything(browser: Browser, recalculate: Callable[[Browser], None]) -> Browser:
    """A server for a year, a certificate, backup for three years, three devices for a year; every box ticked."""
    browser.choose("12か月 13,200円").choose("クイック認証", under="独自SSL")
    browser.choose("36か月", under=steps.BACKUP).choose("12か月", under=steps.DEVICE).fill("台数", "３")
    for terms in (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS):
        browser.tick(terms)
    recalculate(browser)
    return browser


@RECALCULATE
def test_a_customer_contracts_a_server_with_options_and_pays_by_card(
    browser: Browser, books: Books, business_day: Callable, recalculate: Callable
) -> None:
    business_day(SUNDAY)
    choose_everything(steps.to_the_form(browser), recalculate)
    assert browser.says("お見積り合計45,188円", "#estimate")
    assert browser.says("うち消費税（10%）4,108円", "#estimate")

    browser.press("お支払い方法選択へ").press("クレジットカード情報入力")
    steps.enter_card(browser)
    browser.press("OK")

    assert (browser.status, browser.h1) == (200, "お支払いが完了しました")
    browser.visit("/contract")
    assert browser.says("入金確認済", "#status")
    assert browser.says("2026年11月22日（日）から2027年11月30日（火）まで")
    assert balance.taken(books) == balance.received() == [ALL_YEN]
    assert balance.terms() == [
        ("server", SUNDAY, date(2027, 11, 30)),
        ("ssl", SUNDAY, date(2027, 11, 30)),
        ("backup", SUNDAY, date(2029, 11, 30)),
        ("device", SUNDAY, date(2027, 11, 30)),
    ]


@RECALCULATE
def test_recalculating_updates_the_estimate_and_keeps_the_choices(browser: Browser, recalculate: Callable) -> None:
    choose_everything(steps.to_the_form(browser), recalculate)

    assert browser.value("台数") == "３"
    assert browser.is_chosen("クイック認証", under="独自SSL")
    assert browser.is_chosen("36か月", under=steps.BACKUP)
    assert browser.is_chosen(steps.DEVICE_TERMS)
    assert browser.says("デバイスセキュリティ 3台", "#estimate")
    browser.reload()
    assert browser.is_chosen("クイック認証", under="独自SSL")
    assert browser.says("お見積り合計45,188円", "#estimate")


@RECALCULATE
def test_the_summary_warns_of_an_option_that_outlasts_the_server(browser: Browser, recalculate: Callable) -> None:
    choose_everything(steps.to_the_form(browser), recalculate)

    assert browser.says("バックアップオプションの期間は、サーバーの契約期間より後に終わります", "#estimate .warn")
    assert not browser.says("デバイスセキュリティの期間は", "#estimate .warn")


@RECALCULATE
def test_an_invalid_choice_shows_a_message_in_place_of_an_amount(browser: Browser, recalculate: Callable) -> None:
    steps.to_the_form(browser).choose("12か月", under=steps.DEVICE).fill("台数", "21")
    if recalculate is by_htmx:
        said = browser.htmx("#choices").spoken
        assert said == "選択内容を確認してください"
    else:
        browser.press("金額を再計算する")
        assert browser.status == 422

    assert browser.says("台数は1から20までの数字で入力してください", "#estimate")
    assert not browser.says("お見積り合計")
    assert browser.value("台数") == "21"


def test_the_summary_says_how_many_days_the_term_has(browser: Browser, business_day: Callable) -> None:
    business_day(SUNDAY)

    steps.to_the_form(browser).choose("1か月 1,320円").press("金額を再計算する")

    assert browser.says("サーバーは、本日から40日間ご利用いただけます", "#estimate")


def test_the_panel_is_a_fragment_for_htmx_and_a_page_for_others(browser: Browser) -> None:
    steps.to_the_payment(browser)
    alone = browser.htmx("#method-choice")

    browser.press("クレジットカード情報入力", forged={"do": "show"})

    assert alone.says("クレジットカードでのお支払い")
    assert alone.spoken == "クレジットカードの説明を表示しました"
    assert (browser.status, browser.h1) == (200, "お支払い方法")
    assert browser.text("#panel") == alone.text()


def test_every_configured_method_is_offered_and_the_card_is_preselected(browser: Browser) -> None:
    steps.to_the_payment(browser)

    assert browser.is_chosen("クレジットカード", under="お支払い方法")
    assert not browser.is_chosen("おさいぽ!", under="お支払い方法")
    assert not browser.is_chosen("銀行振込", under="お支払い方法")


@pytest.mark.parametrize(("missing", "label"), [("card", "クレジットカード"), ("wallet", "おさいぽ!"), ("bank", "銀行振込")])
def test_a_method_that_is_not_configured_is_not_offered(
    settings: Settings, companies: Companies, books: Books, missing: str, label: str
) -> None:
    browser = without(missing, settings, companies)
    steps.to_the_payment(browser)
    assert not browser.says(label, "fieldset")
    assert len([method for method in Method if browser.says(method.label, "fieldset")]) == 2

    browser.post_raw(browser.url, {"method": missing, "wallet_day": "5", "do": "next"})

    assert (browser.status, browser.h1) == (422, "お支払い方法")
    assert browser.says("お支払い方法は、表示されている中から選んでください", ".errors")
    assert balance.taken(books) == []


def test_the_final_confirmation_says_everything_the_law_asks_for(browser: Browser, business_day: Callable) -> None:
    business_day(date(2025, 11, 1))
    steps.to_the_form(browser).choose("1か月 1,320円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
    steps.enter_card(browser.press("クレジットカード情報入力"))

    assert browser.h1 == "お申し込みの最終確認"
    for sentence in (
        "今回のお支払い総額1,320円",
        "うち消費税（10%）120円",
        "2025年11月1日（土）から2025年11月30日（日）まで（1か月、30日間）",
        "12か月あたりの目安15,840円",
        "Visa 下4桁 4242",
        "OK を押したときに、1,320円を一括で",
        "お支払いの完了後、すぐにご利用いただけます",
        "お客様が止めるまで同じ期間で自動更新され、同じカードでお支払いいただきます",
        "スタンダードプラン 2025年11月5日（水）に1,320円（税込）",
        "10日、15日、20日、25日、28日に再手続きします",
        "再手続きします 2025年11月4日（火） 23時59分まで",
        "「支払い方法をリセットする」でいつでも止められます",
        "残りの期間の料金は返金いたしません",
        "support@kawasemi.example.jp",
    ):
        assert browser.says(sentence), sentence
    assert browser.offers("OK（この内容で申し込み、1,320円を支払う）")
    assert browser.offers("内容を変更する")


def test_a_twelve_month_order_shows_no_yearly_guide_total(browser: Browser) -> None:
    steps.to_the_confirmation(browser)

    assert not browser.says("12か月あたりの目安")


def test_the_confirmation_says_when_nothing_will_renew_by_itself(browser: Browser, business_day: Callable) -> None:
    business_day(date(2025, 11, 1))
    steps.to_the_form(browser).choose("12か月 13,200円").choose("クイック認証", under="独自SSL").tick(steps.SSL_TERMS).tick(
        steps.SERVER_TERMS
    )
    steps.enter_card(browser.press("お支払い方法選択へ").press("クレジットカード情報入力"))

    assert browser.says("なし：独自SSL（クイック認証）は2026年10月31日（土）に終了します")


def test_the_shown_confirmation_is_stored_with_the_order_word_for_word(browser: Browser) -> None:
    steps.to_the_confirmation(browser)
    shown = browser.html
    number = Order.get().number

    browser.press("OK")

    kept = Confirmation.get()
    assert kept.content in shown
    assert number in kept.content
    assert kept.order.number == number
    assert kept.payment.state == "succeeded"


def test_each_agreed_document_is_kept_with_its_version(browser: Browser, catalog: object) -> None:
    choose_everything(steps.to_the_form(browser), by_button)
    steps.enter_card(browser.press("お支払い方法選択へ").press("クレジットカード情報入力")).press("OK")

    kept = [(consent.document, consent.version, consent.sha256) for consent in Consent.select().order_by(Consent.id)]
    assert kept == [(document.id, document.version, document.sha256) for document in catalog.documents]


def test_the_order_keeps_the_names_and_prices_that_it_was_made_with(browser: Browser) -> None:
    choose_everything(steps.to_the_form(browser), by_button)
    steps.enter_card(browser.press("お支払い方法選択へ").press("クレジットカード情報入力")).press("OK")

    assert [(line.product, line.quantity, line.months, line.yen) for line in OrderLine.select().order_by(OrderLine.position)] == [
        ("server", 1, 12, SERVER_YEN),
        ("ssl", 1, 12, SSL_YEN),
        ("backup", 1, 36, BACKUP_YEN),
        ("device", 3, 12, DEVICE_YEN),
    ]
    order = Order.get()
    assert (order.total_yen, order.tax_yen, order.tax_percent, order.method) == (ALL_YEN, 4_108, 10, "card")


def test_server_backup_and_devices_renew_with_the_card_and_the_certificate_does_not(browser: Browser) -> None:
    choose_everything(steps.to_the_form(browser), by_button)
    steps.enter_card(browser.press("お支払い方法選択へ").press("クレジットカード情報入力")).press("OK")

    assert [(each.product, each.renews) for each in Subscription.select().order_by(Subscription.id)] == [
        ("server", True),
        ("ssl", False),
        ("backup", True),
        ("device", True),
    ]
    setting = RenewalSetting.get()
    assert (setting.method, setting.payment_method.brand, setting.payment_method.last4) == ("card", "Visa", "4242")


def test_the_contract_page_names_the_next_charge_and_its_deadline(browser: Browser, business_day: Callable) -> None:
    business_day(date(2024, 11, 30))
    steps.pay(browser)

    browser.visit("/contract")

    assert browser.says("次回ご契約内容を更新する", "#renewal")
    assert browser.says("次回のお支払い日2025年11月5日（水）", "#renewal")
    assert browser.says("次回のお支払い額13,200円（税込）", "#renewal")
    assert browser.says("変更・解除の期限2025年11月4日（火） 23時59分まで", "#renewal")


def test_a_contract_paid_shortly_before_its_end_names_the_postponed_charge_day(browser: Browser, business_day: Callable) -> None:
    """A charge is at least four days after the payment: paid on the 2nd, the 5th is too near."""
    business_day(date(2025, 11, 1))
    steps.to_the_form(browser).choose("1か月 1,320円").tick(steps.SERVER_TERMS)
    business_day(date(2025, 11, 2))
    browser.press("お支払い方法選択へ")

    assert browser.says("最初のお支払いは2025年12月5日（金）です")


def test_the_control_panel_shows_the_contract_at_a_glance(browser: Browser, business_day: Callable) -> None:
    business_day(SUNDAY)
    steps.pay(browser)

    browser.visit("/")

    assert browser.h1 == "コントロールパネル"
    assert browser.says("スタンダードプラン")
    assert browser.says("2027年11月30日（火）まで ご利用いただけます")
    assert browser.says("入金確認済")


def test_a_customer_with_a_contract_is_not_offered_a_second_one(browser: Browser, books: Books) -> None:
    steps.pay(browser)

    browser.visit("/contract")
    assert not browser.offers("新規契約のお申し込みへ進む")
    browser.post_raw("/orders")

    assert browser.says("サーバーはすでにご契約いただいています")
    assert balance.states() == ["paid"]


def test_the_term_begins_on_the_day_of_the_payment_not_of_the_form(browser: Browser, books: Books, business_day: Callable) -> None:
    business_day(date(2026, 11, 30))
    steps.to_the_payment(browser)
    business_day(date(2026, 12, 1))
    steps.enter_card(browser.press("クレジットカード情報入力"))
    assert browser.says("2026年12月1日（火）から2027年11月30日（火）まで（12か月、365日間）")

    browser.press("OK")

    assert balance.terms() == [("server", date(2026, 12, 1), date(2027, 11, 30))]


def test_a_confirmation_left_open_over_midnight_is_shown_again_with_new_dates(
    browser: Browser, books: Books, business_day: Callable
) -> None:
    business_day(date(2026, 11, 30))
    steps.to_the_confirmation(browser)
    business_day(date(2026, 12, 1))

    browser.press("OK")

    assert browser.status == 409
    assert browser.says("表示したあとで内容が変わりました")
    assert balance.is_nothing_moved(books)
    browser.press("OK")
    assert balance.terms() == [("server", date(2026, 12, 1), date(2027, 11, 30))]
    assert balance.taken(books) == [SERVER_YEN]


def test_resetting_the_method_stops_the_renewal_and_keeps_the_paid_term(browser: Browser, books: Books) -> None:
    steps.pay(browser)
    before = balance.terms()

    browser.visit("/contract").follow("支払い方法をリセットする")
    assert browser.says("スタンダードプラン")
    browser.press("OK")

    assert browser.h1 == "自動更新は止まっています"
    assert browser.visit("/contract").says("自動更新は設定されていません")
    assert balance.terms() == before
    assert not Subscription.select().where(Subscription.renews).exists()
    assert not RenewalSetting.select().exists()
    assert books.reader().execute("SELECT MIN(is_removed) FROM card").fetchone()[0] == 1

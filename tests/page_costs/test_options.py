"""Single options, domains and certificates."""

from portal.demo.hosting_side import answer_what_is_asked
from tests import steps
from tests.budgets import FORM
from tests.factories import a_customer


def test_the_pages_of_domains_and_certificates_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.buy_a_month(browser, options=True)
    browser.visit("/domains").fill("独自ドメイン", "*.example.jp").press("追加する")
    ledger.page("domains, with mistakes")
    browser.visit("/domains").fill("独自ドメイン", "日本語.jp").press("追加する")
    ledger.page("domain, added")
    browser.press("TXTレコードを確認する")
    ledger.page("domain, asked for")
    answer_what_is_asked()
    browser.visit("/ssl").follow("コモンネームを設定する").press("このコモンネームで発行の手続きを始める")
    ledger.page("certificate, with mistakes")
    browser.choose("日本語.jp（xn--wgv71a119e.jp）").press("このコモンネームで発行の手続きを始める")
    ledger.page("certificate, requested")
    browser.follow("自動更新をオンにする")
    ledger.page("certificate, switch", FORM)
    browser.visit("/ssl/new/ssl").press("お支払い方法選択へ")
    ledger.page("one more certificate, with mistakes")
    browser.visit("/ssl")
    ledger.page("certificates")
    browser.visit("/domains").fill("独自ドメイン", "example.jp").press("追加する").follow("独自ドメイン設定へ戻る")
    ledger.page("domains")
    browser.follow("確認へ進む").follow("この独自ドメインを削除する")
    ledger.page("domain, removing")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_pages_of_single_options_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.buy_a_month(browser, options=True)
    browser.visit("/security").press("お支払い方法選択へ")
    ledger.page("option, with mistakes")
    browser.fill("台数", "2").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    ledger.page("payment of an addition")
    steps.by_card(browser)
    ledger.page("confirmation of an addition, by card", FORM)
    browser.press("OK")
    ledger.page("order, added")
    browser.visit("/security")
    ledger.page("option, with added devices")
    steps.by_transfer(browser.fill("台数", "1").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ"))
    ledger.page("confirmation of an addition, by transfer", FORM)
    browser.press("OK").visit("/security")
    ledger.page("option, an addition awaited")
    browser.visit("/contract")
    ledger.page("contract, an addition awaited")
    browser.visit("/")
    ledger.page("panel, with options")
    browser.visit("/backup").follow("バックアップの自動更新をオフにする")
    ledger.page("final screen of a switch")
    a_customer("other")
    browser.press("ログアウト")
    steps.buy_a_month_with_devices(browser, "other").visit("/security").fill("次回からの台数", "0").press("最終確認へ進む")
    ledger.page("option, with mistakes in the next number")
    browser.fill("次回からの台数", "3").press("最終確認へ進む")
    ledger.page("final screen of the next number")
    browser.press("OK").visit("/security")
    ledger.page("option, a number reserved")

    printed[0].extend(ledger.rows)
    assert not ledger.over

"""支払い方法をリセットする in every state of the renewal."""

import pytest

from models import Mail, RenewalSetting, Subscription
from portal.catalog import Catalog
from portal.enums import MailKind, OrderKind
from portal.gateways.card import Unknown
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.choices import a_selection
from tests.clock_days import Worker, at
from tests.purchase import Shop

YEN = 1_320


@pytest.fixture
def contracted(browser: Browser) -> Browser:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.PAYS_ONCE, options=True)
    return browser


def to_the_reset(browser: Browser) -> Browser:
    return steps.go(browser, "/contract").follow("支払い方法をリセットする")


def test_the_confirmation_lists_every_subscription_and_changes_nothing(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_reset(contracted)

    for sentence in (
        "登録されているカード（Visa 下4桁 9995）が削除されます",
        "スタンダードプラン：自動では更新されなくなり、2025年11月30日（日）に終了します",
        "デバイスセキュリティ：自動では更新されなくなり、サーバーの解約とともに、2025年12月15日（月）に終了します",
        "独自SSL（クイック認証）：サーバーの解約とともに、2025年12月15日（月）に終了します（契約期間は2026年10月31日（土）まで）。いまも自動では更新されません",
        "途中でやめても、ご契約はこのままです",
    ):
        assert contracted.says(sentence), sentence
    assert contracted.offers("お支払い方法だけを変更する（今は支払わない）")
    assert RenewalSetting.get().method == "card"


def test_after_a_reset_the_page_names_the_consequences_and_links_the_renewal(contracted: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 21, 10):
        to_the_reset(contracted).press("OK（自動更新を止めて、カードを削除する）")

        assert (contracted.url, contracted.h1) == ("/renewal/stopped", "自動更新は止まっています")
        assert contracted.says("スタンダードプラン：2025年11月30日（日）に終了します")
        assert contracted.says("お手続きがない場合は、2025年12月1日（月）に停止し")
        assert contracted.offers("契約更新の操作へ進む")
        assert contracted.reload().h1 == "自動更新は止まっています"
    assert not Subscription.select().where(Subscription.renews).exists()

    for day in (5, 10, 28):
        worker.comes(2025, 11, day, 0, 5)
    assert balance.asked(books) == 1


def test_ok_pressed_twice_or_in_two_tabs_resets_once(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        tab = to_the_reset(contracted).new_tab()

        contracted.press("OK")
        tab.press("OK")

        assert contracted.h1 == tab.h1 == "自動更新は止まっています"
        assert contracted.visit("/renewal/reset").h1 == "自動更新は止まっています"


def test_reset_between_two_retries_cancels_the_later_one(contracted: Browser, worker: Worker, books: Books) -> None:
    worker.comes(2025, 11, 5, 0, 5)
    asked = balance.asked(books)
    with at(2025, 11, 6, 10):
        to_the_reset(contracted).press("OK")
        assert contracted.h1 == "自動更新は止まっています"
        contracted.visit("/contract")
        assert not contracted.says("自動更新のお支払いができませんでした", "#failed")
        assert contracted.offers("契約更新の操作へ進む")

    worker.comes(2025, 11, 10, 0, 5)
    assert balance.asked(books) == asked


def test_a_reset_is_open_after_the_deadline_to_change(contracted: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 11, 5, 0, 0, 1):
        to_the_reset(contracted).press("OK")
        worker.work()

    assert balance.asked(books) == 1


def test_a_reset_unlinks_the_wallet_too(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month_by_wallet(browser)
        browser.visit("/renewal/reset")
        assert browser.says("おさいぽ!の連携が解除されます")
        browser.press("OK（自動更新を止めて、おさいぽ!の連携を解除する）")

    assert browser.h1 == "自動更新は止まっています"


def test_a_reset_with_the_next_term_paid_asks_for_no_renewal(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 6, 10):
        to_the_reset(browser).press("OK")

    assert browser.says("次回のご契約はお支払い済みです")
    assert browser.says("スタンダードプラン：2025年12月31日（水）に終了します")
    assert not browser.offers("契約更新の操作へ進む")


def test_a_reset_settles_a_charge_whose_answer_was_lost(browser: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.ANSWER_LOST)
    worker.comes(2025, 10, 20, 11)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 5, 0, 6):
        to_the_reset(browser)
        assert browser.says("自動更新のお支払い（1,320円）の結果を確認中です")
        browser.press("OK")

    assert browser.says("自動更新のお支払いは、止める前に完了していました")
    assert browser.says("次回のご契約はお支払い済みです")
    assert balance.taken(books) == balance.received() == [YEN, YEN]


def test_a_reset_with_the_company_unreachable_says_not_to_pay_twice(
    browser: Browser, worker: Worker, app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.ANSWER_LOST)
    worker.comes(2025, 10, 20, 11)
    worker.comes(2025, 11, 5, 0, 5)
    company = app.extensions["companies"].card
    monkeypatch.setattr(type(company), "close", lambda *_: Unknown())
    with at(2025, 11, 5, 0, 6):
        to_the_reset(browser).press("OK")

    assert browser.h1 == "自動更新は止まっています"
    assert browser.says("止める前に手続きを始めたお支払いの結果を確認中です")
    assert browser.says("二重にお支払いいただく必要はありません")
    assert not browser.offers("契約更新の操作へ進む")


def test_removing_the_wallet_shows_a_pending_charge(browser: Browser, worker: Worker, app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month_by_wallet(browser)
    company = type(app.extensions["companies"].wallet)
    for question in ("debit", "lookup", "close"):
        monkeypatch.setattr(company, question, lambda *_: Unknown())
    worker.comes(2025, 11, 15, 0, 5)
    with at(2025, 11, 15, 0, 6):
        steps.go(browser, "/account/wallet").press("OK（おさいぽ!の連携を解除する）")

    assert browser.says("連携を解除しました")
    assert browser.says("止める前に手続きを始めたお支払いの結果を確認中です")


def test_a_reset_before_ok_in_another_tab_prevents_the_payment_of_a_change(browser: Browser, books: Books) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
        browser.visit("/renewal/change").press("契約期間を変更する").choose("3か月 3,795円").press("お支払い方法選択へ")
        paying = steps.by_card(browser).new_tab()
        browser.visit("/renewal/reset").press("OK")

        paying.press("OK")

        assert paying.h1 == "サーバー契約・更新"
        assert paying.says("まだお申し込みは行われていません")
    assert balance.taken(books) == [YEN]


def test_a_reset_before_ok_in_another_tab_prevents_the_payment_of_a_declined_order(browser: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.PAYS_ONCE)
    worker.comes(2025, 11, 5, 0, 5)
    asked = balance.asked(books)
    with at(2025, 11, 6, 10):
        steps.go(browser, "/contract").follow("お支払い手続きへ")
        paying = steps.by_card(browser).new_tab()
        browser.visit("/renewal/reset").press("OK")

        paying.press("OK")

        assert paying.h1 == "お申し込みは取り消されました"
    assert balance.asked(books) == asked


def test_a_renewal_paid_after_a_reset_turns_auto_renewal_on_again(browser: Browser, books: Books) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
        browser.visit("/renewal/reset").press("OK").press("契約更新の操作へ進む").press("お支払い方法選択へ")
        steps.by_card(browser).press("OK")

        assert browser.h1 == "お支払いが完了しました"
        browser.visit("/contract")
        assert browser.says("次回：2025年12月1日（月）から2025年12月31日（水）まで（お支払い済み）")
        assert browser.says("次回のお支払い日 2025年12月5日（金）", "#renewal")
    assert balance.taken(books) == [YEN, YEN]


def test_an_open_order_is_named_before_and_after_a_reset_and_in_its_mail(
    contracted: Browser, catalog: Catalog, books: Books, companies: Companies
) -> None:
    """It stays payable: the reset cancels automatic orders alone."""
    shop = Shop(catalog, books, companies.card)
    with at(2025, 11, 1, 10):
        order = shop.place_for_transfer(shop.draft("new", OrderKind.CHANGE), a_selection(months=1))
        sentence = f"お申し込み（{order.number}、銀行振込）は、このままお支払いいただけます（お支払い期限：2025年11月15日（土））"

        assert to_the_reset(contracted).says(sentence)
        assert contracted.press("OK").says(sentence)

    text = Mail.select().where(Mail.kind == MailKind.METHOD_RESET).get().body.replace("\n", "")
    assert f"お申し込み番号 {order.number}（銀行振込）は、取り消されていません" in text
    assert "お支払い期限：2025年11月15日（土）" in text
    assert "サーバーの解約とともに終了します（2025年12月15日（月））" in text


def test_with_an_open_order_nothing_leads_to_a_second_one_after_a_reset(
    browser: Browser, catalog: Catalog, books: Books, companies: Companies
) -> None:
    """The transfer renews the server alone; the backup ends with it."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True)
    with at(2025, 11, 1, 10):
        Shop(catalog, books, companies.card).place_for_transfer(
            Shop(catalog, books, companies.card).draft("new", OrderKind.CHANGE), a_selection(1)
        )
        to_the_reset(browser).press("OK")
        for page in ("/renewal/stopped", "/contract"):
            browser.visit(page)
            assert not browser.offers("契約更新の操作へ進む")
            assert browser.says("に含まれないものもいっしょに更新するときは、お支払いの前に、「内容を変えて申し込み直す」から")
        assert browser.offers("内容を変えて申し込み直す")

    text = Mail.select().where(Mail.kind == MailKind.METHOD_RESET).get().body
    assert "上のお申し込みのお支払いをお願いします" in text
    assert "契約更新の操作へ進む" not in text

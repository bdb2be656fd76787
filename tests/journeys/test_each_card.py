"""Paying with each test card ends as its page says."""

import pytest
import time_machine

from portal import clock
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.passes import ask_about_payments

YEN = 13_200


@pytest.mark.parametrize("card", [steps.GOOD, steps.PAYS_ONCE])
def test_a_valid_card_pays(browser: Browser, books: Books, card: str) -> None:
    steps.pay(browser, card=card)

    assert browser.h1 == "お支払いが完了しました"
    assert browser.says("入金確認済", "#status")
    assert balance.taken(books) == balance.received() == [YEN]


def test_a_card_pays_after_the_holder_is_authenticated(browser: Browser, books: Books) -> None:
    steps.enter_card(steps.to_the_card_page(browser), steps.ASKS_THEN_PAYS)
    assert browser.h1 == "本人認証（3Dセキュア）"

    browser.press("認証する").press("OK")

    assert browser.says("入金確認済", "#status")
    assert balance.taken(books) == balance.received() == [YEN]


@pytest.mark.parametrize(
    ("card", "answer"),
    [(steps.FAILS_WHEN_ASKED, "認証する"), (steps.FAILS_WHEN_ASKED, "認証しない"), (steps.ASKS_THEN_PAYS, "認証しない")],
)
def test_without_authentication_nothing_is_paid_and_another_card_may_be_tried(
    browser: Browser, books: Books, card: str, answer: str
) -> None:
    steps.enter_card(steps.to_the_card_page(browser), card)

    browser.press(answer)

    assert browser.h1 == "お支払い方法"
    assert browser.says("本人認証ができなかった")
    assert browser.says("お支払いは行われていません")
    assert balance.is_nothing_moved(books)
    steps.enter_card(browser.press("クレジットカード情報入力")).press("OK")
    assert balance.taken(books) == [YEN]


@pytest.mark.parametrize(
    ("card", "reason"), [(steps.REFUSED, "カード会社の承認が得られませんでした"), (steps.EXPIRED, "カードの有効期限が切れています")]
)
def test_a_declined_card_is_not_charged_and_the_page_says_what_to_do(browser: Browser, books: Books, card: str, reason: str) -> None:
    steps.pay(browser, card=card)

    assert browser.h1 == "お支払いは完了していません"
    assert browser.says(reason)
    assert browser.says("お金は引き落とされていません")
    assert browser.offers("お支払い手続きへ")
    assert (balance.states(), balance.payments()) == (["placed"], ["declined"])
    assert balance.taken(books) == balance.received() == balance.terms() == []
    browser.visit("/contract")
    assert browser.says("お支払いは完了していません", "#status")
    assert browser.text("#status").count(reason) == 1


def test_a_missing_answer_is_queried_and_then_confirmed(browser: Browser, books: Books, companies: Companies, settings: Settings) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST)
    assert browser.h1 == "お支払いを確認しています"
    assert browser.says("二重にお支払いいただく必要はありません")
    assert balance.terms() == []

    with time_machine.travel(clock.real_now().timestamp() + 120, tick=True):
        ask_about_payments(settings, companies)
        browser.visit("/contract")

    assert browser.says("入金確認済", "#status")
    assert balance.taken(books) == balance.received() == [YEN]
    assert balance.payments() == ["succeeded"]


def test_during_a_pending_payment_the_panel_polls_with_growing_pauses(browser: Browser) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST).visit("/contract")
    asked = []
    for _ in range(5):
        asked.append(browser.page.soup.select_one("#poll")["data-hx-trigger"].partition(",")[0])
        fragment = browser.htmx("#poll")
        assert fragment.spoken == ""

    assert asked == [f"load delay:{seconds}s" for seconds in (5, 10, 20, 40, 60)]


def test_the_panel_announces_the_confirmed_payment_once_and_stops_polling(
    browser: Browser, companies: Companies, settings: Settings
) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST).visit("/contract")
    with time_machine.travel(clock.real_now().timestamp() + 120, tick=True):
        ask_about_payments(settings, companies)
        fragment = browser.htmx("#poll")

    assert fragment.spoken == "ご入金を確認しました"
    assert fragment.says("入金確認済")
    assert not fragment.root.has_attr("data-hx-get")


def test_the_panel_has_a_button_to_refresh_and_a_link_to_stop_polling(browser: Browser) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST).visit("/contract").press("今すぐ確認する")
    assert browser.says("お支払い確認中", "#status")

    browser.follow("自動表示を止める")

    assert not browser.page.soup.select("[data-hx-get]")
    assert browser.offers("今すぐ確認する")


def test_a_pending_payment_blocks_another_purchase(browser: Browser, books: Books) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST)
    number = browser.url

    browser.visit("/contract")
    assert not browser.offers("内容を変えて申し込み直す")
    browser.post_raw("/orders")

    assert browser.url == number
    assert browser.says("お支払いの結果を確認中のお申し込みがあります")
    assert balance.states() == ["placed"]


def test_going_back_from_the_card_company_pays_nothing(browser: Browser, books: Books) -> None:
    steps.to_the_card_page(browser).press("戻る")

    assert browser.h1 == "お支払い方法"
    assert browser.says("カード情報の入力を取りやめました")
    assert browser.says("お支払いは行われていません")
    assert balance.is_nothing_moved(books)


def test_returning_without_a_card_redirects_to_the_card_company(browser: Browser, books: Books) -> None:
    card_page = steps.to_the_card_page(browser).url
    returns = books.reader().execute("SELECT return_url FROM card_setup").fetchone()[0]

    browser.visit(returns)
    assert browser.h1 == "カード情報の入力が終わっていません"
    browser.follow("カード会社の画面へ戻る")

    assert browser.url == card_page


def test_a_forged_return_without_a_card_pays_nothing(browser: Browser, books: Books) -> None:
    steps.to_the_card_page(browser)
    returns = books.reader().execute("SELECT return_url FROM card_setup").fetchone()[0]
    browser.visit(returns)

    for shown in ({}, {"shown": "0" * 64}):
        browser.visit("/contract").post_raw(returns, shown)
        assert browser.h1 == "カード情報の入力が終わっていません"

    assert balance.is_nothing_moved(books)


def test_the_decline_reason_is_shown_again_where_the_next_card_is_chosen(browser: Browser) -> None:
    steps.pay(browser, card=steps.EXPIRED).follow("お支払い手続きへ")

    assert browser.h1 == "お支払い方法"
    assert browser.says("カードの有効期限が切れています")

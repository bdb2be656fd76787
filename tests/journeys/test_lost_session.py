"""The session expires midway: signing in again opens the same step with the order unchanged."""

import pytest
import time_machine

from models import Order, Session
from portal import clock
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.factories import a_customer


def lose_the_session() -> None:
    Session.delete().execute()


def sign_in_again(browser: Browser, login: str = "new") -> Browser:
    assert browser.h1 == "ログイン"
    return browser.fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン")


STEPS = {
    "contract form": (steps.to_the_form, "契約内容の選択"),
    "payment method": (steps.to_the_payment, "お支払い方法"),
    "final confirmation": (steps.to_the_confirmation, "お申し込みの最終確認"),
    "paid": (steps.pay, "お支払いが完了しました"),
}


@pytest.mark.parametrize(("way", "heading"), STEPS.values(), ids=STEPS)
def test_signing_in_again_leads_back_to_the_same_step(browser: Browser, way: object, heading: str) -> None:
    step = way(browser).url
    lose_the_session()

    sign_in_again(browser.reload())

    assert (browser.url, browser.h1) == (step, heading)


BUTTONS = {
    "お支払い方法選択へ": (steps.to_the_form, "契約内容の選択"),
    "金額を再計算する": (steps.to_the_form, "契約内容の選択"),
    "クレジットカード情報入力": (steps.to_the_payment, "お支払い方法"),
    "OK": (steps.to_the_confirmation, "お申し込みの最終確認"),
}


@pytest.mark.parametrize(("button", "way", "heading"), [(button, *rest) for button, rest in BUTTONS.items()], ids=BUTTONS)
def test_a_button_pressed_after_the_session_expired_does_nothing_and_returns_to_its_page(
    browser: Browser, books: Books, button: str, way: object, heading: str
) -> None:
    step = way(browser).url
    before = Order.get()
    lose_the_session()

    browser.press(button)
    assert balance.is_nothing_moved(books)
    sign_in_again(browser)

    assert (browser.url, browser.h1) == (step, heading)
    after = Order.get()
    assert (after.typed, after.revision, after.state) == (before.typed, before.revision, before.state)


def test_after_signing_in_again_the_purchase_can_be_completed(browser: Browser, books: Books) -> None:
    steps.to_the_form(browser).choose("24か月 25,080円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
    lose_the_session()

    sign_in_again(browser.press("クレジットカード情報入力")).press("クレジットカード情報入力")
    lose_the_session()
    sign_in_again(steps.enter_card(browser)).press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert balance.taken(books) == [25_080]


def test_returning_from_the_card_company_after_an_hour_leads_to_the_confirmation(browser: Browser) -> None:
    steps.to_the_card_page(browser)
    with time_machine.travel(clock.real_now().timestamp() + 50 * 60, tick=True):
        steps.enter_card(browser)

        sign_in_again(browser)

        assert browser.h1 == "お申し込みの最終確認"


def test_an_estimate_requested_after_the_session_expired_leads_to_the_form(browser: Browser) -> None:
    step = steps.to_the_form(browser).choose("24か月 25,080円").url
    lose_the_session()

    said = browser.htmx("#choices")

    assert said.root["id"] == "estimate"
    assert said.says("ログインの有効期限が切れ")
    sign_in_again(browser.follow("ログインして続ける"))
    assert (browser.url, browser.h1) == (step, "契約内容の選択")


def test_a_panel_requested_after_the_session_expired_leads_to_the_payment_methods(browser: Browser) -> None:
    step = steps.to_the_payment(browser).url
    lose_the_session()

    said = browser.fragment("POST", step, {"method": "card", "do": "show"})

    assert said.root["id"] == "panel"
    sign_in_again(browser.visit(said.root.a["href"]))
    assert browser.url == step


def test_the_status_panel_stops_polling_when_the_session_has_expired(browser: Browser) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST).visit("/contract")
    lose_the_session()

    said = browser.htmx("#poll")

    assert not said.root.has_attr("data-hx-get")
    sign_in_again(browser.follow("ログインして続ける"))
    assert browser.h1 == "サーバー契約・更新"


def test_another_customer_signing_in_on_the_same_browser_does_not_see_the_order(browser: Browser, books: Books) -> None:
    a_customer("other")
    steps.to_the_confirmation(browser)
    lose_the_session()

    sign_in_again(browser.press("OK"), "other")

    assert browser.status == 404
    assert balance.is_nothing_moved(books)
    browser.visit("/contract")
    assert not browser.offers("お申し込みの続きへ進む")


def test_signing_out_in_another_tab_loses_nothing(browser: Browser) -> None:
    steps.to_the_form(browser).choose("24か月 25,080円").press("金額を再計算する")
    tab = browser.new_tab()
    tab.press("ログアウト")

    sign_in_again(browser.press("お支払い方法選択へ"))

    assert browser.is_chosen("24か月 25,080円")

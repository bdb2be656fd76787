"""After a declined card the customer pays with another one or changes the order."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from models import Confirmation, Consent, Order, Payment
from portal import clock
from portal.formats import moment_ja
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.choices import repriced
from tests.passes import ask_about_payments, cancel_abandoned_orders


@pytest.fixture
def refused(browser: Browser) -> Browser:
    return steps.pay(browser, card=steps.REFUSED)


def with_another_card(browser: Browser, card: str = steps.GOOD) -> Browser:
    return steps.enter_card(browser.follow("お支払い手続きへ").press("クレジットカード情報入力"), card)


def change_the_content(browser: Browser) -> Browser:
    """A new draft for another term, from 「サーバー契約・更新」."""
    browser.visit("/contract").press("内容を変えて申し込み直す")
    return browser.choose("1か月 1,320円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")


def test_after_a_decline_another_card_pays_the_same_order(refused: Browser, books: Books) -> None:
    number = Order.get().number

    with_another_card(refused).press("OK")

    assert refused.h1 == "お支払いが完了しました"
    assert refused.url == f"/orders/{number}"
    assert balance.payments() == ["declined", "succeeded"]
    assert balance.taken(books) == balance.received() == [13_200]
    assert (Consent.select().count(), Confirmation.select().count()) == (1, 2)


def test_the_key_of_a_declined_attempt_is_never_reused(refused: Browser) -> None:
    with_another_card(refused, steps.REFUSED).press("OK")
    with_another_card(refused).press("OK")

    keys = [payment.key for payment in Payment.select().order_by(Payment.attempt)]
    assert len(set(keys)) == 3
    assert balance.payments() == ["declined", "declined", "succeeded"]


def test_a_retry_on_a_later_day_starts_the_term_on_that_day(browser: Browser, books: Books, business_day: Callable) -> None:
    business_day(date(2026, 11, 30))
    steps.pay(browser, card=steps.REFUSED)
    business_day(date(2026, 12, 1))

    with_another_card(browser)
    assert browser.says("2026年12月1日（火）から2027年11月30日（火）まで")
    browser.press("OK")

    assert balance.terms() == [("server", date(2026, 12, 1), date(2027, 11, 30))]


def test_a_placed_order_keeps_its_price_after_a_price_increase(refused: Browser, app: Flask, books: Books) -> None:
    catalog = app.extensions["catalog"]
    app.extensions["catalog"] = repriced(catalog, lambda prices: dict.fromkeys(prices, 9_999), "server")

    with_another_card(refused)
    assert refused.says("今回のお支払い総額13,200円")
    refused.press("OK")

    assert balance.taken(books) == [13_200]


def test_a_changed_order_replaces_and_cancels_the_declined_one(refused: Browser, books: Books) -> None:
    change_the_content(refused)
    assert balance.states() == ["placed", "draft"]

    steps.enter_card(refused.press("クレジットカード情報入力")).press("OK")

    assert balance.states() == ["cancelled", "paid"]
    assert balance.taken(books) == balance.received() == [1_320]
    refused.visit("/contract")
    assert refused.says("入金確認済", "#status")


def test_a_declined_order_can_be_paid_until_its_replacement_is_confirmed(refused: Browser, books: Books) -> None:
    change_the_content(refused).visit("/contract")

    with_another_card(refused).press("OK")

    assert balance.taken(books) == [13_200]
    assert balance.states() == ["paid", "draft"]


def test_once_one_order_is_paid_the_other_draft_cannot_be_paid(refused: Browser, books: Books) -> None:
    tab = refused.new_tab()
    change_the_content(tab)
    steps.enter_card(tab.press("クレジットカード情報入力"))
    with_another_card(refused).press("OK")

    tab.press("OK")

    assert balance.taken(books) == balance.received() == [13_200]
    assert "draft" in balance.states()
    assert len(balance.terms()) == 1


def test_the_replaced_order_shows_that_it_was_cancelled(refused: Browser) -> None:
    old = refused.url
    change_the_content(refused)
    steps.enter_card(refused.press("クレジットカード情報入力")).press("OK")

    refused.visit(old)

    assert refused.h1 == "お申し込みは取り消されました"
    assert refused.says("行き違いでお支払いやお振り込みがお済みの場合は")


def test_an_unpaid_order_is_cancelled_after_a_day(refused: Browser) -> None:
    day = 24 * 60 * 60
    with time_machine.travel(clock.real_now().timestamp() + day - 60, tick=True):
        assert cancel_abandoned_orders() == 0
    with time_machine.travel(clock.real_now().timestamp() + day + 60, tick=True):
        assert cancel_abandoned_orders() == 1

    assert balance.states() == ["cancelled"]
    refused.visit("/contract")
    assert refused.says("取消", "#status")
    assert refused.offers("新規契約のお申し込みへ進む")


def test_an_unknown_payment_is_not_cancelled_after_a_day(browser: Browser, books: Books, companies: Companies, settings: Settings) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST)

    with time_machine.travel(clock.real_now().timestamp() + 2 * 24 * 60 * 60, tick=True):
        assert cancel_abandoned_orders() == 0
        ask_about_payments(settings, companies)

    assert balance.states() == ["paid"]
    assert balance.taken(books) == balance.received() == [13_200]


def test_a_declined_order_names_the_moment_until_which_it_can_be_paid_and_is_cancelled_then(refused: Browser) -> None:
    order, until = Order.get(), Order.get().latest_payment.updated_at + timedelta(hours=24)
    for address in ("/", "/contract", f"/orders/{order.number}"):
        refused.visit(address)
        assert refused.says(f"{moment_ja(until)}までにお支払いがない場合、お申し込みは自動で取り消されます", "#status")
        assert refused.text("#status .tag") == "お支払い未完了"
        assert not refused.says("お申し込みを受け付けています")

    for moment, cancelled in ((until - timedelta(seconds=1), 0), (until + timedelta(seconds=1), 1)):
        with time_machine.travel(moment, tick=False):
            assert cancel_abandoned_orders() == cancelled


def test_the_customer_cancels_a_declined_order(refused: Browser) -> None:
    number = Order.get().number
    refused.visit("/contract").follow("お申し込みを取り消す")
    assert refused.says("お支払いは行われていません")
    refused.press("OK（お申し込みを取り消す）")

    assert refused.h1 == "お申し込みは取り消されました"
    assert balance.states() == ["cancelled"]
    assert refused.visit(f"/orders/{number}/payment").h1 == "お申し込みは取り消されました"
    assert refused.visit("/contract").offers("新規契約のお申し込みへ進む")


def test_only_the_newest_reason_is_shown(refused: Browser) -> None:
    """A card that failed at its own page after another one was declined."""
    with_another_card(refused, steps.FAILS_WHEN_ASKED).press("認証する")
    assert refused.h1 == "お支払い方法"

    for address in (refused.url, "/", "/contract", f"/orders/{Order.get().number}"):
        refused.visit(address)
        assert refused.says("本人認証ができなかったため")
        assert not refused.says("カード会社の承認が得られませんでした")
    with_another_card(refused.follow("お支払い手続きへ").visit("/contract"), steps.REFUSED).press("OK")
    assert refused.says("カード会社の承認が得られませんでした")
    assert not refused.says("本人認証ができなかったため")


def test_the_final_screen_of_a_declined_order_offers_what_can_be_changed(refused: Browser) -> None:
    number = Order.get().number
    with_another_card(refused)
    assert refused.h1 == "お申し込みの最終確認"
    assert not refused.offers("内容を変更する")
    assert refused.new_tab().follow("お支払い方法を選び直す").h1 == "お支払い方法"

    refused.press("内容を変えて申し込み直す")

    assert refused.h1 == "契約内容の選択"
    assert refused.url != f"/orders/{number}"

"""A declined automatic charge is paid manually, between the retries and after them, by any method."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Mail, Order, RenewalSetting, Subscription
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from tests import balance, bank, steps
from tests.actions.renewals.days import Calendar
from tests.browser import Browser
from tests.cards import cards_of
from tests.choices import a_selection
from tests.purchase import Shop

BY = {"card": steps.by_card, "wallet": steps.by_wallet, "bank": steps.by_transfer}
BOUGHT, END = date(2026, 10, 22), date(2026, 11, 30)
AGAIN = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def shop(app: Flask, catalog: Catalog, books: Books, companies: Companies) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def failed(shop: Shop, settings: Settings, books: Books, business_day: Callable) -> Calendar:
    """One month, paid by a card that is declined at every automatic charge; it is November 6th, after one attempt."""
    calendar = Calendar(settings, books)
    business_day(BOUGHT)
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1))
    return calendar.turn(shop, date(2026, 11, 6))


def to_the_failed_order(browser: Browser) -> Browser:
    return browser.sign_in("new").visit(f"/orders/{Order.get(Order.kind == 'auto').number}/payment")


@pytest.mark.parametrize("method", BY)
def test_a_declined_renewal_can_be_paid_by_any_method(browser: Browser, failed: Calendar, method: str) -> None:
    to_the_failed_order(browser)
    assert browser.h1 == "お支払い方法"
    assert browser.is_chosen("クレジットカード", under="お支払い方法")
    BY[method](browser)
    assert browser.says("いまの終了日 2026年11月30日（月） → 更新後の終了日 2026年12月31日（木）")
    browser.press("OK")

    order = Order.get(Order.kind == "auto")
    if method == "bank":
        assert order.due_on == date(2026, 11, 20)
        bank.pay_in(order)
    assert Order.get_by_id(order.id).is_paid
    assert balance.terms()[-1] == ("server", *AGAIN)
    assert RenewalSetting.get().method == ("wallet" if method == "wallet" else "card")


def test_a_declined_renewal_can_be_paid_after_the_term_ended(browser: Browser, shop: Shop, failed: Calendar) -> None:
    failed.turn(shop, date(2026, 12, 4))
    steps.by_transfer(to_the_failed_order(browser))
    assert browser.says("2026年12月1日（火）にさかのぼって始まります")
    assert browser.says("2026年12月14日（月）までに、1,320円をお振り込みください")
    browser.press("OK")
    bank.pay_in(Order.get(Order.kind == "auto"))

    assert balance.terms()[-1] == ("server", *AGAIN)


def test_a_renewal_with_changed_months_replaces_the_declined_one(browser: Browser, failed: Calendar) -> None:
    auto = Order.get(Order.kind == "auto")
    steps.to_the_renewal(browser)
    assert browser.says(f"お支払いをお待ちしているお申し込み（{auto.number}）があります")
    steps.by_card(browser.choose("12か月 13,200円").press("お支払い方法選択へ"))
    assert browser.says(f"取り消されるお申し込み{auto.number}")
    browser.press("OK")

    assert balance.states() == ["paid", "cancelled", "paid"]
    assert balance.terms()[-1] == ("server", date(2026, 12, 1), date(2027, 11, 30))


def test_on_a_retry_day_the_months_are_fixed_but_the_order_can_be_paid(browser: Browser, failed: Calendar, business_day: Callable) -> None:
    business_day(date(2026, 11, 10))
    steps.to_the_renewal(browser)
    assert browser.says("変更の期限（2026年11月9日（月） 23時59分）を過ぎたため")

    steps.by_card(browser.visit(f"/orders/{Order.get(Order.kind == 'auto').number}/payment")).press("OK")

    assert balance.terms()[-1] == ("server", *AGAIN)


def test_money_from_the_bank_pays_a_declined_renewal_only_in_full(browser: Browser, shop: Shop, failed: Calendar) -> None:
    order = Order.get(Order.kind == "auto")
    with pytest.raises(NotPossible, match="全額だけ"):
        bank.pay_in(order, 100)
    assert (Order.get_by_id(order.id).method, order.received_yen) == ("card", 0)

    bank.pay_in(order)

    order = Order.get_by_id(order.id)
    assert (order.state, order.method, order.due_on, balance.terms()[-1]) == ("paid", "bank", None, ("server", *AGAIN))
    assert (RenewalSetting.get().method, Subscription.get().renews) == ("card", True)
    letter = Mail.select().where(Mail.kind == "payment_confirmed").order_by(Mail.id.desc()).get().body.replace("\n", "")
    assert "自動更新の設定と、次回からのお支払い方法は変わりません" in letter
    assert browser.sign_in("new").visit("/contract").says("2026年12月5日（土）")
    failed.turn(shop, date(2026, 12, 1))
    assert order.payments.count() == 1, "the retries end"


@pytest.mark.parametrize(
    ("becomes", "says"),
    [(Outcome.REFUSED, "2026年11月10日（火）に、再手続きします"), (Outcome.EXPIRED, "自動では再手続きしません")],
)
def test_an_option_that_is_declined_alone_is_tried_again_or_not_whatever_the_server_does(
    browser: Browser, shop: Shop, settings: Settings, books: Books, business_day: Callable, becomes: Outcome, says: str
) -> None:
    """The server runs for a year, and renews by itself then."""
    business_day(BOUGHT)
    shop.buy(selection=a_selection(months=12, backup_months=1))
    [card] = cards_of(books).tokens()
    cards_of(books).become(card, becomes)
    Calendar(settings, books).hurry(shop, date(2026, 11, 6))

    assert browser.sign_in("new").visit("/contract").says(says)

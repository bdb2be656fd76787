"""An open page asks whether its order's state has changed. If not, nothing is replaced; if so, the page is what a reload shows."""

import re
from collections.abc import Callable
from functools import partial

import pytest
import time_machine

from models import Order, Payment
from portal import clock
from portal.actions.transfers import bank_orders
from portal.enums import PaymentState
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from tests import bank, steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.passes import ask_about_payments

PAGES = ("/", "/contract", "/orders/{}")
TOKEN = re.compile(r'<input[^>]*name="csrf_token"[^>]*>')
Change = Callable[[Companies, Settings], None]


def order() -> Order:
    return Order.select().order_by(Order.id.desc()).get()


def answer(companies: Companies, settings: Settings) -> None:
    """The company is asked two minutes later, and the money is there."""
    Payment.update(state=PaymentState.UNKNOWN).execute()
    with time_machine.travel(clock.real_now().timestamp() + 120, tick=True):
        ask_about_payments(settings, companies)


def a_report(*_: object) -> None:
    bank_orders.report(order(), "ミホン タロウ", clock.today())


def money(yen: int | None, *_: object) -> None:
    bank.pay_in(order(), yen or order().missing_yen)


def giving_up(*_: object) -> None:
    assert bank_orders.give_up(order())


def with_a_report(browser: Browser) -> None:
    steps.order_by_transfer(browser)
    a_report()


def with_a_part(browser: Browser) -> None:
    steps.order_by_transfer(browser)
    money(200)


def being_paid(browser: Browser) -> None:
    steps.pay(browser, card=steps.ANSWER_LOST)
    Payment.update(state=PaymentState.SUBMITTED).execute()


CHANGES: dict[str, tuple[Callable[[Browser], object], Change]] = {
    "確認中、入金確認済": (partial(steps.pay, card=steps.ANSWER_LOST), answer),
    "手続き中、入金確認済": (being_paid, answer),
    "お振込待ち、連絡": (steps.order_by_transfer, a_report),
    "お振込待ち、一部入金": (steps.order_by_transfer, partial(money, 200)),
    "お振込待ち、取消": (steps.order_by_transfer, giving_up),
    "連絡、入金確認済": (with_a_report, partial(money, None)),
    "一部入金、さらに一部": (with_a_part, partial(money, 300)),
    "一部入金、入金確認済": (with_a_part, partial(money, None)),
}


def shown(browser: Browser) -> tuple[str, str]:
    """The title and everything in <main>, as it stands there."""
    return browser.title, TOKEN.sub("", str(browser.page.soup.select_one("main")))


@pytest.mark.parametrize(("begin", "change"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_an_open_page_is_what_a_reload_shows(
    browser: Browser, companies: Companies, settings: Settings, begin: Callable, change: Change
) -> None:
    begin(browser)
    tabs = [browser.new_tab().visit(page.format(order().number)) for page in PAGES]
    before = [shown(tab) for tab in tabs]
    for tab, seen in zip(tabs, before, strict=True):
        found = tab.htmx("#poll")
        assert (found.root["id"], found.spoken, found.text()) == ("poll", "", "")
        assert shown(tab)[1].replace("load delay:10s", "load delay:5s").replace("wait=20", "wait=10") == seen[1]

    change(companies, settings)

    for tab, seen in zip(tabs, before, strict=True):
        found = tab.htmx("#poll")
        assert found.is_main
        assert found.spoken
        assert shown(tab) == shown(browser.new_tab().visit(tab.url))
        assert shown(tab) != seen


def test_a_page_of_a_cancelled_order_never_shows_the_one_that_came_after_it(browser: Browser) -> None:
    steps.order_by_transfer(browser)
    old = order()
    tabs = {page: browser.new_tab().visit(page.format(old.number)) for page in PAGES}
    browser.visit("/contract").press("内容を変えて申し込み直す").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
    browser.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い").press("OK")
    new = order()
    bank.pay_in(new)

    for page, tab in tabs.items():
        found = tab.htmx("#poll")
        assert not found.says(new.number)
        assert not found.says("入金確認済")
        if page == "/orders/{}":
            assert (tab.h1, found.spoken) == ("お申し込みは取り消されました", "入金状況が変わりました：取消")
        else:
            assert (tab.h1, found.spoken) == ("状態が変わりました", "状態が変わりました")
            assert tab.follow("最新の状態を表示する").says(new.number)


def test_somebody_else_who_signs_in_in_a_second_tab_is_never_shown_in_the_first(browser: Browser) -> None:
    a_customer("other", name="見本 他")
    steps.order_by_transfer(browser)
    mine = order()
    tabs = [browser.new_tab().visit(page.format(mine.number)) for page in PAGES]
    browser.press("ログアウト")
    steps.order_by_transfer(browser, "other")
    bank.pay_in(order())

    for tab in tabs:
        found = tab.htmx("#poll")
        assert (tab.h1, found.spoken) == ("状態が変わりました", "状態が変わりました")
        assert not found.says(order().number)
        assert not found.says(mine.number)
        assert not found.says("入金確認済")
        assert not tab.page.soup.select("#poll")


@pytest.mark.parametrize("asked", ["", "page=order", "page=x&order=1", "order=99999999&state=x&wait=-5", "page=panel&order=&wait=x"])
def test_a_question_about_no_order_of_the_customer_is_answered_with_a_link(browser: Browser, asked: str) -> None:
    steps.order_by_transfer(browser).visit("/contract")

    found = browser.fragment("GET", f"/contract/status?{asked}")

    assert found.is_main
    assert found.says("状態が変わりました")


def test_without_htmx_the_question_leads_to_the_page(browser: Browser) -> None:
    steps.order_by_transfer(browser).visit("/contract/status")

    assert (browser.url, browser.h1) == ("/contract", "サーバー契約・更新")

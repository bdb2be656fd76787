"""【変更のタイミングについて】 on the screen: open until 23:59:59 of the last day, closed one second later."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.purchase import Shop

Until = Callable[[date], None]
BOUGHT = date(2024, 11, 22)  # until 2025-11-30
FOURTH, FIFTH = date(2025, 11, 4), date(2025, 11, 5)
DAYS = pytest.mark.parametrize(("day", "until"), [(5, 1), (10, 6), (15, 11), (20, 16), (25, 21)])
BY = {"card": steps.by_card, "wallet": steps.by_wallet, "bank": steps.by_transfer}


def sentence(until: str, charged_on: str) -> str:
    return f"変更の期限（{until} 23時59分）を過ぎたため、次回の自動更新は変更できません。{charged_on}に自動更新のお支払いがあります。"


CLOSED = sentence("2025年11月4日（火）", "2025年11月5日（水）")


@pytest.fixture
def begins() -> Iterator[Until]:
    """The first moment of that day in Japan."""
    with ExitStack() as stack:
        yield lambda day: stack.enter_context(_travel(day, 0)) and None


@pytest.fixture
def ends() -> Iterator[Until]:
    """The last second of that day in Japan."""
    with ExitStack() as stack:
        yield lambda day: stack.enter_context(_travel(day + timedelta(days=1), -1)) and None


def _travel(day: date, seconds: int) -> time_machine.travel:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=9)
    return time_machine.travel(midnight + timedelta(seconds=seconds), tick=False)


@pytest.fixture
def by_card(app: Flask, catalog: Catalog, books: Books, companies: Companies, begins: Until) -> None:
    """A contract that ends on November 30th and renews by card, on the 5th."""
    begins(BOUGHT)
    Shop(catalog, books, companies.card).buy()


@pytest.mark.usefixtures("by_card")
def test_a_card_renewal_can_be_changed_until_the_last_second_of_the_4th(browser: Browser, begins: Until, ends: Until) -> None:
    ends(FOURTH)
    steps.to_the_renewal(browser).choose("24か月 25,080円").press("金額を再計算する")
    assert (browser.status, browser.h1) == (200, "契約内容の選択")

    begins(FIFTH)
    for go in (browser.reload, lambda: browser.back().press("お支払い方法選択へ"), lambda: steps.open_renewal(browser)):
        go()
        assert browser.h1 == "サーバー契約・更新"
        assert browser.says(CLOSED)
    assert balance.states() == ["paid", "draft"]


@pytest.mark.usefixtures("by_card")
@pytest.mark.parametrize("method", BY)
def test_a_confirmation_opened_before_midnight_is_refused_after_the_deadline(
    browser: Browser, books: Books, begins: Until, ends: Until, method: str
) -> None:
    ends(FOURTH)
    BY[method](steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    assert browser.h1 == "お申し込みの最終確認"

    begins(FIFTH)
    browser.press("OK")

    assert browser.h1 == "サーバー契約・更新"
    assert browser.says(CLOSED)
    assert balance.states() == ["paid", "draft"]
    assert balance.taken(books) == [13_200]


@pytest.mark.usefixtures("by_card")
def test_an_estimate_requested_after_the_deadline_gives_a_link(browser: Browser, begins: Until, ends: Until) -> None:
    ends(FOURTH)
    steps.to_the_renewal(browser)

    begins(FIFTH)

    assert browser.htmx("#choices").root.a["href"] == "/contract"


@DAYS
def test_a_wallet_renewal_can_be_changed_until_four_days_before_the_charge_day(
    browser: Browser, app: Flask, begins: Until, ends: Until, day: int, until: int
) -> None:
    begins(BOUGHT)
    steps.link_wallet(steps.to_the_wallet_company(browser, f"毎回 {day}日")).press("おさいぽ!ポイントから支払う").press("OK")
    last, charged_on = date(2025, 11, until), date(2025, 11, day)

    ends(last)
    steps.by_wallet(steps.to_the_renewal(browser).press("お支払い方法選択へ"), f"毎回 {day}日")
    assert browser.h1 == "お申し込みの最終確認"

    begins(last + timedelta(days=1))
    browser.press("OK")
    weekdays = "月火水木金土日"
    closed = sentence(*(f"2025年11月{each.day}日（{weekdays[each.weekday()]}）" for each in (last, charged_on)))
    assert browser.says(closed)
    assert balance.states() == ["paid", "draft"]

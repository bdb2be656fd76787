"""The bar of the demo's clock: it works on every page of a demo and exists nowhere else."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.web.view_marks import public
from tests.browser import Browser
from tests.factories import a_customer
from tests.staff_desk import a_clerk, sign_in

BAR = "[aria-label=デモの時計]"
DAY = date(2026, 11, 9)
BUTTONS = {"1日進める", "次の出来事へ", "この日へ", "今日に戻す"}


@pytest.fixture
def somebody(browser: Browser, on) -> Browser:
    on(DAY)
    a_customer()
    return browser


@pytest.mark.parametrize("address", ["/login", "/staff/login", "/nowhere", "/staff/nowhere", "/demo", "/demo/bank", "/demo/restart"])
def test_the_bar_is_on_pages_before_signing_in(somebody, address):
    somebody.visit(address)

    assert is_there(somebody)


@pytest.mark.parametrize("address", ["/", "/contract", "/mails", "/account", "/renewal/reset", "/orders/1", "/logout"])
def test_the_bar_is_on_a_customers_pages_and_error_pages(somebody, address):
    somebody.sign_in("new").visit(address)

    assert is_there(somebody)


@pytest.mark.parametrize("address", ["/staff/", "/staff/orders", "/staff/history", "/staff/orders/1"])
def test_the_bar_is_on_staff_pages(somebody, address):
    sign_in(somebody, a_clerk()).visit(address)

    assert is_there(somebody)


@pytest.mark.parametrize("address", ["/legal/tokutei", "/documents/x/1", "/static/x/y"])
def test_the_bar_without_a_session_shows_the_date_and_links_to_the_clock(somebody, address):
    somebody.visit(address)

    assert somebody.says("2026年11月9日（月）", BAR)
    assert not somebody.offers("1日進める")
    assert somebody.follow("時計を進める").h1 == "デモの時計"


def test_a_public_page_with_the_bar_is_not_cached(somebody):
    response = somebody.visit("/legal/tokutei").headers

    assert response["Cache-Control"] == "public, no-cache"
    assert response["ETag"]


def test_the_bar_on_an_error_page_needs_no_database(somebody, app: Flask):
    @public
    def breaks() -> None:
        raise RuntimeError("for the test")

    app.add_url_rule("/breaks", view_func=breaks)
    somebody.may_break = True
    somebody.visit("/breaks")

    assert somebody.status == 500
    assert somebody.says("2026年11月9日（月）", BAR)
    assert not somebody.offers("1日進める")


@pytest.mark.parametrize("address", ["/login", "/contract", "/staff/login", "/nowhere", "/demo/bank"])
def test_one_press_turns_the_clock_by_one_day_and_leads_back(somebody, address):
    somebody.sign_in("new").visit(address).press("1日進める")

    assert clock.today() == DAY + timedelta(days=1)
    stays = not address.startswith(("/demo", "/nowhere"))
    assert somebody.status == 200
    assert (somebody.h1 == "デモの時計") != stays
    assert somebody.says("何も起きませんでした", ".told" if stays else "main")
    assert not somebody.visit(address).says("何も起きませんでした", ".told")


def test_turning_the_clock_on_a_staff_page_needs_no_new_sign_in(somebody):
    sign_in(somebody, a_clerk()).press("1日進める")

    assert clock.today() == DAY + timedelta(days=1)
    assert somebody.h1 == "入金待ち"


def test_enter_in_the_date_field_turns_to_the_typed_day(somebody):
    """Browsers press the first button of the form."""
    somebody.visit("/login")

    assert somebody.page.soup.select(f"{BAR} form:has(input[name=day]) button")[0].get_text() == "この日へ"


def test_a_post_without_a_csrf_token_does_not_turn_the_clock(somebody):
    somebody.visit("/login").post_raw("/demo/clock", {"do": "day"}, csrf=False)

    assert (somebody.status, clock.today()) == (400, DAY)


@pytest.mark.parametrize("address", ["/demo", "/demo/clock", "/demo/bank", "/demo/restart", "/demo/mails/1", "/staff/demo/clock"])
def test_the_clock_page_does_not_exist_in_real_use(over_https, address):
    over_https.sign_in("new")

    assert over_https.visit(address).status in (404, 200)
    assert over_https.h1 in ("ページが見つかりません", "担当者ログイン")


@pytest.mark.parametrize("address", ["/login", "/contract", "/nowhere", "/staff/login", "/legal/tokutei"])
def test_no_page_shows_the_bar_in_real_use(over_https, address):
    over_https.sign_in("new").visit(address)

    assert "デモ" not in over_https.html
    assert not over_https.page.soup.select(f"{BAR}, [action*=clock]")


def is_there(browser: Browser) -> bool:
    offered = [button.get_text() for button in browser.page.soup.select(f"{BAR} button")]
    return browser.says("2026年11月9日（月）", BAR) and set(offered) == BUTTONS and browser.value("日付") == "2026-11-09"

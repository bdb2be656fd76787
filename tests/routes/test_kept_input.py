"""What was typed and sent after the session had ended is shown again to the same person, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask
from wtforms import PasswordField

from models import KeptInput, Order, Session
from portal import clock
from portal.forms.base import PortalForm
from portal.web.kept_input import NOT_TYPED
from portal.web.view_marks import kept_pages
from tests import balance, steps
from tests.browser import Browser
from tests.concurrency import at_once
from tests.factories import PASSWORD, Workshop, a_customer
from tests.routes.test_way_out import ended_session, forgotten_session
from tests.staff_desk import a_bank_order, a_clerk, a_deposit, sign_in

OURS = {"Sec-Fetch-Site": "same-origin"}
KEPT = {
    "/renewal/method": {"method": "wallet", "wallet_day": "25"},
    "/renewal/reservation": {"months": "24"},
    "/domains": {"domain": "日本語.jp"},
    "/security": {"count": "7", "months": "24"},
    "/account/name": {"name": "見本 新一"},
    "/account/address": {"address": "shin@example.jp", "current": PASSWORD},
    "/account/notices": {"address": "keiri@example.jp", "current": PASSWORD},
}
KEPT_BELOW = {"certificates.one", "new_certificate.show", "papers.show", "orders.show", "payment.choose", "bank.report"}
NOT_SENT = "ログインの前に入力された内容を表示しています。まだ送信されていません。"


@pytest.fixture
def order(workshop: Workshop) -> Order:
    return workshop.draft(a_customer("new"))


def test_every_view_that_posts_says_whether_its_form_is_kept(app: Flask) -> None:
    """One of @keeps_input, @loses_input, @types_nothing (web/view_marks.py); a page that is kept can be read."""
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    views = {endpoint: vars(app.view_functions[endpoint]) for endpoint in posting}

    assert [endpoint for endpoint, marks in views.items() if "is_typed" not in marks] == []
    assert {marks["keeps_input"] for marks in views.values() if marks["keeps_input"]} <= readable


def test_every_form_of_customers_takes_what_was_typed_on_its_page(browser: Browser, app: Flask) -> None:
    """Those of an order have tests of their own below."""
    a_customer("new")
    steps.buy_a_month(browser)
    assert {app.url_map.bind("").match(address)[0] for address in KEPT} | KEPT_BELOW == {
        page for page in kept_pages(app) if not page.startswith("staff.")
    }
    for address, fields in KEPT.items():
        KeptInput.delete().execute()
        ended_session(browser, app)
        browser.post_raw(address, fields, headers=OURS)

        sign_in_again(browser)

        shown = {found.get("value") for found in browser.page.soup.select("[checked], [selected], input[autocomplete]")}
        assert (browser.says(NOT_SENT), shown >= set(fields.values()) - {PASSWORD}) == (True, True), address
        assert PASSWORD not in KeptInput.get().typed + browser.html


def test_no_password_is_kept_or_shown_again() -> None:
    forms = [each for base in (PortalForm, *PortalForm.__subclasses__()) for each in (base, *base.__subclasses__())]
    names = {name for form in forms for name, field in vars(form).items() if getattr(field, "field_class", None) is PasswordField}

    assert {"password", "current", "new"} <= names <= NOT_TYPED


def test_the_chosen_method_is_shown_again(browser: Browser, app: Flask, order: Order) -> None:
    browser.sign_in("new").visit(f"/orders/{order.number}/payment").choose("銀行振込")
    ended_session(browser, app)

    sign_in_again(browser.press("選んだ方法の説明を見る"))

    assert browser.says(NOT_SENT)
    assert browser.is_chosen("銀行振込")
    assert Order.get().method is None


def sign_in_again(browser: Browser, login: str = "new") -> Browser:
    assert browser.h1 == "ログイン"
    return browser.fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン")


@pytest.mark.parametrize("end", [ended_session, forgotten_session])
def test_what_was_chosen_is_shown_again_after_signing_in_and_nothing_is_done_with_it(browser: Browser, app: Flask, end: Callable) -> None:
    a_customer("new")
    steps.to_the_form(browser)
    before = Order.get().typed
    browser.choose("24か月 25,080円")
    end(browser, app)

    browser.press("お支払い方法選択へ")
    assert browser.says("30分以内に同じ方がログインすると")
    sign_in_again(browser)

    assert browser.h1 == "契約内容の選択"
    assert browser.says("まだ送信されていません")
    assert browser.page.soup.select_one("[name=months][checked]")["value"] == "24"
    assert Order.get().typed == before


@pytest.mark.parametrize("status", [303, 422])
def test_it_is_shown_until_its_button_is_pressed_again(browser: Browser, app: Flask, status: int) -> None:
    """A prefetch, a reload or a look at another page loses nothing."""
    a_customer("new")
    steps.to_the_form(browser).choose("24か月 25,080円")
    ended_session(browser, app)
    sign_in_again(browser.press("お支払い方法選択へ"))
    address = browser.url
    assert browser.reload().visit("/contract").visit(address).says(NOT_SENT)
    assert browser.page.soup.select_one("[name=months][checked]")["value"] == "24"

    if status == 303:
        browser.tick(steps.SERVER_TERMS)
    browser.press("お支払い方法選択へ")

    assert not KeptInput.select().exists()
    assert not browser.says(NOT_SENT)
    assert not browser.visit(address).says(NOT_SENT)
    assert browser.page.soup.select_one("[name=months][checked]")["value"] == "24"


def test_a_post_that_is_refused_unread_loses_nothing(browser: Browser, app: Flask) -> None:
    a_customer("new")
    steps.to_the_form(browser).choose("24か月 25,080円")
    ended_session(browser, app)
    address = sign_in_again(browser.press("お支払い方法選択へ")).url

    browser.post_raw(address, {"months": "6", "csrf_token": "old"}, csrf=False)

    assert browser.visit(address).says(NOT_SENT)


def test_a_page_without_its_form_says_nothing_of_what_was_typed(browser: Browser, app: Flask, catalog: object) -> None:
    """The order was cancelled in another tab: it is told, and there is no form that could show anything."""
    a_customer("new")
    steps.order_by_transfer(browser)
    number = Order.get().number
    browser.visit(f"/orders/{number}/report").fill("振込名義", "ミホン ハナコ")
    ended_session(browser, app)
    browser.press("連絡する")
    Order.update(state="cancelled", closed_on=clock.today()).execute()

    sign_in_again(browser)

    assert not browser.says(NOT_SENT)


def test_the_reported_payer_survives_the_sign_in(browser: Browser, app: Flask) -> None:
    a_customer("new")
    steps.order_by_transfer(browser)
    browser.follow("振り込みました").fill("振込名義", "ミホン ハナコ")
    ended_session(browser, app)

    sign_in_again(browser.press("連絡する"))

    assert (browser.h1, browser.value("振込名義")) == ("振り込みました", "ミホン ハナコ")


def test_what_somebody_else_typed_is_never_shown(browser: Browser, app: Flask) -> None:
    a_customer("other")
    a_customer("new")
    steps.to_the_form(browser).choose("24か月 25,080円")
    ended_session(browser, app)
    browser.press("お支払い方法選択へ")

    sign_in_again(browser, "other")

    assert not KeptInput.select().exists()
    assert not browser.says("まだ送信されていません")


def test_passwords_are_not_kept_and_the_page_says_so(browser: Browser, app: Flask) -> None:
    a_customer("new")
    browser.sign_in("new").visit("/account").fill("いまのパスワード", "demo-pass")
    ended_session(browser, app)

    browser.press("パスワードを変更する")

    assert browser.says("入力した内容は残っていません")
    assert not KeptInput.select().exists()


def test_no_more_than_three_a_minute_and_sixteen_kilobytes_are_kept(browser: Browser, app: Flask, order: Order) -> None:
    number = order.number
    browser.sign_in("new")
    ended_session(browser, app)
    browser.post_raw(f"/orders/{number}", {"months": "x" * 17_000}, csrf=False, headers={"Sec-Fetch-Site": "same-origin"})
    assert browser.says("入力した内容は残っていません")
    browser.post_raw(f"/orders/{number}", {"months": "6"}, csrf=False, headers={"Sec-Fetch-Site": "cross-site"})
    assert not KeptInput.select().exists()

    for _ in range(4):
        browser.sign_in("new")
        ended_session(browser, app)
        browser.post_raw(f"/orders/{number}", {"months": "6"}, csrf=False, headers={"Sec-Fetch-Site": "same-origin"})

    assert browser.says("入力した内容は残っていません")
    assert KeptInput.select().count() == 3


@pytest.mark.store
def test_parallel_posts_of_one_network_are_kept_exactly_as_often_as_the_limit_says(app: Flask, order: Order, database: str) -> None:
    address, cookie = f"/orders/{order.number}", {"Cookie": "session=over"}
    send = partial(app.test_client(use_cookies=False).post, address, data={"months": "6"}, base_url="http://127.0.0.1:8000")

    at_once(*[partial(send, headers=OURS | cookie)] * 8)

    assert KeptInput.select().count() == 3


def test_after_half_an_hour_it_is_gone(browser: Browser, app: Flask) -> None:
    a_customer("new")
    steps.to_the_form(browser).choose("24か月 25,080円")
    ended_session(browser, app)
    browser.press("お支払い方法選択へ")

    with time_machine.travel(clock.real_now() + timedelta(minutes=31), tick=True):
        browser.visit("/login?next=/contract")
        assert not browser.says("もう一度表示されます")


def test_what_staff_typed_survives_their_sign_in(browser: Browser, catalog: object, app: Flask) -> None:
    clerk = a_clerk()
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    sign_in(browser, clerk).visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").fill("理由", "電話で確認")
    Session.update(seen_at=clock.real_now() - timedelta(hours=2)).where(Session.staff == clerk.staff).execute()

    browser.press("確認へ進む")
    assert browser.says("30分以内に同じ方がログインすると")
    with time_machine.travel(clock.real_now() + timedelta(minutes=1), tick=True):
        sign_in(browser, clerk)
        browser.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}")

    assert browser.value("理由") == "電話で確認"
    assert balance.states() == ["placed"]

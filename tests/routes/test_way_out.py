"""Every address in every outdated way: the answer says what is true, and one press leads to a page that shows the true state."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask

from models import Account, Order, Session
from portal import clock
from tests import steps
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.routes.test_forgery import addresses, state_of_things

TYPED = {"months": "6", "payer": "ミホン", "paid_on": "2026-11-22", "method": "bank", "do": "next"}
PUBLIC = ("/login", "/logout", "/password", "/address/", "/staff/", "/demo/")  # asked by people who are not signed in
OF_ANOTHER_KIND = ("/renewal/method/card/", "/wallet/")  # the visit of the fixture is one to the card company, for an order
OF_ANOTHER_KIND += ("/papers/",)  # the order of the fixture has none: tests/routes/test_papers.py


def expired_token(browser: Browser, app: Flask) -> dict[str, str]:
    return {"csrf_token": "old"}


def ended_session(browser: Browser, app: Flask) -> dict[str, str]:
    ended = clock.real_now() - timedelta(hours=2)
    Session.update(seen_at=ended).where(Session.account.is_null(False)).execute()
    return {}


def forgotten_session(browser: Browser, app: Flask) -> dict[str, str]:
    Session.delete().execute()
    return {}


def cookies_off(browser: Browser, app: Flask) -> dict[str, str]:
    token = browser.token
    for name in ("session", "me", "device"):
        browser.client.delete_cookie(name, domain="127.0.0.1")
    return {"csrf_token": token}


def other_account(browser: Browser, app: Flask) -> dict[str, str]:
    """Somebody else has signed in, in another tab."""
    if Account.by_login("other") is None:
        a_customer("other", name="別 人")
        browser.press("ログアウト").sign_in("other")
    return {"csrf_token": "of the first"}


def no_referer(browser: Browser, app: Flask) -> dict[str, str]:
    """Nor does the browser say anything else of the sender: it is not called another site."""
    browser._referer = dict
    return {"csrf_token": "old"}


SIGNED_IN = (expired_token, other_account, no_referer)
CASES: dict[Callable, tuple[str, ...]] = {
    expired_token: ("この画面からは操作できません", "何も行われていません"),
    ended_session: ("ログインの有効期限が切れたか、ほかの画面でログアウトされた", "先ほどの操作は行われていません"),
    forgotten_session: ("ログインの有効期限が切れたか、ほかの画面でログアウトされた", "先ほどの操作は行われていません"),
    cookies_off: ("Cookie", "行われていません"),
    other_account: ("この画面からは操作できません", "別 人 様", "何も行われていません"),
    no_referer: ("この画面からは操作できません", "見本 新 様", "何も行われていません"),
}


@pytest.fixture
def order(workshop: Workshop) -> Order:
    return workshop.draft(a_customer("new"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_post_in_vain_says_why_and_leads_back_in_one_press(
    browser: Browser, app: Flask, workshop: Workshop, order: Order, case: Callable
) -> None:
    browser.sign_in("new")
    everything, sent = addresses(app, order, workshop), case(browser, app)
    before = state_of_things()[:4]

    for address in everything:
        if address.startswith(PUBLIC) or any(part in address for part in OF_ANOTHER_KIND):
            continue
        browser.visit("/" if case in SIGNED_IN else "/login")
        case(browser, app)
        browser.post_raw(address, TYPED | sent, csrf=False)

        assert all(browser.says(word) for word in CASES[case]), (address, browser.page.text("main"))
        leads_on(browser, address)
    assert state_of_things()[:4] == before


def leads_on(browser: Browser, address: str) -> None:
    """One press: the sign-in form that is shown, or the link to the page."""
    if browser.h1 == "ログイン":
        browser.fill("ログインID", "new").fill("パスワード", "demo-pass").press("ログイン")
    else:
        browser.follow("画面を開き直す")
    assert browser.status == 200, address
    assert browser.h1 not in ("この操作はできません", "ページが見つかりません"), address


@pytest.mark.parametrize(("page", "address", "root"), [("", "/estimate", "estimate"), ("/payment", "/payment", "panel")])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_fragment_in_vain_has_its_link_and_one_spoken_sentence(
    browser: Browser, app: Flask, order: Order, case: Callable, page: str, address: str, root: str
) -> None:
    browser.sign_in("new").visit(f"/orders/{order.number}{page}")
    sent = case(browser, app)

    found = browser.fragment("POST", f"/orders/{order.number}{address}", TYPED | sent)

    assert found.root["id"] == root
    assert found.says(CASES[case][0])
    assert CASES[case][0] in found.out_of_band[0].get_text()
    assert browser.visit(found.root.a["href"]).status == 200


def test_an_address_that_only_takes_posts_leads_to_a_page_when_it_is_opened(
    browser: Browser, app: Flask, workshop: Workshop, order: Order
) -> None:
    """From the history, a bookmark or the address bar."""
    browser.sign_in("new")
    for address in addresses(app, order, workshop):
        assert browser.visit(address).status in (200, 404, 409), address
        assert browser.h1 not in ("この操作はできません", "ログイン"), address


@pytest.mark.parametrize("buy", [steps.pay, lambda browser: steps.pay_by_wallet(browser), steps.order_by_transfer])
def test_no_redirect_of_a_purchase_only_passes_on(browser: Browser, buy: Callable) -> None:
    """One after each press. A company's return address loses its one-time code by a second one, so that it stays in no history."""
    a_customer("new")
    browser.visit("/").fill("ログインID", "new").fill("パスワード", "demo-pass").press("ログイン")
    browser.press("ログアウト")
    buy(browser)

    pairs = [(one.method, two) for one, two in pairwise(browser.traffic) if one.status == two.status == 303]
    assert [two.path for first, two in pairs if first == "GET" or "?code=" not in two.path] == []


def test_every_get_without_a_session_leads_to_the_sign_in_page_and_back(browser: Browser, app: Flask, order: Order) -> None:
    for address in (f"/orders/{order.number}", f"/orders/{order.number}/payment", "/contract", "/contract/status", "/mails", "/account"):
        browser.sign_in("new")
        ended_session(browser, app)
        browser.visit(address)
        assert browser.says("ログインの有効期限が切れた"), address
        leads_on(browser, address)
        browser.press("ログアウト")


def test_a_first_visit_is_told_of_no_session_that_ended(browser: Browser) -> None:
    assert not browser.visit("/contract").says("有効期限")


def test_a_fragment_asked_for_without_any_cookie_leads_to_the_sign_in(browser: Browser) -> None:
    answer = browser.client.get("/contract/status", headers={"HX-Request": "true"}, base_url=browser.base_url)

    assert (answer.status_code, "ログインの有効期限が切れた" in answer.text) == (200, True)


def test_signing_in_without_cookies_is_told_of_cookies_and_not_led_in_circles(browser: Browser, app: Flask) -> None:
    a_customer("new")
    for address, person in (("/login", {"login": "new", "password": "demo-pass"}), ("/staff/login", {"login": "staff", "password": "x"})):
        browser.visit(address)
        token = browser.token
        for name, path in (("session", "/"), ("staff", "/staff")):
            browser.client.delete_cookie(name, domain="127.0.0.1", path=path)

        browser.post_raw(address, person | {"csrf_token": token}, csrf=False)

        assert browser.h1 == "Cookie（クッキー）を確認できません"
        assert browser.follow("画面を開き直す").status == 200


def test_a_sign_in_page_that_was_left_open_asks_for_the_password_again(browser: Browser) -> None:
    a_customer("new")
    browser.visit("/login").fill("ログインID", "new").fill("パスワード", "demo-pass")
    Session.update(seen_at=clock.real_now() - timedelta(hours=1)).execute()

    browser.press("ログイン")

    assert browser.says("まだログインしていません", ".errors")
    assert browser.value("ログインID") == "new"
    assert browser.fill("パスワード", "demo-pass").press("ログイン").h1 == "コントロールパネル"


def test_the_page_of_somebody_who_signed_in_since_names_who_is_signed_in(browser: Browser, app: Flask, order: Order) -> None:
    a_customer("other", name="別 人")
    token = browser.sign_in("new").token
    browser.press("ログアウト").sign_in("other")

    browser.post_raw("/account/password", {"csrf_token": token}, csrf=False)

    assert browser.says("別 人 様")
    assert browser.follow("画面を開き直す").h1 == "アカウント設定"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null", "Referer": "https://evil.example/x"}, 400),
        ({"Origin": "null", "Referer": ""}, 303),
        ({"Referer": ""}, 303),
        ({"Origin": "http://[", "Referer": ""}, 400),
    ],
)
def test_over_https_a_post_is_judged_by_what_the_browser_says_of_its_sender(
    over_https: Browser, headers: dict[str, str], status: int
) -> None:
    a_customer("new")
    over_https.sign_in("new")
    token = over_https.token

    answer = over_https.client.post("/orders", data={"csrf_token": token}, base_url=over_https.base_url, headers={"Referer": ""} | headers)

    assert answer.status_code == status
    assert Order.select().exists() is (status == 303)
    assert status == 303 or "ほかのサイトから送られた操作は受け付けていません" in answer.text

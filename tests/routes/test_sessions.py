"""Sessions: on the server, ended for good by signing out, after 30 idle minutes and after 12 hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from models import Account, Session
from portal import clock
from portal.actions.accounts.cleanup import sweep_sessions
from portal.catalog import RetentionNumbers
from portal.sandbox.books.outcomes import Outcome
from tests.browser import Browser
from tests.factories import Workshop, a_customer

MINUTE = 60
HOUR = 60 * MINUTE


@pytest.fixture(autouse=True)
def customer(app: Flask) -> Account:
    return a_customer("new")


@pytest.fixture
def wall() -> Iterator[time_machine.Traveller]:
    """The clock on the wall, standing still until it is moved."""
    with time_machine.travel(clock.real_now().timestamp(), tick=False) as traveller:
        yield traveller


def is_signed_in(browser: Browser) -> bool:
    return browser.client.get("/", base_url=browser.base_url).status_code == 200


def session_cookie(browser: Browser) -> str:
    return browser.client.get_cookie("session", "127.0.0.1").value


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(browser: Browser, app: Flask) -> None:
    browser.sign_in("new")
    thief = Browser(app, browser.base_url)
    thief.client.set_cookie("session", session_cookie(browser), domain="127.0.0.1")
    assert is_signed_in(thief)

    browser.press("ログアウト")

    assert not is_signed_in(thief)
    assert not is_signed_in(browser)
    assert not Session.select().where(Session.account.is_null(False)).exists()


def test_signing_out_at_one_browser_leaves_the_other_signed_in(browser: Browser, app: Flask) -> None:
    browser.sign_in("new")
    phone = Browser(app, browser.base_url).sign_in("new")

    browser.press("ログアウト")

    assert is_signed_in(phone)


def test_signing_out_shows_no_page_of_the_customer_after_back(browser: Browser) -> None:
    browser.sign_in("new").press("ログアウト")

    sent = [answer for answer in browser.traffic if answer.path == "/logout"]
    assert sent[0].status == 303
    assert browser.h1 == "ログイン"
    assert not browser.says("見本 新", "header")
    assert not browser.offers("ログアウト")


def test_a_session_id_from_before_signing_in_is_invalid_afterwards(browser: Browser, app: Flask) -> None:
    planted = session_cookie(browser.visit("/login"))

    browser.fill("ログインID", "new").fill("パスワード", "demo-pass").press("ログイン")

    thief = Browser(app, browser.base_url)
    thief.client.set_cookie("session", planted, domain="127.0.0.1")
    assert not is_signed_in(thief)
    assert session_cookie(browser) != planted


def test_a_made_up_session_cookie_is_refused(app: Flask) -> None:
    for value in ("x", "0" * 43, "x" * 4000, '{"account": 1}'):
        forger = Browser(app)
        forger.client.set_cookie("session", value, domain="127.0.0.1")
        assert not is_signed_in(forger)


def test_the_session_table_stores_no_cookie_values(browser: Browser) -> None:
    browser.sign_in("new")

    assert session_cookie(browser) not in [row.token_hash for row in Session.select()]


def test_a_session_expires_after_30_idle_minutes(browser: Browser, wall: time_machine.Traveller) -> None:
    browser.sign_in("new")

    wall.shift(30 * MINUTE)
    assert is_signed_in(browser)
    wall.shift(30 * MINUTE + 1)
    assert not is_signed_in(browser)


def test_a_session_expires_after_twelve_hours(browser: Browser, wall: time_machine.Traveller) -> None:
    browser.sign_in("new")

    for _ in range(24):
        assert is_signed_in(browser)
        wall.shift(30 * MINUTE)
    assert is_signed_in(browser)
    wall.shift(1)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("seconds", [0, 50, 70])
def test_a_page_with_a_form_says_until_when_its_session_lasts(browser: Browser, wall: time_machine.Traveller, seconds: int) -> None:
    """Not every request is stored: the second page may move the end or not. Whoever has a script is warned by it."""
    browser.sign_in("new").visit("/contract")
    wall.shift(seconds)
    browser.visit("/account")
    said, words = said_end(browser)
    assert words == "まで操作がないと、自動的にログアウトします。"

    wall.move_to(said + timedelta(minutes=1))
    assert not is_signed_in(browser)


def test_up_to_the_moment_that_a_page_says_the_session_lasts(browser: Browser, wall: time_machine.Traveller) -> None:
    browser.sign_in("new").visit("/contract")
    wall.shift(50)

    wall.move_to(said_end(browser.visit("/account"))[0])

    assert is_signed_in(browser)


def test_the_last_half_hour_of_a_sign_in_is_told_as_its_end(browser: Browser, wall: time_machine.Traveller) -> None:
    browser.sign_in("new")
    for _ in range(24):
        wall.shift(29 * MINUTE)
        browser.visit("/account")
    said, words = said_end(browser)
    assert words == "に、自動的にログアウトします。"

    wall.move_to(said)
    assert is_signed_in(browser)
    wall.shift(MINUTE)
    assert not is_signed_in(browser)


def said_end(browser: Browser) -> tuple[datetime, str]:
    found = browser.page.soup.select_one("noscript time")
    hour, minute = map(int, found.get_text().split(":"))
    said = clock.real_now().astimezone(clock.JAPAN).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return said + timedelta(days=said < clock.real_now()), found.next_sibling.get_text()


def test_polling_does_not_extend_a_session(browser: Browser, wall: time_machine.Traveller, customer: Account, workshop: Workshop) -> None:
    workshop.order(customer, Outcome.ANSWER_LOST)
    browser.sign_in("new").visit("/contract")

    for _ in range(3):
        wall.shift(10 * MINUTE)
        assert browser.htmx("#poll").root.has_attr("data-hx-get")
    wall.shift(1)

    assert browser.htmx("#poll").says("ログインの有効期限が切れ")
    assert not is_signed_in(browser)


def test_a_manual_status_request_extends_the_session(
    browser: Browser, wall: time_machine.Traveller, customer: Account, workshop: Workshop
) -> None:
    workshop.order(customer, Outcome.ANSWER_LOST)
    browser.sign_in("new").visit("/contract")

    for _ in range(4):
        wall.shift(20 * MINUTE)
        browser.press("今すぐ確認する")

    assert browser.h1 == "サーバー契約・更新"


def test_the_demo_clock_does_not_expire_sessions(browser: Browser) -> None:
    browser.sign_in("new")

    clock.turn_by(lambda: 400)

    assert is_signed_in(browser)


def test_expired_sessions_are_deleted(browser: Browser, wall: time_machine.Traveller) -> None:
    browser.sign_in("new")
    wall.shift(30 * MINUTE)
    wall.shift(24 * HOUR)
    assert sweep_sessions(clock.real_now(), RetentionNumbers()) == 1, "that of the sign-in page; an ended session is known for a day"

    wall.shift(1)

    assert sweep_sessions(clock.real_now(), RetentionNumbers()) >= 1
    assert not Session.select().exists()


def cookies(browser: Browser) -> dict[str, str]:
    response = browser.client.get("/login", base_url=browser.base_url)
    return {line.partition("=")[0]: line for line in response.headers.getlist("Set-Cookie")}


def test_the_session_cookie_is_http_only_and_same_site(browser: Browser) -> None:
    line = cookies(browser)["session"]

    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line


def test_over_https_the_session_cookie_is_secure_and_host_only(over_https: Browser) -> None:
    line = cookies(over_https)["__Host-session"]

    assert "Secure" in line
    assert "Path=/" in line
    assert "Domain" not in line


def test_signing_in_and_out_works_over_https(over_https: Browser) -> None:
    over_https.sign_in("new")
    assert over_https.h1 == "コントロールパネル"

    over_https.press("ログアウト")

    assert over_https.visit("/contract").h1 == "ログイン"


def test_public_pages_create_no_session(browser: Browser) -> None:
    browser.visit("/legal/tokutei")

    assert not Session.select().exists()
    assert browser.client.get_cookie("session", "127.0.0.1") is None

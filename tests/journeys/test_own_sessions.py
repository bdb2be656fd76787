"""ログイン中の端末: a customer sees where the account is signed in, and ends what does not belong there."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from models import Event, Mail, Session
from portal import clock
from portal.enums import MailKind
from tests.browser import Browser
from tests.factories import a_customer

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"
ALL = "この端末のほかを、すべてログアウトさせる"


def a_device(app: Flask, user_agent: str, address: str = "127.0.0.1") -> Browser:
    return Browser(lambda environ, start: app(environ | {"HTTP_USER_AGENT": user_agent, "REMOTE_ADDR": address}, start))


@pytest.fixture
def browser(app: Flask, browser: Browser) -> Browser:
    return a_device(app, FIREFOX).sign_in("new")


@pytest.fixture
def phone(app: Flask, browser: Browser) -> Browser:
    with time_machine.travel(clock.real_now() - timedelta(minutes=5), tick=True):
        return a_device(app, SAFARI, "203.0.113.9").sign_in("new")


def told() -> int:
    return Mail.select().where(Mail.kind == MailKind.SESSIONS_ENDED).count()


def test_the_list_says_browser_and_address_in_plain_words_and_marks_this_one(browser: Browser, phone: Browser) -> None:
    browser.visit("/account").follow("ログイン中の端末を見る")

    assert browser.text("tbody th").splitlines() == ["Firefox（Windows）", "Safari（iPhone）"]
    assert browser.says("この端末", "tbody tr:first-child")
    assert "203.0.113.9" in browser.text("tbody tr:last-child")
    assert all(row.token_hash not in browser.html for row in Session.select())


def test_a_sign_in_is_ended_from_another_device_with_a_mail(browser: Browser, phone: Browser) -> None:
    browser.visit("/account/sessions").press("ログアウトさせる")

    assert browser.says("選んだ端末をログアウトさせました")
    assert browser.text("tbody th") == "Firefox（Windows）"
    assert not browser.page.soup.find("button", string=ALL), "nothing to end"
    assert phone.visit("/contract").h1 == "ログイン"
    assert told() == 1
    assert Event.select().where(Event.reason == "ほかの端末のログインを終了（1件）", Event.actor == "account new").count() == 1
    browser.back().press("ログアウトさせる")
    assert (browser.says("選んだ端末をログアウトさせました"), told()) == (True, 1), "the second press finds it done"


def test_all_others_are_ended_at_once_and_what_had_ended_by_itself_is_not_told(browser: Browser, phone: Browser, app: Flask) -> None:
    Browser(app, browser.base_url).sign_in("new")
    browser.visit("/account/sessions").press(ALL)
    assert (browser.says("ほかの端末を、すべてログアウトさせました"), told()) == (True, 1)
    assert Session.select().where(Session.account.is_null(False)).count() == 1

    phone.sign_in("new")
    browser.visit("/account/sessions")
    Session.update(seen_at=clock.real_now() - timedelta(hours=1)).where(Session.address == "203.0.113.9").execute()
    browser.press(ALL)

    assert told() == 1
    assert browser.visit("/contract").h1 == "サーバー契約・更新", "this one goes on"


def test_nobody_ends_anothers_sign_in_or_floods_a_mailbox(browser: Browser, app: Flask) -> None:
    a_customer("other")
    other = Browser(app, browser.base_url).sign_in("other")
    mark = Session.get(Session.account != Session.get(Session.browser == FIREFOX).account).mark
    browser.post_raw("/account/sessions", {"which": mark})
    assert other.visit("/contract").h1 == "サーバー契約・更新"
    browser.post_raw("/account/sessions", {"which": Session.get(Session.browser == FIREFOX).mark})
    assert browser.visit("/contract").h1 == "サーバー契約・更新", "its own is ended by ログアウト"

    for _ in range(5):
        Browser(app, browser.base_url).sign_in("new")
        browser.visit("/account/sessions").press(ALL)

    assert told() == 3
    assert Session.select().where(Session.account.is_null(False)).count() == 2

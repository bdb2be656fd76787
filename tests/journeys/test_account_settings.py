"""アカウント設定: unlinking the wallet and changing the password."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from models import Account, Event, Mail, RenewalSetting, Session, Subscription
from portal import clock
from portal.enums import MailKind
from portal.sandbox.books import Books, wallets
from portal.web.filters import date_ja
from tests import balance, steps
from tests.balance import linked_wallets
from tests.browser import Browser
from tests.factories import PASSWORD

NEW = "ねこが３匹いる家"


def change(browser: Browser, current: str, new: str) -> Browser:
    return browser.visit("/account").fill("いまのパスワード", current).fill("新しいパスワード", new).press("パスワードを変更する")


def open_sessions() -> list[Session]:
    return [each for each in Session.select().where(Session.account.is_null(False)) if not each.has_ended(clock.real_now())]


def mails_of(kind: MailKind) -> list[Mail]:
    return list(Mail.select().where(Mail.kind == kind).order_by(Mail.id))


def test_removing_the_renewal_wallet_stops_the_renewal(browser: Browser, books: Books) -> None:
    steps.pay_by_wallet(browser).visit("/account")
    assert browser.says("os****mo と連携しています")
    token = linked_wallets()[0].token

    browser.follow("おさいぽ!の連携を解除する")
    assert browser.says("連携を解除すると、自動更新もすべて止まります")
    ends_on = Account.get().subscriptions.get().last_term.ends_on
    assert browser.says(f"スタンダードプラン：自動では更新されなくなり、{date_ja(ends_on)}に終了します")
    browser.press("OK（おさいぽ!の連携を解除する）")

    assert browser.says("おさいぽ!の連携を解除しました")
    assert browser.says("おさいぽ!は連携されていません")
    assert not linked_wallets()
    assert not RenewalSetting.select().exists()
    assert not Subscription.get().renews
    assert wallets.wallet_of(books, token) is None
    assert browser.visit("/contract").says("自動更新は設定されていません")
    assert balance.states() == ["paid"]


def test_removing_a_wallet_keeps_a_renewal_by_card(browser: Browser) -> None:
    steps.to_the_amount(browser).follow("お支払い方法の選択へ戻る")
    browser.choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る").press("クレジットカード情報入力")
    steps.enter_card(browser).press("OK").visit("/account").follow("おさいぽ!の連携を解除する")
    assert not browser.says("自動更新もすべて止まります")

    browser.press("OK")

    assert not linked_wallets()
    assert RenewalSetting.get().method == "card"
    assert Subscription.get().renews


def test_removing_an_unlinked_wallet_changes_nothing(browser: Browser) -> None:
    browser.sign_in("new")
    before = Event.select().count()

    assert browser.visit("/account/wallet").h1 == "アカウント設定"
    browser.post_raw("/account/wallet")

    assert browser.h1 == "アカウント設定"
    assert not browser.says("連携を解除しました")
    assert Event.select().count() == before


def test_the_reset_of_the_payment_method_removes_the_wallet_too(browser: Browser, books: Books) -> None:
    steps.pay_by_wallet(browser)
    token = linked_wallets()[0].token

    browser.visit("/contract").follow("支払い方法をリセットする").press("OK（自動更新を止めて、おさいぽ!の連携を解除する）")

    assert not linked_wallets()
    assert not RenewalSetting.select().exists()
    assert wallets.wallet_of(books, token) is None


def test_a_changed_password_ends_the_other_sessions_and_writes_a_mail(browser: Browser, app: Flask) -> None:
    elsewhere = Browser(app, browser.base_url).sign_in("new")
    browser.sign_in("new")

    change(browser, "demo-pass", NEW)

    assert browser.says("パスワードを変更しました。ほかの端末では、もう一度ログインが必要です")
    assert browser.visit("/contract").h1 == "サーバー契約・更新"
    assert elsewhere.visit("/contract").h1 == "ログイン"
    assert len(open_sessions()) == 1
    (mail,) = mails_of(MailKind.PASSWORD_CHANGED)
    assert mail.recipient == "new@example.jp"
    assert "パスワードが変更されました" in mail.body
    assert NEW not in mail.body
    assert elsewhere.sign_in("new").h1 == "ログイン"
    assert elsewhere.sign_in("new", NEW).h1 == "コントロールパネル"


def test_a_second_press_of_the_password_change_goes_on_in_the_session_of_the_first(browser: Browser, app: Flask) -> None:
    """The browser sent both with the old cookie, and shows the second answer alone."""
    tab = browser.sign_in("new").visit("/account").new_tab()
    tab.fill("いまのパスワード", PASSWORD).fill("新しいパスワード", NEW)
    cookie = browser.client.get_cookie("session", domain="127.0.0.1").value
    change(browser, PASSWORD, NEW)
    tab.client.set_cookie("session", cookie, domain="127.0.0.1")

    tab.press("パスワードを変更する")

    assert (tab.url, tab.h1) == ("/account", "アカウント設定")
    assert len(open_sessions()) == 1
    assert len(mails_of(MailKind.PASSWORD_CHANGED)) == 1


@pytest.mark.parametrize(("new", "seconds"), [("another wrong one", 1), (NEW, 11)])
def test_the_ended_session_opens_nothing_to_others_or_later(browser: Browser, app: Flask, new: str, seconds: int) -> None:
    browser.sign_in("new").visit("/account")
    cookie = browser.client.get_cookie("session", domain="127.0.0.1").value
    change(browser, PASSWORD, NEW)
    thief = Browser(app, browser.base_url)
    thief.client.set_cookie("session", cookie, domain="127.0.0.1")

    with time_machine.travel(clock.real_now() + timedelta(seconds=seconds), tick=True):
        thief.post_raw("/account/password", {"current": PASSWORD, "new": new}, csrf=False)

    assert thief.h1 == "ログイン"


@pytest.mark.parametrize(
    ("current", "new", "mistake"),
    [
        ("wrong-pass", NEW, "いまのパスワードが違います"),
        ("", NEW, "いまのパスワードを入力してください"),
        ("demo-pass", "", "新しいパスワードを入力してください"),
        ("demo-pass", "1234567", "新しいパスワードは8文字以上にしてください"),
    ],
)
def test_a_password_change_needs_the_old_password_and_a_long_new_one(browser: Browser, current: str, new: str, mistake: str) -> None:
    before = Account.get().password_hash

    change(browser.sign_in("new"), current, new)

    assert (browser.status, browser.h1) == (422, "アカウント設定")
    assert browser.says(mistake, ".errors")
    assert Account.get().password_hash == before
    assert not mails_of(MailKind.PASSWORD_CHANGED)


def test_a_sign_in_from_a_new_browser_sends_a_mail_and_a_known_one_does_not(browser: Browser, app: Flask) -> None:
    browser.sign_in("new").press("ログアウト").sign_in("new")
    assert len(mails_of(MailKind.NEW_BROWSER)) == 1

    Browser(app, browser.base_url).sign_in("new")

    assert [mail.recipient for mail in mails_of(MailKind.NEW_BROWSER)] == ["new@example.jp"] * 2


def test_the_mails_of_the_account_are_listed_and_read(browser: Browser) -> None:
    change(browser.sign_in("new"), "demo-pass", NEW)

    browser.visit("/mails").follow("パスワードが変更されました")

    assert browser.says("コントロールパネルのパスワードが変更されました")


def test_ten_wrong_passwords_lock_the_form_for_a_while(browser: Browser) -> None:
    browser.sign_in("new")
    for _ in range(10):
        assert change(browser, "wrong-pass", NEW).status == 422

    assert change(browser, PASSWORD, NEW).status == 429
    assert browser.says("間違いが続いたため")
    browser.press("ログアウト")
    assert browser.sign_in("new").h1 == "コントロールパネル", "the way in is counted apart"

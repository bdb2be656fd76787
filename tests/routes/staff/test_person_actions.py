"""What staff do about a customer's sign-in: a reason, a second look, once, with a mail."""

from flask import Flask

from models import Event, Mail, OneTimeLink, Session
from portal.actions.renewals import closing
from portal.catalog import Catalog
from portal.enums import MailKind
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.factories import a_customer
from tests.mailbox import Mailbox

WHY = "お電話でのご依頼"


def act(desk: Browser, link: str, reason: str = WHY) -> Browser:
    """Up to the second look."""
    return desk.visit("/staff/accounts/new").follow(link).fill("理由", reason).press("確認へ進む")


def test_staff_mail_a_link_and_never_learn_the_password(desk: Browser, app: Flask, settings: Settings) -> None:
    a_customer("new")
    act(desk, "パスワードのリンクを送る")
    assert desk.says("パスワードの再設定」を new@example.jp へ")
    assert not OneTimeLink.select().exists()
    desk.press("OK（リンクを送る）")
    assert desk.says("パスワードのリンクを送ります")

    customer, mailbox = Browser(app, settings.public_url), Mailbox().worker_passes()
    assert WHY in mailbox.newest
    assert customer.visit(mailbox.link).h1 == "新しいパスワードを決める"
    desk.back().press("OK")
    assert (desk.says("パスワードのリンクを送ります"), OneTimeLink.select().count()) == (True, 1), "pressed twice"
    assert Event.select().where(Event.actor == "staff keiri", Event.reason.contains(WHY)).count() == 1


def test_staff_end_every_sign_in_of_a_customer(desk: Browser, app: Flask, settings: Settings) -> None:
    a_customer("new")
    act(desk, "ログイン中の端末をログアウトさせる")
    assert (desk.status, desk.says("ログインしている端末はありません")) == (409, True)
    customer = Browser(app, settings.public_url).sign_in("new")

    act(desk, "ログイン中の端末をログアウトさせる").press("OK（ログアウトさせる）")

    assert desk.says("すべてログアウトさせました")
    assert customer.visit("/contract").h1 == "ログイン"
    assert not Session.select().where(Session.account.is_null(False)).exists()
    assert WHY in Mail.get(Mail.kind == MailKind.SESSIONS_ENDED).body
    assert customer.sign_in("new").h1 == "コントロールパネル"


def test_a_closed_account_gets_no_link(desk: Browser, catalog: Catalog) -> None:
    closing.close(a_customer("new"), "test", "約款違反", catalog)

    assert not desk.visit("/staff/accounts/new").says("パスワードのリンクを送る")
    desk.visit("/staff/accounts/new/password-link").fill("理由", WHY).press("確認へ進む")
    assert (desk.status, desk.says("このアカウントは閉じられています")) == (409, True)

"""Who forgot the password is back within two minutes, without the company."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from models import Account, Event, Mail, OneTimeLink, PasswordRequest, Session
from portal import clock
from portal.actions.mail import outbox
from portal.actions.mail.links import PLACEHOLDER
from portal.actions.renewals import closing
from portal.catalog import Catalog
from portal.enums import MailKind, MailState
from tests.browser import Browser
from tests.factories import PASSWORD, a_customer
from tests.mailbox import Mailbox
from tests.page import squeeze

NEW = "川べりの ねこ 7匹"


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox()


def ask(browser: Browser, typed: str = "new") -> Browser:
    browser.visit("/login").follow("パスワードを忘れたとき")
    return browser.fill("ログインIDまたはメールアドレス", typed).press("リンクをメールで送る")


def choose(browser: Browser, link: str, password: str = NEW) -> Browser:
    return browser.visit(link).fill("新しいパスワード", password).press("このパスワードにする")


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    elsewhere = Browser(app, browser.base_url).sign_in("new")
    asked = len(browser.traffic)

    assert ask(browser, "ＮＥＷ@Example.jp ").says("ご利用中のアカウントがあれば")
    mailbox.worker_passes()
    browser.visit(mailbox.link)
    assert (browser.h1, browser.value("ログインID")) == ("新しいパスワードを決める", "new")
    assert (browser.headers["Referrer-Policy"], browser.headers["Cache-Control"]) == ("no-referrer", "no-store")
    browser.fill("新しいパスワード", NEW).press("このパスワードにする")

    assert browser.h1 == "パスワードを変更しました"
    browser.follow("ログインへ").fill("ログインID", "new").fill("パスワード", NEW).press("ログイン")
    assert browser.h1 == "コントロールパネル"
    assert len(browser.traffic) - asked <= 10, "a few pages, no waiting for the company"
    assert elsewhere.visit("/contract").h1 == "ログイン", "every other session has ended"
    assert elsewhere.sign_in("new", PASSWORD).h1 == "ログイン"
    mailbox.worker_passes()
    assert "メールでお送りしたリンクから" in squeeze(mailbox.newest)
    assert [subject.rpartition("】")[2] for subject in mailbox.received("new@example.jp")] == [
        "新しいブラウザーからログインがありました",
        "パスワードの再設定",
        "パスワードが変更されました",
    ]
    assert Event.select().where(Event.reason == "パスワードを変更（メールのリンクから）").count() == 1


def test_the_link_stands_in_the_sent_mail_alone(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser)
    mailbox.worker_passes()
    token = mailbox.link.rpartition("/")[2]
    choose(browser, mailbox.link)
    browser.sign_in("new", NEW).visit("/mails").follow("パスワードの再設定")

    assert browser.says(PLACEHOLDER)
    assert token not in browser.html
    kept = [str(vars(row)["__data__"]) for table in (Mail, OneTimeLink, Event, Session, PasswordRequest) for row in table.select()]
    assert not [row for row in kept if token in row]


@pytest.mark.parametrize("typed", ["nobody", "nobody@example.jp", "closed", "closed@example.jp", "' OR 1=1 --", "ねこ"])
def test_the_answer_is_the_same_for_names_that_do_not_exist(browser: Browser, mailbox: Mailbox, catalog: Catalog, typed: str) -> None:
    closing.close(a_customer("closed"), "test", "約款違反", catalog)
    mailbox.worker_passes()
    known, statements = ask(browser, "new"), PasswordRequest.select().count()
    before = (known.url, known.text("main"), known.status)
    mailbox.worker_passes()
    sent = len(mailbox.sent)

    assert (ask(browser, typed).url, browser.text("main"), browser.status) == before
    assert PasswordRequest.select().count() == statements + 1, "the web does the same for all: it stores what was typed"
    mailbox.worker_passes()
    assert len(mailbox.sent) == sent
    assert not PasswordRequest.select().where(PasswordRequest.typed.is_null(False)).exists(), "what was typed is deleted"


def test_a_link_works_once_for_half_an_hour_and_is_not_used_up_by_a_scanner(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    ask(browser)
    link = mailbox.worker_passes().link
    scanner, second_tab = Browser(app, browser.base_url), Browser(app, browser.base_url)
    for _ in range(3):
        assert scanner.visit(link).status == 200
    second_tab.visit(link).fill("新しいパスワード", "another-one")

    with time_machine.travel(clock.real_now() + timedelta(minutes=29), tick=True):
        assert choose(browser, link, "new-2026").says("推測されやすい", ".errors")
        assert choose(browser, link).h1 == "パスワードを変更しました"
        assert second_tab.visit(link).says("すでに使われています")
        assert second_tab.says("このリンクでのお手続きは、そのときに済んでいます。今回は何も変更されていません。")
    assert second_tab.status == 410
    assert Account.get().password_hash != "another-one"


def test_a_second_tab_that_is_sent_later_changes_nothing(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    ask(browser)
    link = mailbox.worker_passes().link
    second_tab = Browser(app, browser.base_url).visit(link).fill("新しいパスワード", "another-one")
    choose(browser, link)

    second_tab.press("このパスワードにする")

    assert (second_tab.status, second_tab.h1) == (410, "このリンクは使えません")
    assert browser.sign_in("new", NEW).h1 == "コントロールパネル"


def test_a_link_that_is_too_old_or_cut_or_of_another_kind_says_so(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser)
    link = mailbox.worker_passes().link

    for wrong in (link[:-1], link + "x", "/password/x", link.replace("/password/", "/address/")):
        assert browser.visit(wrong).status == 404, wrong
    browser.visit(link).fill("新しいパスワード", NEW)
    with time_machine.travel(clock.real_now() + timedelta(minutes=31), tick=True):
        browser.visit("/password")
        assert choose_again(browser, link).says("30分を過ぎました")
        assert browser.follow("新しいリンクを送る").h1 == "パスワードを忘れたとき"
    assert browser.sign_in("new").h1 == "コントロールパネル"


def choose_again(browser: Browser, link: str) -> Browser:
    return browser.post_raw(link, {"new": NEW})


def test_a_stranger_who_asks_without_end_leaves_the_owner_a_link_that_works(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    stranger, start = Browser(app, browser.base_url), clock.real_now()
    for minute in range(0, 75, 5):
        with time_machine.travel(start + timedelta(minutes=minute), tick=True):
            ask(stranger, "new@example.jp" if minute % 10 else "new")
            mailbox.worker_passes()
            assert browser.visit(mailbox.link).h1 == "新しいパスワードを決める", minute

    assert 3 < len(mailbox.sent) <= 9


def test_of_two_links_only_the_newest_works(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser)
    first = mailbox.worker_passes().link
    ask(browser, "new@example.jp")
    second = mailbox.worker_passes().link

    assert browser.visit(first).says("いちばん新しいメールのリンクをお使いください")
    assert choose(browser, second).h1 == "パスワードを変更しました"


def test_a_link_that_was_asked_for_again_before_it_was_sent_is_not_sent(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser)
    ask(browser, "new@example.jp")
    mailbox.worker_passes()

    assert len(mailbox.sent) == 1
    assert {mail.state for mail in Mail.select()} == {MailState.WITHDRAWN, MailState.SENT}
    assert choose(browser, mailbox.link).h1 == "パスワードを変更しました"


def test_a_link_that_is_sent_again_is_a_new_one_and_a_used_one_is_not_sent_again(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser)
    first = mailbox.worker_passes().link
    mail = Mail.get(Mail.kind == MailKind.PASSWORD_LINK)

    assert outbox.send_again(mail, "staff x")
    second = mailbox.worker_passes().link

    assert browser.visit(first).status == 404
    assert first != second
    assert len({message["Message-ID"] for message in mailbox.sent}) == 2
    choose(browser, second)
    assert "もう使えません" in outbox.why_not_again(Mail.get_by_id(mail.id))
    assert not outbox.send_again(Mail.get_by_id(mail.id), "staff x")


def test_the_link_of_an_account_that_was_closed_opens_nothing(browser: Browser, mailbox: Mailbox, catalog: Catalog) -> None:
    ask(browser)
    link = mailbox.worker_passes().link
    browser.visit(link).fill("新しいパスワード", NEW)
    closing.close(Account.get(), "test", "約款違反", catalog)

    browser.press("このパスワードにする")

    assert (browser.status, browser.says("このアカウントは閉じられています")) == (410, True)
    assert browser.visit(link).says("このアカウントは閉じられています")


def test_wrong_passwords_from_everywhere_do_not_keep_out_who_has_just_chosen_one(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    for _ in range(11):
        browser.sign_in("new", "wrong-one")
    assert browser.status == 429
    ask(browser)
    choose(browser, mailbox.worker_passes().link)

    assert browser.sign_in("new", NEW).h1 == "コントロールパネル"


def test_who_asks_too_often_is_told_when_to_try_again_and_the_newest_link_works(browser: Browser, mailbox: Mailbox) -> None:
    for _ in range(3):
        assert ask(browser).status == 200
        mailbox.worker_passes()

    assert ask(browser).status == 429
    assert browser.says("お送りしたメールのリンクは、いまもお使いいただけます", ".errors")
    assert ask(browser, "new@example.jp").status == 200, "nobody is told that it is the same account"
    mailbox.worker_passes()
    assert len(mailbox.sent) == 3
    assert choose(browser, mailbox.link).h1 == "パスワードを変更しました"

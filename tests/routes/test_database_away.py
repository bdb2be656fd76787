"""While the database is away, locked or full: one answer everywhere, 503 with a number; nothing is said that was not stored."""

import pytest
from flask import Flask
from peewee import InterfaceError, OperationalError

from models import Deposit, Session
from portal.store import database as store
from tests.browser import Browser
from tests.factories import a_customer
from tests.staff_desk import a_clerk, sign_in


def raises(problem: Exception) -> object:
    def refuse(*_: object, **__: object) -> None:
        raise problem

    return refuse


def prove_a_503(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    assert (browser.status, browser.h1) == (503, "ただいま処理できませんでした")
    number = browser.text("main b")
    assert number
    assert number in caplog.text
    assert browser.says("受付番号")


@pytest.mark.parametrize("problem", [OperationalError("server closed the connection"), InterfaceError("connection is closed")])
@pytest.mark.parametrize("address", ["/", "/contract", "/login", "/staff/", "/staff/login"])
def test_without_the_database_every_page_is_a_503_with_a_number(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str, problem: Exception
) -> None:
    a_customer("new")
    browser.sign_in("new")
    monkeypatch.setattr(store, "ensure_connection", raises(problem))

    prove_a_503(browser.visit(address), caplog)


def test_without_the_database_htmx_gets_a_fragment(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    a_customer("new")
    browser.sign_in("new")
    monkeypatch.setattr(store, "ensure_connection", raises(OperationalError("away")))

    found = browser.fragment("GET", "/contract/status")

    assert found.status == 503


def test_documents_need_no_database(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ensure_connection", raises(OperationalError("away")))

    assert browser.visit("/legal/tokutei").status == 200


def test_signing_in_while_the_database_is_locked_is_a_503_with_a_number(
    browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The session is stored after the view, where a test's app raises instead of answering."""
    app.testing = False
    a_customer("new")
    browser.visit("/login").fill("ログインID", "new").fill("パスワード", "demo-pass")
    monkeypatch.setattr(Session, "insert", raises(OperationalError("database is locked")))

    prove_a_503(browser.press("ログイン"), caplog)

    monkeypatch.undo()
    assert browser.visit("/login").h1 == "ログイン"


def test_staff_do_not_read_that_a_deposit_was_entered_which_was_not(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    desk = sign_in(browser, a_clerk()).visit("/staff/deposits/new").fill("金額", "13,200").fill("振込依頼人名", "ﾐﾎﾝ ﾀﾛｳ")
    db = store.database.obj
    db.commit = raises(OperationalError("database or disk is full"))
    try:
        prove_a_503(desk.press("入力する"), caplog)
    finally:
        del db.commit

    assert not desk.says("入金を入力しました")
    assert not desk.visit("/staff/deposits").says("入金を入力しました")
    assert not Deposit.select().exists()


def test_a_page_is_shown_although_its_session_cannot_be_stored(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    a_customer("new")
    browser.sign_in("new")
    with monkeypatch.context() as patch:
        patch.setattr(Session, "update", raises(OperationalError("database is locked")))
        assert browser.visit("/account").press("パスワードを変更する").status == 422

    assert browser.visit("/contract").h1 == "サーバー契約・更新"

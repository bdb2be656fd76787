"""While the database is away, locked or full: one answer everywhere, 503 with a number; nothing is said that was not stored."""

import pytest
from flask import Flask
from peewee import InterfaceError, OperationalError

from models import Deposit, Order, Session
from portal.store import database as store
from portal.web.sessions import TableSessions
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.staff_desk import a_clerk, sign_in
from tests.steps import BACKUP


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
    assert browser.headers["Retry-After"] == "30"
    assert browser.headers["X-Request-Id"] == number
    assert browser.headers["X-Content-Type-Options"] == "nosniff"


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
    assert not desk.new_tab().visit("/staff/deposits").says("入金を入力しました")
    assert not Deposit.select().exists()
    assert desk.press("もう一度送る").says("入金を入力しました")
    assert [deposit.payer for deposit in Deposit.select()] == ["ﾐﾎﾝ ﾀﾛｳ"]


@pytest.mark.store
def test_what_was_typed_is_sent_again_after_the_database_came_back(browser: Browser, workshop: Workshop, database: str) -> None:
    order = workshop.draft(a_customer("new"))
    browser.sign_in("new").visit(f"/orders/{order.number}").choose("6か月", under=BACKUP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ensure_connection", raises(OperationalError("away")))
        browser.press("お支払い方法選択へ")
        assert browser.status == 503

    assert browser.press("もう一度送る").is_chosen("6か月", under=BACKUP)
    assert Order.get().choices["backup"] == "6"


def test_a_password_is_never_in_an_error_page(browser: Browser) -> None:
    a_customer("new")
    page = browser.sign_in("new").visit("/account").fill("いまのパスワード", "demo-pass").fill("新しいパスワード", "correct horse battery")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ensure_connection", raises(OperationalError("away")))
        page.press("パスワードを変更する")

    assert page.status == 503
    assert "correct horse" not in page.html
    assert not page.offers("もう一度送る")


def test_if_even_the_error_page_fails_there_is_a_last_word(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    app.testing = False
    monkeypatch.setattr(app.jinja_env, "get_or_select_template", raises(RuntimeError("secret detail")))
    monkeypatch.setattr(app.jinja_env, "get_template", raises(RuntimeError("secret detail")))

    answer = browser.client.get("/login", base_url=browser.base_url)

    assert answer.status_code == 503
    assert "ただいま処理できませんでした" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret" not in answer.text
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Retry-After"):
        assert name in answer.headers


@pytest.mark.store
def test_a_database_that_is_being_migrated_is_a_503(browser: Browser, database: str, caplog: pytest.LogCaptureFixture) -> None:
    a_customer("new")
    browser.sign_in("new")
    store.database.execute_sql('ALTER TABLE "order" RENAME COLUMN typed TO typed_before')
    try:
        prove_a_503(browser.visit("/"), caplog)
    finally:
        store.database.execute_sql('ALTER TABLE "order" RENAME COLUMN typed_before TO typed')
    assert browser.visit("/").status == 200


def test_a_session_that_cannot_be_stored_is_part_of_the_trouble_of_the_database(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each page would else have a line of its own for as long as the database is locked."""
    a_customer("new")
    browser.sign_in("new")
    monkeypatch.setattr(TableSessions, "_save", raises(OperationalError("database is locked")))

    assert browser.visit("/contract").status == 200
    said = [record for record in caplog.records if record.getMessage() == "a session was not stored"]
    assert [store.is_away(record.exc_info[1]) for record in said] == [True]

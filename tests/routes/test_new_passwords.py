"""A new password, or the end of an account, ends what was begun before, also what is on its way just then: a thief tries and tries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, Response, request

from models import Account, OneTimeLink, Session
from portal import clock
from portal.actions.accounts import accounts, addresses, staff_members
from portal.actions.accounts.authentication import Refused
from portal.actions.renewals import closing
from portal.catalog import Catalog
from portal.enums import LinkPurpose
from tests.browser import Browser
from tests.factories import PASSWORD, a_customer
from tests.staff_desk import Clerk, a_clerk, enter_password, sign_in

NEW = "川べりの ねこ 7匹"


@pytest.fixture
def meanwhile(app: Flask) -> list[Callable[[], object]]:
    """What happens once between a view's answer and the moment when its session is stored."""
    waiting: list[Callable[[], object]] = []

    @app.after_request
    def happen(response: Response) -> Response:
        while waiting and request.method != "HEAD":
            waiting.pop()()
        return response

    return waiting


@pytest.fixture
def customer(app: Flask) -> Account:
    return a_customer("new")


@pytest.fixture
def clerk(app: Flask) -> Clerk:
    return a_clerk()


def choose_new(own: Session | None = None) -> None:
    assert accounts.change_password(Account.by_login("new"), NEW, (), own=own)


def test_a_sign_in_with_the_old_password_that_overlaps_the_new_one_opens_nothing(
    browser: Browser, customer: Account, meanwhile: list[Callable[[], object]]
) -> None:
    browser.visit("/login").fill("ログインID", "new").fill("パスワード", PASSWORD)
    meanwhile.append(choose_new)

    browser.press("ログイン")

    assert browser.visit("/contract").h1 == "ログイン"
    assert browser.sign_in("new", NEW).h1 == "コントロールパネル"


def test_a_sign_in_that_overlaps_the_closing_of_the_account_opens_nothing(
    browser: Browser, customer: Account, catalog: Catalog, meanwhile: list[Callable[[], object]]
) -> None:
    browser.visit("/login").fill("ログインID", "new").fill("パスワード", PASSWORD)
    meanwhile.append(lambda: closing.close(customer, "test", "約款違反", catalog))

    browser.press("ログイン")

    assert browser.visit("/contract").h1 == "ログイン"


def test_a_page_that_overlaps_the_new_password_does_not_keep_the_old_session_alive(
    app: Flask, browser: Browser, customer: Account, meanwhile: list[Callable[[], object]]
) -> None:
    """The owner's own session ends and stays known; who has a copy of its cookie asks for pages without end."""
    browser.sign_in("new")
    (own,) = Session.select().where(Session.account == customer)
    with time_machine.travel(clock.real_now() + timedelta(minutes=2), tick=True):
        meanwhile.append(lambda: choose_new(own))
        browser.visit("/contract")

        assert browser.visit("/contract").h1 == "ログイン"


def test_the_owner_who_changes_it_stays_signed_in(browser: Browser, customer: Account) -> None:
    browser.sign_in("new").visit("/account").fill("いまのパスワード", PASSWORD).fill("新しいパスワード", NEW).press("パスワードを変更する")

    assert browser.says("パスワードを変更しました")
    assert browser.visit("/contract").status == 200


def test_an_address_that_was_asked_for_with_the_old_password_gets_no_link(customer: Account) -> None:
    asked = Account.by_login("new")
    choose_new()

    assert addresses.ask(asked, "thief@example.jp", LinkPurpose.ADDRESS, client="127.0.0.1") == Refused()
    assert not OneTimeLink.select().exists()


def test_staff_whose_password_is_new_enter_it_before_their_code(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    staff_members.set_password(clerk.staff.login, NEW, site=())

    browser.fill("確認コード", clerk.code()).press("ログイン")

    assert browser.visit("/staff/").url.startswith("/staff/login")


def test_a_code_of_staff_that_overlaps_the_new_password_opens_nothing(
    browser: Browser, clerk: Clerk, meanwhile: list[Callable[[], object]]
) -> None:
    enter_password(browser, clerk).fill("確認コード", clerk.code())
    meanwhile.append(lambda: staff_members.set_password(clerk.staff.login, NEW, site=()))

    browser.press("ログイン")

    assert browser.visit("/staff/").url.startswith("/staff/login")


def test_staff_with_the_password_of_now_work_on(browser: Browser, clerk: Clerk) -> None:
    assert sign_in(browser, clerk).visit("/staff/").status == 200

"""Somebody begins a visit to a company and gets somebody else to finish it: they get nothing, and nothing stays linked."""

import pytest

from models import Order, PaymentMethod, PaymentMethodSetup
from portal.actions.payments.unused_setups import end_unused_setups
from portal.enums import SetupState
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.purchase import later

WAYS = {
    "card": (steps.to_the_card_page, steps.enter_card, "カード情報の入力が終わっていません", "カード会社の画面へ戻る"),
    "wallet": (steps.to_the_wallet_company, steps.link_wallet, "おさいぽ!の認証が終わっていません", "おさいぽ!の画面へ戻る"),
}


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def test_a_visit_that_somebody_else_finished_brings_nothing(browser: Browser, app, companies, books, way) -> None:
    begin, finish, unfinished, link = way
    page = begin(browser).url
    a_customer("other")
    owner = finish(Browser(app, browser.base_url).sign_in("other").visit(page))
    with_code, setup = owner.url, Order.get().setups.get()

    assert owner.status == 404, "the order is not theirs"
    for address in (with_code.partition("?")[0], f"{with_code.partition('?')[0]}?code={'0' * 64}"):
        assert browser.visit(address).h1 == unfinished
    assert browser.follow(link).status == 409
    with later(hours=25):
        list(end_unused_setups(companies))
    assert PaymentMethodSetup.get_by_id(setup.id).state == SetupState.FAILED
    assert not PaymentMethod.select().exists()
    links = "SELECT is_removed FROM card UNION ALL SELECT is_removed FROM wallet_link"
    assert [row[0] for row in books.reader().execute(links)] == [1]
    assert browser.visit(with_code).h1 == "お支払い方法", "with the code it is too late"


def test_who_lost_the_session_on_the_way_returns_with_the_code_after_signing_in(browser: Browser, way) -> None:
    begin, finish, *_ = way
    begin(browser)
    browser.client.delete_cookie("session", domain="127.0.0.1")
    finish(browser)
    assert browser.h1 == "ログイン"

    browser.fill("ログインID", "new").fill("パスワード", "demo-pass").press("ログイン")

    assert browser.h1 in ("お申し込みの最終確認", "おさいぽ!でのお支払い")
    assert "code" not in browser.url


def test_a_return_that_never_arrived_is_offered_again(browser: Browser, way) -> None:
    """The line broke between the company and us: its page leads back with the code, at every press and after Back."""
    begin, finish, unfinished, link = way
    page = begin(browser).url
    returned = finish(browser.new_tab().visit(page)).url
    PaymentMethodSetup.update(state=SetupState.OPEN, payment_method=None).execute()
    PaymentMethod.delete().execute()

    assert browser.visit(returned.partition("?")[0]).h1 == unfinished
    browser.follow(link).follow("お店に戻る")
    assert PaymentMethodSetup.get().state == SetupState.READY


def test_the_code_twice_shows_the_result_of_the_first(browser: Browser, books, way) -> None:
    begin, finish, *_ = way
    begin(browser)
    finish(browser)
    shown, address = browser.h1, browser.url

    code = books.reader().execute("SELECT code_hash FROM visit_binding").fetchone()[0]
    for again in ("", f"?code={code}", "?code=x"):
        assert browser.visit(address + again).h1 == shown
    assert PaymentMethod.select().count() == 1

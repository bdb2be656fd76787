"""Access to every staff address: only staff signed in with both factors get in."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from models import Allocation, Deposit, Event, Order, Session
from portal import clock
from portal.catalog import Catalog
from tests.balance import an_allocation
from tests.browser import Browser
from tests.routes.staff.addresses import DEMO, SIGN_IN
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate, enter_password, sign_in, staff_cookie
from tests.stored import everything_stored


def one_factor(browser: Browser, clerk: Clerk) -> Browser:
    return enter_password(browser, clerk)


def customer_with_the_cookie_of_staff(browser: Browser, clerk: Clerk) -> Browser:
    """The customer's own token, sent under the other name."""
    token = browser.sign_in("other").client.get_cookie("session", domain="127.0.0.1").value
    browser.client.set_cookie("staff", token, domain="127.0.0.1", path="/staff")
    return browser


def idle_staff(browser: Browser, clerk: Clerk) -> Browser:
    sign_in(browser, clerk)
    long_ago = clock.real_now().replace(year=2020)
    Session.update(seen_at=long_ago).where(Session.staff == clerk.staff).execute()
    return browser


STRANGERS = [one_factor, customer_with_the_cookie_of_staff, idle_staff]


def state() -> tuple[int, ...]:
    return tuple(model.select().count() for model in (Deposit, Allocation, Event, Order))


def test_the_list_of_staff_addresses_is_not_empty(addresses: list[tuple[str, str]]) -> None:
    assert len(addresses) > 20
    assert {method for method, _ in addresses} == {"GET", "POST"}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_only_staff_with_both_factors_see_or_change_anything(
    browser: Browser, clerk: Clerk, addresses: list[tuple[str, str]], stranger: Callable[[Browser, Clerk], Browser]
) -> None:
    stranger(browser, clerk)
    before = state()
    secrets = [Deposit.get().number, Deposit.get().payer, "経理 花子", "見本 太郎"]

    for method, address in addresses:
        browser.visit("/staff/login")
        browser.post_raw(address, {"yen": "1", "reason": "x"}) if method == "POST" else browser.visit(address)
        assert (browser.status, browser.h1) == (200, "担当者ログイン"), (method, address)
        assert not [secret for secret in secrets if secret in browser.page.text("main")], (method, address)

    assert state() == before


def test_staff_with_both_factors_open_every_address_and_change_nothing(
    browser: Browser, clerk: Clerk, addresses: list[tuple[str, str]]
) -> None:
    sign_in(browser, clerk)
    before = everything_stored()

    for method, address in addresses:
        if method == "GET":
            browser.visit(address)
            assert browser.status == 200, address
            assert "担当者ログイン" not in browser.html
            assert browser.now.page is None or browser.offers("ログアウト"), address
    assert everything_stored() == before


def test_only_the_sign_in_and_demo_views_of_staff_are_public(app: Flask) -> None:
    public = {rule.rule for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "is_public", False)}

    assert {rule for rule in public if rule.startswith("/staff")} == SIGN_IN | DEMO


@pytest.mark.parametrize("address", ["/", "/contract", "/contract/status", "/renewal/reset"])
def test_staff_are_no_customers(desk: Browser, address: str) -> None:
    desk.visit(address)

    assert desk.h1 == "ログイン"


def test_the_token_of_staff_opens_nothing_of_a_customer(desk: Browser) -> None:
    desk.client.set_cookie("session", staff_cookie(desk).value, domain="127.0.0.1")

    assert desk.visit("/contract").h1 == "ログイン"


def test_a_customer_and_staff_are_signed_in_side_by_side(desk: Browser, catalog: Catalog) -> None:
    a_bank_order(catalog)
    desk.sign_in("new")
    assert desk.visit("/contract").h1 == "サーバー契約・更新"
    assert desk.visit("/staff/").h1 == "入金待ち"

    desk.press("ログアウト")

    assert desk.visit("/staff/").h1 == "担当者ログイン"
    assert desk.visit("/contract").h1 == "サーバー契約・更新"


@pytest.mark.parametrize("address", ["/staff/x", "/staff/deposits/1", "/staff/orders/1", "/staff/accounts/x", "/staff/files/session.csv"])
def test_a_missing_staff_page_is_shown_in_the_staff_layout(desk: Browser, address: str) -> None:
    desk.visit(address)

    assert desk.status == 404
    assert desk.offers("入金一覧")
    assert desk.says("入金待ちへ", "main")


def test_staff_cannot_open_a_draft(desk: Browser, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    Order.update(state="draft").where(Order.id == order.id).execute()

    assert desk.visit(f"/staff/orders/{order.number}").status == 404


def test_an_allocation_is_undone_only_through_its_own_deposit(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    one, other = a_deposit(clerk), a_deposit(clerk, 100, "別")
    allocate(desk, one, a_bank_order(catalog))

    desk.visit(f"/staff/deposits/{other.number}/receipts/{an_allocation().number}/undo")

    assert desk.says("この充当は、すでに取り消されています")


def test_a_staff_post_without_a_csrf_token_changes_nothing(desk: Browser) -> None:
    desk.post_raw("/staff/deposits/new", {"yen": "1"}, csrf=False)

    assert desk.status == 400
    assert not Deposit.select().exists()


def test_staff_are_signed_out_after_30_idle_minutes(desk: Browser) -> None:
    with time_machine.travel(clock.real_now().timestamp() + 31 * 60, tick=True):
        assert desk.visit("/staff/").h1 == "担当者ログイン"


def test_staff_are_signed_out_after_twelve_hours(desk: Browser) -> None:
    start = clock.real_now().timestamp()
    for minutes in range(25, 12 * 60, 25):
        with time_machine.travel(start + minutes * 60, tick=True):
            desk.visit("/staff/")
    assert desk.h1 == "入金待ち"

    with time_machine.travel(start + 12 * 60 * 60 + 60, tick=True):
        assert desk.visit("/staff/").h1 == "担当者ログイン"

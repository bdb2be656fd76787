"""Close and open an account, stop a renewal, cancel an order, move a due date: a reason, a second look, and once."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Account, Event, Mail, Order
from portal.catalog import Catalog
from portal.enums import OrderState
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.choices import a_selection
from tests.factories import a_customer
from tests.purchase import Shop
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate


@pytest.fixture
def shop(catalog: Catalog, books: object, companies: object) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def renewing(shop: Shop, business_day: Callable) -> Account:
    """A server by card until the end of December, charged on the 5th."""
    business_day(date(2026, 11, 22))
    a_customer()
    shop.buy(selection=a_selection(months=1))
    return Account.by_login("new")


@pytest.fixture
def waiting(catalog: Catalog, business_day: Callable) -> Order:
    business_day(date(2026, 11, 16))
    return a_bank_order(catalog)


@pytest.fixture
def customer(app: Flask, settings: Settings) -> Browser:
    return Browser(app, settings.public_url)


def act(desk: Browser, address: str, link: str, reason: str = "お電話でのご依頼") -> Browser:
    """Up to the second look."""
    return desk.visit(address).follow(link).fill("理由", reason).press("確認へ進む")


def letter(kind: str) -> str:
    return Mail.get(Mail.kind == kind).body.replace("\n", "")


def now(row: Order) -> Order:
    return Order.get_by_id(row.id)


def test_a_closed_customer_is_signed_out_and_told_whom_to_ask(desk: Browser, customer: Browser, renewing: Account) -> None:
    assert customer.sign_in("new").visit("/contract").h1 == "サーバー契約・更新"
    asked = len(desk.traffic)
    desk.follow("契約").fill("検索", "new@example.jp").press("検索する").follow("見本 新")
    desk.follow("アカウントを閉じる").fill("理由", "お電話でのご依頼").press("確認へ進む")
    assert desk.says("このあとの自動更新のお支払い")
    assert desk.says("2026年12月5日（土） 1,320円 → なし")
    assert desk.says("アカウントを閉じました」を new@example.jp へ")
    assert not Account.by_login("new").is_closed
    desk.press("OK（アカウントを閉じる）")

    assert desk.says("アカウントを閉じています")
    assert len(desk.traffic) - asked <= 7, "six presses, and where the last one leads: within a minute of the customer's call"
    assert customer.visit("/contract").h1 == "ログイン"
    assert customer.sign_in("new").status == 403
    assert customer.says("このアカウントは閉じられているため、ログインできません。サポート窓口（", ".error")
    assert customer.sign_in("new", "wrong-password").says("ログインIDまたはパスワードが違います")

    act(desk, "/staff/accounts/new", "アカウントを再び開く")
    assert desk.says("なし → 2026年12月5日（土） 1,320円")
    desk.press("OK")
    assert customer.sign_in("new").visit("/contract").says("2026年12月5日")


def test_an_action_pressed_twice_is_done_once_with_the_same_answer(desk: Browser, renewing: Account) -> None:
    act(desk, "/staff/accounts/new", "アカウントを閉じる").press("OK")
    first = desk.text("main")
    desk.back().press("OK")

    assert desk.text("main") == first
    assert Mail.select().where(Mail.kind == "account_closed").count() == 1
    assert Event.select().where(Event.entity == "account new", Event.to_state == "closed").count() == 1


def test_staff_stop_the_renewal_of_a_customer(desk: Browser, renewing: Account) -> None:
    act(desk, "/staff/accounts/new", "自動更新を止める")
    assert desk.says("自動更新：あり → なし")
    assert desk.says("2026年12月5日（土） 1,320円 → なし")
    desk.press("OK（自動更新を止める）")

    assert not renewing.renewal_setting
    assert not desk.offers("自動更新を止める")
    body = letter("method_reset")
    assert "担当者が自動更新を止め" in body
    assert "理由：お電話でのご依頼" in body
    assert "お心当たりがない" not in body
    assert Event.get(Event.to_state == "renewal off").actor == "staff keiri"


def test_staff_cancel_an_order(desk: Browser, waiting: Order) -> None:
    act(desk, f"/staff/orders/{waiting.number}", "申し込みを取り消す")
    assert desk.says("お振込待ち → 取消")
    desk.press("OK（申し込みを取り消す）")

    assert desk.says("申し込みを取り消しました")
    assert now(waiting).state == OrderState.CANCELLED
    assert "理由：お電話でのご依頼" in letter("order_cancelled")
    assert Event.get(Event.to_state == "cancelled").reason == "担当者による取消：お電話でのご依頼"
    desk.back().press("OK")
    assert Mail.select().where(Mail.kind == "order_cancelled").count() == 1


def test_the_parts_of_a_cancelled_order_are_held_for_the_customer(desk: Browser, clerk: Clerk, waiting: Order) -> None:
    deposit = a_deposit(clerk, 3_000)
    allocate(desk, deposit, waiting)

    act(desk, f"/staff/orders/{waiting.number}", "申し込みを取り消す")
    assert desk.says("一部入金 → 取消")
    desk.press("OK")

    assert (now(waiting).state, deposit.rest_yen) == (OrderState.CANCELLED, 3_000)
    assert "いただいた3,000円は、お預かりしています" in letter("order_cancelled")


def test_an_order_that_was_paid_meanwhile_is_not_cancelled(desk: Browser, clerk: Clerk, waiting: Order, catalog: Catalog) -> None:
    act(desk, f"/staff/orders/{waiting.number}", "申し込みを取り消す")
    look = desk.now
    allocate(desk, a_deposit(clerk), waiting)
    desk.history.append(look)
    desk.press("OK")

    assert desk.status == 409
    assert now(waiting).is_paid
    assert not Mail.select().where(Mail.kind == "order_cancelled").exists()


def test_staff_move_a_due_date(desk: Browser, waiting: Order) -> None:
    desk.visit(f"/staff/orders/{waiting.number}").follow("お支払い期限を変える").fill("新しいお支払い期限", "2026-12-10")
    desk.fill("理由", "お電話でのご依頼").press("確認へ進む")
    assert desk.says("お支払い期限：2026年11月30日（月） → 2026年12月10日（木）")
    desk.press("OK（お支払い期限を変える）")

    assert now(waiting).due_on == date(2026, 12, 10)
    assert "お支払い期限：2026年12月10日（木）まで" in letter("due_date_moved")
    desk.back().press("OK")
    assert Mail.select().where(Mail.kind == "due_date_moved").count() == 1


@pytest.mark.parametrize("typed", ["2026-11-15", "2026-02-30", "", "あした"])
def test_a_due_date_that_is_not_allowed_is_refused_with_the_reason(desk: Browser, waiting: Order, typed: str) -> None:
    desk.visit(f"/staff/orders/{waiting.number}/due-date").fill("新しいお支払い期限", typed).fill("理由", "x").press("確認へ進む")

    assert desk.status == 422
    assert desk.value("新しいお支払い期限") == typed
    assert now(waiting).due_on == date(2026, 11, 30)


def test_a_renewal_is_not_awaited_beyond_the_last_day_of_its_term(desk: Browser, shop: Shop, renewing: Account) -> None:
    order = shop.place_for_transfer(shop.draft("new", "change"), a_selection(months=1))

    desk.visit(f"/staff/orders/{order.number}/due-date").fill("新しいお支払い期限", "2027-01-15").fill("理由", "x").press("確認へ進む")

    assert desk.says("2027-01-14より後の日にはできません", ".error")


def test_an_action_needs_a_reason(desk: Browser, renewing: Account) -> None:
    assert act(desk, "/staff/accounts/new", "アカウントを閉じる", reason="　").status == 422
    assert not Account.by_login("new").is_closed

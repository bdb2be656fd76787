"""Staff and transfers that do not fit: a part, a difference accepted, money that an order cannot take, its own number first."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Account, Mail, Order
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from portal.enums import MailKind
from tests.browser import Browser
from tests.passes import expire_unpaid
from tests.staff_desk import YEN, Clerk, a_bank_order, a_deposit, allocate, to_the_review

ORDERED = date(2026, 11, 16)


@pytest.fixture
def order(catalog: Catalog, business_day: Callable) -> Order:
    business_day(ORDERED)
    return a_bank_order(catalog)


def now(order: Order) -> Order:
    return Order.get_by_id(order.id)


def pay_part(desk: Browser, clerk: Clerk, order: Order, missing: int) -> None:
    allocate(desk, a_deposit(clerk, YEN - missing, on=ORDERED), order)


def act(desk: Browser, reason: str = "振込手数料") -> Browser:
    return desk.fill("理由", reason).press("確認へ進む")


def test_staff_accept_a_difference_after_a_second_look(desk: Browser, clerk: Clerk, order: Order) -> None:
    pay_part(desk, clerk, order, 440)
    act(desk.visit(f"/staff/orders/{order.number}").follow("不足（440円）のままで入金確認済にする"))
    assert desk.says("入金状況：一部入金 → 入金確認済")
    assert desk.says("ご入金を確認しました」を")
    desk.press("OK（不足のままで入金確認済にする）")

    assert desk.says("不足のままで入金確認済にしました。")
    assert desk.says("了承した差額（入金なし）")
    assert desk.says("12,760円（ほかに、了承した差額 440円）・0円")
    assert now(order).is_paid


def test_a_difference_above_the_limit_is_offered_to_nobody(desk: Browser, clerk: Clerk, order: Order) -> None:
    pay_part(desk, clerk, order, 1_001)
    assert not desk.visit(f"/staff/orders/{order.number}").says("のままで入金確認済にする")

    desk.visit(f"/staff/orders/{order.number}/difference")
    assert (desk.status, desk.says("了承できる差額は1,000円までです（不足は1,001円）。何も変更されていません。")) == (200, True)
    assert act(desk).status == 409
    assert now(order).is_placed


@pytest.mark.parametrize("typed", ["４４０", "440円"])
def test_a_part_is_typed_in_any_width(desk: Browser, clerk: Clerk, order: Order, typed: str) -> None:
    to_the_review(desk, a_deposit(clerk, on=ORDERED), order, yen=typed)

    assert desk.says("不足：13,200円 → 12,760円")
    assert desk.says("あと12,760円のお振り込みが必要です」を")


def test_money_for_a_cancelled_order_becomes_the_customers_after_a_second_look(desk: Browser, clerk: Clerk, order: Order) -> None:
    bank_orders.give_up(order)
    deposit = a_deposit(clerk, payer=f"{order.number} ﾐﾎﾝ ﾀﾛｳ", on=ORDERED)
    desk.visit(f"/staff/deposits/{deposit.number}").follow(order.number)
    assert desk.says("この申し込みは、取り消されています。")

    act(desk.follow("お客様のお預かりにする"))
    assert desk.says("お客様のお預かり 0円 → 13,200円")
    desk.press("OK（お客様のお預かりにする）")

    assert desk.says("お客様のお預かりにしました。")
    assert order.account.held_yen == YEN
    assert Mail.select().where(Mail.kind == MailKind.MONEY_HELD).count() == 1


def test_the_look_of_a_late_part_says_that_the_order_opens_again(desk: Browser, clerk: Clerk, order: Order, business_day: Callable) -> None:
    pay_part(desk, clerk, order, 440)
    business_day(order.due_on + timedelta(days=8))
    expire_unpaid()
    late = order.due_on + timedelta(days=7)
    to_the_review(desk, a_deposit(clerk, 100, on=late), now(order), yen="100")

    assert desk.says("入金状況：期限切れ → 一部入金")
    assert desk.says("不足：13,200円 → 340円")
    assert desk.says("お客様のお預かり 12,760円 → 0円")
    desk.press("OK")
    assert (now(order).is_placed, Account.get().held_yen) == (True, 0)


@pytest.mark.parametrize(
    ("becomes", "meaning"),
    [
        ("cancelled", "この申し込みは取り消されています。"),
        ("paid", "この申し込みは入金確認済です。二重のお振り込みかもしれません。"),
        ("expired", "この申し込みは期限切れです。"),
    ],
)
def test_the_order_whose_number_the_money_carries_stands_first_whatever_its_state(
    desk: Browser, clerk: Clerk, catalog: Catalog, order: Order, business_day: Callable, becomes: str, meaning: str
) -> None:
    if becomes == "cancelled":
        bank_orders.give_up(order)
    if becomes == "paid":
        allocate(desk, a_deposit(clerk, on=ORDERED), order)
    if becomes == "expired":
        business_day(order.due_on + timedelta(days=8))
        expire_unpaid()
    strangers = [a_bank_order(catalog, f"stranger{each}", name="別人") for each in range(2)]
    deposit = a_deposit(clerk, payer=f"{order.number} ﾐﾎﾝ ﾀﾛｳ")

    desk.visit(f"/staff/deposits/{deposit.number}")

    text = desk.text("main")
    assert meaning in text
    assert text.index(order.number, text.index("候補")) < min(text.index(stranger.number) for stranger in strangers)

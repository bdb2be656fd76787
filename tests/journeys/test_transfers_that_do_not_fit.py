"""Transfers that are short, over, late, or on their way while the customer orders something else: what the customer reads."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Order
from portal.actions.transfers import held_money
from tests import balance, bank, steps
from tests.browser import Browser
from tests.passes import expire_unpaid

SUNDAY, DUE = date(2026, 11, 22), date(2026, 12, 6)
YEN, PART = 13_200, 12_760
BOX = "お預かりになることを確認しました"


@pytest.fixture
def waiting(browser: Browser, business_day: Callable) -> Browser:
    """Ordered on Sunday, November 22nd; at 「サーバー契約・更新」."""
    business_day(SUNDAY)
    return steps.order_by_transfer(browser).follow("戻る")


@pytest.fixture
def reported(waiting: Browser) -> Browser:
    waiting.follow("振り込みました")
    return waiting.fill("振込名義", "ミホン タロウ").fill("振り込んだ日", "2026-11-22").press("連絡する")


def states() -> list[str]:
    return [str(order.state) for order in Order.select().where(Order.state != "draft").order_by(Order.id)]


def to_another_order(browser: Browser) -> Browser:
    browser.post_raw("/orders", {"kind": "new"})
    browser.choose("1か月 1,320円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
    return steps.by_transfer(browser)


def test_a_reported_transfer_is_replaced_only_after_a_step_of_its_own(reported: Browser) -> None:
    first = Order.get()
    to_another_order(reported)
    assert reported.says(f"取り消されるお申し込み {first.number}（銀行振込")
    assert reported.says("行き違いで届いたお金は、自動ではほかのお支払いに使われません")

    reported.press("OK")

    assert reported.status == 422
    assert reported.says("すでに振り込まれたお金がどうなるかをお読みのうえ、チェックを入れてください")
    assert states() == ["placed"]
    reported.tick(BOX).press("OK")
    assert states() == ["cancelled", "placed"]


def test_an_awaited_order_without_a_report_is_named_and_replaced(waiting: Browser) -> None:
    to_another_order(waiting)
    assert waiting.says("取り消されるお申し込み")
    assert not waiting.says(BOX)

    waiting.press("OK")

    assert states() == ["cancelled", "placed"]


def test_a_reported_transfer_is_not_given_up_for_a_card_without_that_step(reported: Browser) -> None:
    reported.visit(f"/orders/{Order.get().number}/payment")
    reported.choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る")
    steps.by_card(reported)
    assert reported.says("取りやめになる銀行振込")

    reported.press("OK")
    assert (reported.status, states(), balance.terms()) == (422, ["placed"], [])

    reported.tick(BOX).press("OK")
    assert states() == ["paid"]


def test_a_short_transfer_is_asked_for_first_and_later_marked_as_overdue(waiting: Browser, business_day: Callable) -> None:
    bank.pay_in(Order.get(), PART)
    waiting.visit("/contract")
    text = waiting.text("#status")
    assert "あと440円のお振り込みが必要です" in text
    assert waiting.says("残りのご入金がないと、2026年12月10日（木）に期限切れになり、いただいた金額はお預かりになります。", "#status")
    assert waiting.says("お支払い方法の変更と取り消しは、お問い合わせ窓口で承ります。")
    assert not waiting.says("期限を過ぎています")

    business_day(date(2026, 12, 7))
    assert steps.go(waiting, "/contract").says(
        "お支払い期限（2026年12月6日（日））を過ぎています。お早めに、残りの440円をお振り込みください。", "#status"
    )

    bank.pay_in(Order.get(), 440)
    assert waiting.visit("/contract").says("入金確認済", "#status")
    assert not waiting.says("お預かりしている金額")


def test_an_over_payment_stays_on_the_customers_page_until_it_is_allocated(waiting: Browser) -> None:
    deposit = bank.deposit(YEN + 1_000)
    bank.allocate(deposit, Order.get())

    waiting.visit("/contract")
    assert waiting.says("入金確認済", "#status")
    assert waiting.says("お預かりしている金額 1,000円をお預かりしています")
    assert waiting.visit("/mails").says("1,000円をお預かりしています")


def test_a_late_part_opens_an_expired_order_again(waiting: Browser, business_day: Callable) -> None:
    bank.pay_in(Order.get(), PART)
    business_day(date(2026, 12, 10))
    assert expire_unpaid() == 1
    steps.go(waiting, "/contract")
    assert waiting.says("期限切れ", "#status")
    assert waiting.says("12,760円をお預かりしています")

    bank.pay_in(Order.get(), 40, on=date(2026, 12, 9))
    waiting.visit("/contract")
    assert waiting.says("あと400円のお振り込みが必要です", "#status")
    assert waiting.says("2026年12月24日（木）まで", "#status")
    assert not waiting.says("お預かりしている金額")

    bank.pay_in(Order.get(), 400)
    assert waiting.visit("/contract").says("入金確認済", "#status")
    assert balance.terms() == [("server", date(2026, 12, 10), date(2027, 12, 31))]


def test_late_money_is_kept_and_pays_the_next_order_with_its_own_date(waiting: Browser, business_day: Callable) -> None:
    business_day(date(2026, 12, 10))
    expire_unpaid()
    late = bank.deposit(YEN, on=date(2026, 12, 9))
    held_money.hold_for_customer(late, Order.get(), bank.staff(), "番号が一致")
    steps.go(waiting, "/contract")
    assert waiting.says("13,200円をお預かりしています")

    to_another_order(waiting).press("OK")
    newer = Order.select().order_by(Order.id.desc()).get()
    bank.allocate(late, newer)

    assert waiting.visit("/contract").says("入金日 2026年12月9日（水）")
    assert waiting.says("11,880円をお預かりしています")

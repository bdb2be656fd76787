"""Transfers that are short, over, late, or on their way while the customer orders something else: what the customer reads."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Order
from tests import balance, steps
from tests.browser import Browser

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

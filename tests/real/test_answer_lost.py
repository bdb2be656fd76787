"""A payment whose answer got lost: the panel polls and announces the result. The slowest test, so it starts first."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests import steps
from tests.real.chromium import Window
from tests.real.mouse import Mouse


def test_an_unanswered_payment_is_polled_until_it_is_confirmed(window: Callable[..., Window], newcomer: str) -> None:
    """The worker queries the card company a minute after [OK]; the panel polls with growing pauses and announces the result once."""
    mouse = Mouse(window()).to_the_payment(newcomer).pay(steps.ANSWER_LOST)
    assert mouse.heading == "お支払いを確認しています"
    mouse.follow("サーバー契約・更新")
    mouse.listen()
    assert mouse.window.says("お支払い確認中")
    assert mouse.page.get_by_role("button", name="今すぐ確認する").is_visible()
    waits = []
    mouse.page.on("request", lambda request: waits.append(request.url.partition("wait=")[2]))

    tag = mouse.page.locator("#status .tag")
    expect(tag).to_have_text("入金確認済", timeout=150_000)
    mouse.page.wait_for_timeout(1000)

    assert mouse.said == ["ご入金を確認しました"]
    assert waits == ["10", "20", "40", "60"][: len(waits)]
    assert len(waits) >= 3
    assert not mouse.page.get_by_role("button", name="今すぐ確認する").is_visible()
    assert mouse.is_paid(12)


def test_polling_can_be_stopped_and_the_panel_refreshed_by_hand(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window()).to_the_payment(newcomer).pay(steps.ANSWER_LOST)
    mouse.follow("サーバー契約・更新")

    mouse.follow("自動表示を止める")

    assert mouse.window.says("お支払い確認中")
    assert not mouse.window.says("自動で最新になります")
    assert mouse.page.locator("#poll").count() == 0
    mouse.press("今すぐ確認する")
    assert mouse.window.says("お支払い確認中")

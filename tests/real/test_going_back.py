"""Back and forward, a lost connection and an expired session: the screen is up to date or says that it may not be."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests import steps
from tests.real.chromium import Window
from tests.real.mouse import Mouse

LOST = "通信できませんでした"


def chosen_with_its_price(mouse: Mouse, months: str, price: str) -> bool:
    expect(mouse.page.locator("#estimate .total")).to_contain_text(price)
    return mouse.page.get_by_label(months).first.is_checked() and not mouse.window.says("お見積り合計 0円")


def test_back_and_forward_show_the_choice_with_its_price(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window()).to_the_form(newcomer).choose(steps.SERVER_TERMS)
    for months, price in (("1か月", "1,320円"), ("36か月", "35,640円")):
        mouse.choose(months)
        expect(mouse.page.locator("#estimate .total")).to_contain_text(price)
    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力")
    assert mouse.heading == "カード情報の入力"

    mouse.page.go_back()
    assert mouse.heading == "お支払い方法"
    assert mouse.window.says("お支払い総額 35,640円")
    mouse.page.go_back()
    assert mouse.heading == "契約内容の選択"
    assert chosen_with_its_price(mouse, "36か月", "35,640円")
    assert mouse.page.get_by_label(steps.SERVER_TERMS).is_checked()
    mouse.choose("3か月")
    assert chosen_with_its_price(mouse, "3か月", "3,795円")
    mouse.page.go_forward()
    mouse.press("クレジットカード情報入力").enter_card()

    assert mouse.heading == "お申し込みの最終確認"
    assert mouse.window.says("今回のお支払い総額 3,795円")


def test_back_from_a_link_shows_the_choice_with_its_price(window: Callable[..., Window], newcomer: str) -> None:
    """Chromium shows the page as it came first and marks what was marked last; the price must follow."""
    mouse = Mouse(window()).to_the_form(newcomer).choose("36か月")
    expect(mouse.estimate).to_contain_text("35,640円")

    mouse.follow("コントロールパネル")
    mouse.page.go_back()

    assert chosen_with_its_price(mouse, "36か月", "35,640円")


def test_a_new_tab_shows_the_choices_of_the_other_one(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_form(newcomer).choose("24か月")
    expect(mouse.estimate).to_contain_text("25,080円")

    with one.context.expect_page() as other:
        mouse.page.evaluate("() => { window.open(location.href) }")

    expect(other.value.locator("#estimate")).to_contain_text("25,080円")
    expect(other.value.get_by_label("24か月").first).to_be_checked()


def test_without_a_connection_the_old_price_is_marked_until_the_new_one_comes(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_form(newcomer)
    say = mouse.page.locator("#say")

    one.context.set_offline(True)
    mouse.choose("24か月")

    expect(say).to_contain_text(LOST)
    expect(mouse.estimate).to_contain_text(LOST)
    assert one.axe() == []
    mouse.choose("36か月")
    mouse.page.wait_for_timeout(500)
    assert mouse.estimate.inner_text().count(LOST) == 1
    one.context.set_offline(False)
    expect(mouse.estimate).to_contain_text("35,640円", timeout=20_000)
    expect(say).to_have_text("お見積り合計 35,640円")
    expect(mouse.estimate).not_to_contain_text(LOST)
    ignore_offline_messages(one, "ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def test_the_polling_panel_survives_a_lost_connection(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_payment(newcomer).pay(steps.ANSWER_LOST)
    mouse.follow("サーバー契約・更新")

    one.context.set_offline(True)
    panel = mouse.page.locator("#main")
    expect(panel).to_contain_text(LOST, timeout=20_000)
    one.context.set_offline(False)

    expect(panel).not_to_contain_text(LOST, timeout=20_000)
    expect(panel).to_contain_text("お支払い")
    ignore_offline_messages(one, "ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def test_a_customer_signed_out_midway_continues_at_the_same_step(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_form(newcomer).choose("24か月").choose(steps.SERVER_TERMS)
    expect(mouse.estimate).to_contain_text("25,080円")
    one.context.clear_cookies(name="session")

    mouse.choose("36か月")
    expect(mouse.estimate).to_contain_text("ログインの有効期限が切れ")
    assert one.axe() == []
    mouse.follow("ログインして続ける")
    mouse.fill("ログインID", newcomer).fill("パスワード", "demo-pass").page.get_by_role("button", name="ログイン", exact=True).click()

    assert mouse.heading == "契約内容の選択"
    assert mouse.window.says("まだ送信されていません")
    assert chosen_with_its_price(mouse, "36か月", "35,640円")


def ignore_offline_messages(window: Window, *expected: str) -> None:
    """Ignores Chromium's own messages about the missing network."""
    window.faults[:] = [fault for fault in window.faults if not any(words in fault for words in expected)]

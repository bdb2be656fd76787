"""The other two ways to pay in real Chromium: by おさいぽ!, and by a transfer that staff confirm while the customer's page is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import steps
from tests.real.chromium import PHONE, Keyboard, Window
from tests.real.mouse import Mouse
from tests.real.staff_desk import Desk


@pytest.mark.parametrize("has_script", [True, False])
def test_a_contract_is_paid_by_wallet(window: Callable[..., Window], newcomer: str, has_script: bool) -> None:
    mouse = Mouse(window(java_script_enabled=has_script)).to_the_method(newcomer, "おさいぽ!").select("自動更新日", "毎回 15日")
    mouse.press("お支払い")
    assert mouse.heading == "おさいぽ!IDの認証"
    mouse.enter_wallet()
    assert mouse.heading == "おさいぽ!でのお支払い"
    assert mouse.window.says("1,320円（1,320ポイント）")

    mouse.follow("お支払い方法の選択へ戻る").take("おさいぽ!").select("自動更新日", "毎回 20日").press("お支払い")
    assert mouse.heading == "おさいぽ!でのお支払い"
    mouse.press("おさいぽ!ポイントから支払う")
    assert mouse.heading == "お申し込みの最終確認"
    mouse.press("OK（この内容で申し込み、1,320円を支払う）")

    assert mouse.heading == "お支払いが完了しました"
    assert mouse.is_paid(1)
    mouse.page.goto("/account")
    assert mouse.window.says("と連携しています")


@pytest.mark.parametrize("has_script", [True, False])
def test_staff_confirm_a_transfer_while_the_customer_waits(
    window: Callable[..., Window], desk: Callable[..., Desk], newcomer: str, has_script: bool
) -> None:
    mouse = Mouse(window(viewport=PHONE, java_script_enabled=has_script)).to_the_method(newcomer, "銀行振込").press("お支払い")
    assert mouse.heading == "お申し込みの最終確認"
    mouse.press("OK（この内容で申し込み、1,320円を銀行振込で支払う）")
    assert mouse.heading == "お申し込みを受け付けました"
    assert mouse.window.says("お振込金額 1,320円")
    mouse.follow("戻る")
    expect(mouse.money).to_have_text("お振込待ち")
    assert mouse.window.says("お支払い情報")
    if has_script:
        mouse.listen()

    staff = desk(java_script_enabled=has_script).confirm(mouse.order_number, "1,320")
    assert staff.window.says("申し込みは入金確認済になりました")

    if not has_script:
        mouse.press("今すぐ確認する")
    expect(mouse.money).to_have_text("入金確認済", timeout=40_000)
    if has_script:
        assert mouse.said == ["ご入金を確認しました"]
    assert mouse.is_paid(1)


def test_a_contract_is_paid_by_wallet_by_keyboard_alone(window: Callable[..., Window], keyboard: Callable, newcomer: str) -> None:
    one = window(viewport=PHONE)
    keys = to_the_methods(one, keyboard, newcomer).choose("クレジットカード", "おさいぽ!")
    expect(one.page.locator("#how")).to_have_text("おさいぽ!でのお支払い")
    keys.select("自動更新日", "毎回 10日").press("お支払い")

    keys.fill("おさいぽ!ID", steps.WALLET).press("おさいぽ!IDを認証する").fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    keys.press("OK").press("おさいぽ!ポイントから支払う").press("OK（この内容で申し込み、1,320円を支払う）")

    assert Mouse(one).heading == "お支払いが完了しました"
    assert Mouse(one).is_paid(1)


def test_a_transfer_is_ordered_reported_and_confirmed_by_keyboard_alone(
    window: Callable[..., Window], desk: Callable[..., Desk], keyboard: Callable, newcomer: str
) -> None:
    one = window(java_script_enabled=False)
    keys, mouse = to_the_methods(one, keyboard, newcomer).choose("クレジットカード", "銀行振込"), Mouse(one)

    keys.press("選んだ方法の説明を見る").press("お支払い").press("OK（この内容で申し込み、1,320円を銀行振込で支払う）").press("戻る")
    keys.press("振り込みました").fill("振込名義", "ﾐﾎﾝ ﾊﾅｺ").press("連絡する").press("お支払い情報をメールで再送する")
    expect(mouse.money).to_have_text("お振込確認中")
    desk().confirm(mouse.order_number, "1,320")
    keys.press("今すぐ確認する")

    expect(mouse.money).to_have_text("入金確認済")
    assert mouse.is_paid(1)


def to_the_methods(window: Window, keyboard: Callable, login: str) -> Keyboard:
    """By Tab and Enter from the login page to お支払い方法, for one month."""
    window.page.goto("/login")
    keys = keyboard(window).fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン")
    keys.press("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    return keys.tick(steps.SERVER_TERMS).press("お支払い方法選択へ")

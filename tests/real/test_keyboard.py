"""The whole purchase without a mouse: every element shows its focus, and mistakes are corrected with Tab and Enter."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import steps
from tests.real.chromium import DESK, PHONE, Window
from tests.real.mouse import Mouse

KEYS = pytest.mark.parametrize(("has_script", "viewport"), [(True, PHONE), (False, DESK)], ids=["phone", "desk without script"])


@KEYS
def test_a_contract_is_paid_by_keyboard_alone(
    window: Callable[..., Window], keyboard: Callable, newcomer: str, has_script: bool, viewport: dict
) -> None:
    one = window(viewport=viewport, java_script_enabled=has_script)
    one.page.goto("/login")
    keys = keyboard(one).fill("ログインID", newcomer).fill("パスワード", "demo-pass").press("ログイン")
    keys.press("サーバー契約・更新").press("新規契約のお申し込みへ進む")

    keys.choose("1か月", "3か月").tick(steps.SERVER_TERMS).choose("利用しない", "クイック認証").tick(steps.SSL_TERMS)
    keys.select(steps.BACKUP, "3か月").tick(steps.BACKUP_TERMS).select(steps.DEVICE, "3か月").fill("台数", "2").tick(steps.DEVICE_TERMS)
    keys.press("お支払い方法選択へ").press("クレジットカード情報入力")
    keys.fill("カード番号", steps.ASKS_THEN_PAYS).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill(
        "カード名義", "TARO MIHON"
    )
    keys.press("送信する").press("認証する").press("OK（この内容で申し込み、17,897円を支払う）")

    mouse = Mouse(one)
    assert mouse.heading == "お支払いが完了しました"
    assert mouse.is_paid(3)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_refused_form_focuses_its_summary_of_mistakes_which_links_the_fields(
    window: Callable[..., Window], keyboard: Callable, newcomer: str, has_script: bool
) -> None:
    one = window(viewport=PHONE, java_script_enabled=has_script)
    mouse, page = Mouse(one).to_the_form(newcomer), one.page
    mouse.select(steps.DEVICE, "1か月").fill("台数", "二十一")

    keyboard(one).press("お支払い方法選択へ")

    assert page.title().startswith("エラー：")
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    links = [link.strip() for link in summary.get_by_role("link").all_inner_texts()]
    assert summary.get_by_role("heading").inner_text().replace("\n", "") == f"入力内容に{len(links)}件の誤りがあります"
    for link in links:
        summary.focus()
        keyboard(one).tab_to(link)
        page.keyboard.press("Enter")
        field = page.locator("[aria-invalid=true]:focus")
        said = [page.locator(f"#{id_}").inner_text() for id_ in field.get_attribute("aria-describedby").split()]
        assert any(link in text for text in said)
    assert page.get_by_label("台数").input_value() == "二十一"


def test_the_card_companys_form_focuses_its_summary_of_mistakes(window: Callable[..., Window], keyboard: Callable, newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_payment(newcomer).press("クレジットカード情報入力")

    keyboard(one).fill("カード番号", "4111 1111 1111 1111").press("送信する")

    expect(mouse.page.locator(".summary")).to_be_focused()
    keyboard(one).tab_to("有効期限")
    mouse.page.keyboard.press("Enter")
    expect(mouse.page.get_by_label("有効期限")).to_be_focused()
    assert mouse.page.get_by_label("カード番号").input_value() == ""


def test_the_first_tab_stop_skips_the_menu(window: Callable[..., Window], keyboard: Callable, newcomer: str) -> None:
    one = window(viewport=PHONE).sign_in(newcomer)
    one.page.goto("/contract")

    keyboard(one).tab_to("本文へ移動", limit=1)
    one.page.keyboard.press("Enter")

    keyboard(one).tab_to("新規契約のお申し込みへ進む", limit=1)

"""A contract paid by card in real Chromium: with mouse and htmx, without JavaScript, and with each test card."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import steps
from tests.real.chromium import PHONE, Window
from tests.real.mouse import Mouse


def test_the_estimate_updates_on_every_change_without_a_page_load(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window(viewport=PHONE)).to_the_form(newcomer)
    mouse.listen()
    assert not mouse.page.get_by_label(steps.SSL_TERMS).is_visible()

    mouse.choose("24か月")
    expect(mouse.estimate).to_contain_text("25,080円")
    mouse.choose("クイック認証")
    expect(mouse.estimate).to_contain_text("36,080円")
    mouse.select(steps.BACKUP, "36か月")
    expect(mouse.estimate).to_contain_text("47,168円")
    mouse.select(steps.DEVICE, "12か月")
    expect(mouse.estimate).to_contain_text("50,468円")
    mouse.fill("台数", "３").page.get_by_label("台数").blur()
    expect(mouse.estimate).to_contain_text("57,068円")
    mouse.fill("台数", "21").page.get_by_label("台数").blur()
    expect(mouse.estimate).to_contain_text("台数は1から20までの数字で入力してください")

    prices = ("25,080", "36,080", "47,168", "50,468", "57,068")
    assert mouse.said == [*(f"お見積り合計 {price}円" for price in prices), "選択内容を確認してください"]


def test_a_consent_box_comes_with_its_option_right_behind_it(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window()).to_the_form(newcomer)
    boxes = {"独自SSL": steps.SSL_TERMS, steps.BACKUP: steps.BACKUP_TERMS, steps.DEVICE: steps.DEVICE_TERMS}
    assert not any(mouse.page.get_by_label(box).is_visible() for box in boxes.values())

    mouse.choose("企業認証").select(steps.BACKUP, "1か月").select(steps.DEVICE, "1か月")

    names = mouse.page.locator("#choices :is(input, select):visible").evaluate_all("all => all.map(it => it.name)")
    order = list(dict.fromkeys(names))
    assert order == ["months", "agree_server", "ssl", "agree_ssl", "backup", "agree_backup", "device_months", "devices", "agree_device"]
    mouse.choose(steps.SSL_TERMS).choose("利用しない")
    assert not mouse.page.get_by_label(steps.SSL_TERMS).is_visible()
    mouse.choose("企業認証")
    assert mouse.page.get_by_label(steps.SSL_TERMS).is_checked()


def test_a_swap_keeps_focus_and_ticked_boxes(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window()).to_the_form(newcomer).choose(steps.SERVER_TERMS)
    select = mouse.page.get_by_label(steps.BACKUP)

    select.focus()
    mouse.page.keyboard.press("ArrowDown")

    expect(mouse.estimate).to_contain_text("バックアップオプション")
    expect(select).to_be_focused()
    assert mouse.page.get_by_label(steps.SERVER_TERMS).is_checked()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_contract_with_every_option_is_paid_by_card(window: Callable[..., Window], newcomer: str, has_script: bool) -> None:
    mouse = Mouse(window(java_script_enabled=has_script)).to_the_form(newcomer)
    mouse.choose("6か月").choose("クイック認証").select(steps.BACKUP, "6か月").select(steps.DEVICE, "12か月").fill("台数", "3")
    mouse.press("金額を再計算する")
    expect(mouse.estimate).to_contain_text(re.compile("お見積り合計\\s*30,536円"))
    for terms in (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS):
        mouse.choose(terms)

    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    assert mouse.heading == "お申し込みの最終確認"
    mouse.press("OK（この内容で申し込み、30,536円を支払う）")

    assert mouse.heading == "お支払いが完了しました"
    assert mouse.is_paid(6)
    assert mouse.window.says("デバイスセキュリティ 3台")


def test_without_javascript_the_page_is_complete(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window(java_script_enabled=False)).to_the_form(newcomer)

    mouse.choose("36か月")
    assert mouse.window.says("お見積り合計 1,320円")
    mouse.press("金額を再計算する")

    assert mouse.window.says("お見積り合計 35,640円")
    assert mouse.page.get_by_label("36か月").first.is_checked()
    assert not any(path.endswith(".js") for _, path, _ in mouse.window.requests)


def test_a_card_with_authentication_pays_after_it_passes(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window(viewport=PHONE)).to_the_payment(newcomer)
    mouse.press("クレジットカード情報入力").enter_card(steps.ASKS_THEN_PAYS)
    assert mouse.heading == "本人認証（3Dセキュア）"

    mouse.press("認証しない")
    assert mouse.heading == "お支払い方法"
    assert mouse.window.says("本人認証")
    mouse.press("クレジットカード情報入力").enter_card(steps.ASKS_THEN_PAYS).press("認証する").press("OK")

    assert mouse.heading == "お支払いが完了しました"
    assert mouse.is_paid(12)


def test_after_a_declined_card_another_one_pays(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window()).to_the_payment(newcomer).pay(steps.REFUSED)
    assert mouse.heading == "お支払いは完了していません"
    assert mouse.window.says("お金は引き落とされていません")

    mouse.follow("お支払い手続きへ").pay()

    assert mouse.heading == "お支払いが完了しました"
    assert mouse.is_paid(12)


def test_a_card_that_fails_authentication_is_refused(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window(java_script_enabled=False)).to_the_payment(newcomer)
    mouse.press("クレジットカード情報入力").enter_card(steps.FAILS_WHEN_ASKED).press("認証する")

    assert mouse.heading == "お支払い方法"
    assert mouse.window.says("カード")

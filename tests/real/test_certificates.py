"""独自SSL from the contract to the charge that renews it: by touch and by keyboard in Chromium, and in edbrowse."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from portal import clock
from portal.demo.days import first_day
from tests import steps
from tests.real.browsers import IS_LONG
from tests.real.chromium import PHONE, Keyboard, Window
from tests.real.edbrowse import Edbrowse
from tests.real.mouse import Mouse
from tests.real.server import Server

PATIENCE = 60  # seconds until the worker has told the hosting side and heard its answer
ON = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


@pytest.fixture
def new_demo(tmp_path: Path) -> Iterator[Server]:
    """On its first day, with nobody else in it."""
    server = Server(tmp_path / "data").start(as_it_begins=True)
    yield server
    server.stop()


def until(mouse: Mouse, sentence: str) -> None:
    """Reload as a customer who waits, until the page says so."""
    give_up = time.monotonic() + PATIENCE
    while not mouse.window.says(sentence):
        assert time.monotonic() < give_up, f"「{sentence}」 never came: {mouse.page.locator('main').inner_text()}"
        mouse.page.wait_for_timeout(500)
        mouse.page.reload()


def charged_on(mouse: Mouse) -> date:
    """The day of the next charge, as the contract's page says it."""
    mouse.page.goto("/contract")
    day = mouse.page.locator("dt", has_text="次回のお支払い日").locator("xpath=following-sibling::dd[1]").inner_text()
    return date(*(int(part) for part in ON.search(day).groups()))


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
@pytest.mark.parametrize("has_script", [False, True])
def test_from_the_contract_to_the_charge_that_renews_the_certificate(
    window: Callable[..., Window], new_demo: Server, has_script: bool
) -> None:
    mouse = Mouse(window(new_demo, viewport=PHONE, java_script_enabled=has_script)).to_the_form("new")
    mouse.choose("12か月").choose("クイック認証").press("金額を再計算する").choose(steps.SERVER_TERMS).choose(steps.SSL_TERMS)
    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card().press("OK")
    assert mouse.heading == "お支払いが完了しました"

    mouse.page.goto("/")
    mouse.follow("独自SSL").follow("コモンネームを設定する").follow("独自ドメイン設定へ")
    mouse.fill("独自ドメイン", "日本語.jp").press("追加する")
    mouse.press("TXTレコードを確認する")
    until(mouse, "確認済み")

    mouse.page.goto("/ssl")
    mouse.follow("コモンネームを設定する").select("コモンネーム", "www.日本語.jp").press("このコモンネームで発行の手続きを始める")
    until(mouse, "有効")
    mouse.follow("自動更新をオンにする")
    assert mouse.window.says("24,200円")
    mouse.press("OK")
    assert mouse.window.says("自動更新をオンにしました")

    day = charged_on(mouse)
    assert day > first_day(clock.today())
    mouse.page.goto("/demo/clock")
    mouse.fill("日付", str(day)).press("この日へ")
    mouse.page.goto("/history")
    assert mouse.window.says("24,200円"), "the charge of that day has the certificate"

    mouse.page.goto("/ssl")
    mouse.follow("内容を見る").follow("自動更新をオフにする").press("OK")
    assert mouse.window.says("自動更新をオフにしました")
    mouse.page.goto("/contract")
    assert mouse.window.says("13,200円（税込）")


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
def test_a_certificate_is_bought_set_up_and_turned_on_by_keyboard_alone(
    window: Callable[..., Window], new_demo: Server, keyboard: Callable[[Window], Keyboard]
) -> None:
    one = window(new_demo, viewport=PHONE)
    keys, mouse = keyboard(one), Mouse(one)
    one.page.goto("/login")
    keys.fill("ログインID", "new").fill("パスワード", "demo-pass").press("ログイン")
    keys.press("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    keys.choose("1か月", "12か月").tick(steps.SERVER_TERMS).choose("利用しない", "クイック認証").tick(steps.SSL_TERMS)
    keys.press("お支払い方法選択へ")
    keys.press("クレジットカード情報入力").fill("カード番号", steps.GOOD).fill("有効期限", "12/35").fill("セキュリティコード", "123")
    keys.fill("カード名義", "TARO MIHON").press("送信する").press("OK（この内容で申し込み、24,200円を支払う）")

    one.page.goto("/")
    keys.press("独自SSL").press("コモンネームを設定する").press("独自ドメイン設定へ")
    keys.fill("独自ドメイン", "日本語.jp").press("追加する").press("TXTレコードを確認する")
    until(mouse, "確認済み")
    one.page.goto("/ssl")
    keys.press("コモンネームを設定する").select("コモンネーム", "www.日本語.jp").press("このコモンネームで発行の手続きを始める")
    until(mouse, "有効")
    keys.press("自動更新をオンにする").press("OK")
    assert one.says("自動更新をオンにしました")
    keys.press("自動更新をオフにする").press("OK")
    assert one.says("自動更新をオフにしました")


def comes(edbrowse: Edbrowse, path: str, sentence: str) -> None:
    """Come back again and again, as a customer who waits: the same address twice is not asked for again."""
    give_up = time.monotonic() + PATIENCE
    while not edbrowse.open("/").open(path).says(sentence):
        assert time.monotonic() < give_up, f"「{sentence}」 never came: {edbrowse.text}"
        time.sleep(1)


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
def test_a_certificate_is_bought_set_up_renewed_and_turned_off_in_edbrowse(text_browser: Callable[..., Edbrowse], new_demo: Server) -> None:
    edbrowse = text_browser("edbrowse", new_demo).sign_in("new")
    edbrowse.follow("サーバー契約・更新").press("新規契約のお申し込みへ進む").choose("12か月").choose("クイック認証")
    edbrowse.choose(steps.SERVER_TERMS).choose(steps.SSL_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    edbrowse.press("OK（この内容で申し込み、24,200円を支払う）")
    assert edbrowse.says("お支払いが完了しました")

    edbrowse.open("/ssl").follow("コモンネームを設定する").follow("独自ドメイン設定へ").fill("独自ドメイン", "日本語.jp").press("追加する")
    edbrowse.press("TXTレコードを確認する")
    comes(edbrowse, "/domains", "確認済み")
    edbrowse.open("/ssl").follow("コモンネームを設定する").fill("コモンネーム", "www.日本語.jp")
    edbrowse.press("このコモンネームで発行の手続きを始める")
    comes(edbrowse, "/ssl", "有効")
    edbrowse.follow("内容を見る").follow("自動更新をオンにする")
    assert edbrowse.says("独自SSL（クイック認証） www.日本語.jp")
    edbrowse.press("OK")
    assert edbrowse.says("自動更新をオンにしました")

    year, month, day = map(int, ON.search(edbrowse.open("/contract").text.partition("次回のお支払い日")[2]).groups())
    edbrowse.open("/demo/clock").fill("日付", str(date(year, month, day))).press("この日へ")
    assert edbrowse.open("/history").says("24,200円"), "the charge of that day has the certificate"
    edbrowse.open("/ssl").follow("内容を見る").follow("自動更新をオフにする").press("OK")
    assert edbrowse.says("自動更新をオフにしました")

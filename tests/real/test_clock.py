"""Turning the clock of a running demo, with its worker."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.demo.days import first_day
from tests.real.chromium import PHONE, Window
from tests.real.server import Server
from tests.real.w3m import W3m


@pytest.fixture
def new_demo(tmp_path: Path) -> Iterator[Server]:
    """On its first day, with nobody else in it."""
    server = Server(tmp_path / "data").start(as_it_begins=True)
    yield server
    server.stop()


def test_a_transfer_expires_while_the_clock_turns_and_the_demo_restarts(window: Callable[..., Window], new_demo: Server) -> None:
    one = window(new_demo, viewport=PHONE).sign_in("bank")
    page = one.page
    page.goto("/contract")

    page.get_by_role("button", name="次の出来事へ").click()
    expect(page.get_by_role("region", name="起きたこと")).to_contain_text("自動更新 1,320円 → クレジットカード：支払い済み")
    expect(page.get_by_role("heading", level=1)).to_have_text("サーバー契約・更新")
    page.goto("/demo/clock")
    page.get_by_label("日付").fill(str(first_day(clock.today()) + timedelta(days=30)))
    page.get_by_role("button", name="この日へ").click()
    assert one.says("申し込み済み → 期限切れ")
    page.get_by_role("link", name="お申し込みが期限切れになりました").first.click()
    assert one.says("bank@example.jp")
    page.goto("/contract")
    assert one.says("期限切れ")

    page.goto("/demo")
    page.get_by_role("link", name="最初からやり直す").click()
    page.get_by_role("button", name="最初からやり直す").click()
    assert one.says("最初からやり直しました")
    page.get_by_role("region", name="bank").get_by_role("button", name="サーバー契約・更新").click()
    assert one.says("お振込待ち")


def test_the_clock_is_turned_in_w3m(new_demo: Server, tmp_path: Path) -> None:
    terminal = W3m(tmp_path, new_demo.url)

    terminal.press("1日進める")
    assert terminal.says("起きたこと")
    terminal.fill("日付", "2026-02-30").press("この日へ")
    assert terminal.says("のように年・月・日で入力してください")
    terminal.close()

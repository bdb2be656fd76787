"""The own pages of single options in every state, in one window."""

from collections.abc import Iterator

from tests import steps
from tests.real.chromium import Window
from tests.real.mouse import Mouse


def single_options(window: Window, login: str) -> Iterator[str]:
    """Backup bought and switched, devices bought, more of them, and an order for more that is awaited."""
    mouse, page = Mouse(window), window.page
    mouse.to_the_payment(login).pay()
    page.goto("/")
    mouse.follow("バックアップ")
    yield "バックアップ、なし"
    mouse.press("お支払い方法選択へ")
    yield "バックアップ、誤り"
    mouse.select("契約期間", "3か月 1,254円").choose(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    yield "お支払い方法、オプションの追加"
    mouse.press("クレジットカード情報入力").enter_card(steps.GOOD)
    yield "最終確認、オプションの追加"
    mouse.press("OK")
    page.goto("/backup")
    yield "バックアップ、自動更新なし"
    mouse.follow("バックアップの自動更新をオンにする")
    yield "自動更新をオンにする最終確認"
    mouse.press("OK")
    yield "バックアップ、自動更新あり"
    mouse.follow("バックアップの自動更新をオフにする")
    yield "自動更新をオフにする最終確認"
    page.goto("/security")
    mouse.select("契約期間", "12か月 1台 3,300円").fill("台数", "2").choose(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    mouse.press("クレジットカード情報入力").enter_card(steps.GOOD)
    mouse.press("OK")
    page.goto("/security")
    yield "デバイスセキュリティ"
    mouse.fill("台数", "x").press("お支払い方法選択へ")
    yield "デバイスセキュリティ、誤り"
    mouse.follow("デバイスセキュリティの自動更新をオンにする").press("OK")
    mouse.fill("次回からの台数", "0").press("最終確認へ進む")
    yield "次回からの台数、誤り"
    mouse.fill("次回からの台数", "3").press("最終確認へ進む")
    yield "次回からの台数の最終確認"
    mouse.press("OK")
    yield "デバイスセキュリティ、次回からの台数を予約した"
    mouse.fill("台数", "1").choose(steps.DEVICE_TERMS).press("お支払い方法選択へ").take("銀行振込").press("お支払い")
    yield "最終確認、台数の追加"
    mouse.press("OK")
    yield "申し込み、台数の追加のご入金待ち"
    page.goto("/security")
    yield "デバイスセキュリティ、ご入金待ち"

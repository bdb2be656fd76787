"""The renewal pages that `tour.paying` does not visit: auto-renewal, manual renewal, changes, declined charges, ended contracts."""

from collections.abc import Iterator

from tests import steps
from tests.real.chromium import Window
from tests.real.mouse import Mouse


def before_the_end(window: Window) -> Iterator[str]:
    """By hand with every option, to the term that is paid ahead; then a change, a reservation and another method."""
    mouse, page = come(window, "look-by-hand"), window.page
    page.goto("/")
    yield "コントロールパネル、更新のお手続き"
    mouse.follow("サーバー契約・更新")
    yield "サーバー契約・更新、更新のお手続き"
    mouse.press("契約更新の操作へ進む")
    yield "契約更新の選択"
    mouse.fill("台数", "21").press("お支払い方法選択へ")
    yield "契約更新の選択、誤り"
    agree(mouse.fill("台数", "3").select(steps.BACKUP, "更新しない")).press("お支払い方法選択へ")
    yield "お支払い方法、契約更新"
    mouse.press("クレジットカード情報入力").enter_card()
    yield "最終確認、契約更新"
    mouse.press("OK")
    yield "申し込み、契約更新の完了"
    mouse.follow("サーバー契約・更新へ")
    yield "サーバー契約・更新、次回はお支払い済み"
    page.goto("/renewal/change")
    yield "次回ご契約内容を変更する、次回はお支払い済み"
    yield from with_automatic_renewal(window)


def with_automatic_renewal(window: Window) -> Iterator[str]:
    mouse, page = come(window, "look-card"), window.page
    page.goto("/renewal/reservation")
    mouse.fill("台数", "21").press("最終確認へ進む")
    yield "次回の自動更新から変更する、誤り"
    agree(mouse.fill("台数", "3").select(steps.BACKUP, "更新しない")).press("最終確認へ進む").press("OK")
    yield "サーバー契約・更新、オプションも予約した"
    mouse.follow("予約を取り消す").press("OK")
    yield "サーバー契約・更新、予約を取り消した"
    mouse.follow("お支払い方法だけを変更する").press("次へ進む").enter_card()
    page.locator("[name=shown]").evaluate("it => { it.value = 'old' }")
    mouse.press("OK")
    yield "お支払い方法の変更の最終確認、内容が変わった"
    mouse.press("OK")
    yield "サーバー契約・更新、お支払い方法を変更した"
    page.goto("/renewal/change")
    agree(mouse.press("契約期間を変更する").choose("24か月")).press("金額を再計算する")
    yield "契約期間の変更の選択"
    mouse.press("お支払い方法選択へ").take("銀行振込").press("お支払い")
    yield "最終確認、契約期間の変更、銀行振込"


def near_the_end(window: Window) -> Iterator[str]:
    """A charge that failed, one that is too near to be changed, and 停止中."""
    mouse, page = come(window, "look-failed"), window.page
    for address, state in (("/", "コントロールパネル"), ("/contract", "サーバー契約・更新"), ("/contract/timeline", "今後の予定")):
        page.goto(address)
        yield f"{state}、自動更新のお支払いができなかった"
    page.goto("/renewal/method")
    yield "お支払い方法の変更、お支払いができなかった"
    page.goto("/contract")
    mouse.follow("お支払い手続きへ")
    yield "お支払い方法、お支払いができなかった"
    mouse.take("銀行振込").press("お支払い")
    yield "最終確認、お支払いができなかった、銀行振込"
    yield from too_late_to_change(window)
    yield from stopped(window)


def too_late_to_change(window: Window) -> Iterator[str]:
    mouse, page = come(window, "look-closed"), window.page
    page.goto("/contract")
    yield "サーバー契約・更新、変更の期限を過ぎた"
    mouse.follow("次回ご契約内容を変更する")
    yield "次回ご契約内容を変更する、期限を過ぎた"
    mouse.follow("お支払い方法だけを変更する").select("自動更新日", "毎回 20日").press("次へ進む")
    yield "お支払い方法の変更の最終確認、自動更新日"
    page.goto("/renewal/reset")
    yield "リセット、おさいぽ!"


def stopped(window: Window) -> Iterator[str]:
    mouse, page = come(window, "look-ended"), window.page
    for address, state in (("/", "コントロールパネル"), ("/contract/timeline", "今後の予定"), ("/contract", "サーバー契約・更新")):
        page.goto(address)
        yield f"{state}、停止中"
    mouse.press("契約更新の操作へ進む")
    yield "契約更新の選択、停止中"
    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    yield "最終確認、停止中"


def come(window: Window, login: str) -> Mouse:
    """The next customer at the same screen."""
    window.context.clear_cookies()
    return Mouse(window).sign_in(login)


def agree(mouse: Mouse) -> Mouse:
    """To the terms of every option that is on the page and to be had."""
    for box in mouse.page.get_by_role("checkbox").all():
        box.check()
    return mouse

"""Printed pages: one A4 sheet with everything important, and no buttons."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.real import tour
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.staff_desk import Desk, Person


def sheets(window: Window) -> int:
    pdf = window.page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_paper_prints_on_one_sheet_and_so_does_its_saved_file(window: Callable[..., Window], newcomer: str, tmp_path: Path) -> None:
    """With every option and a long addressee."""
    one = window()
    mouse = Mouse(one).to_the_form(newcomer)
    tour.choose_everything(mouse)
    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card().press("OK")
    one.page.goto("/history")
    mouse.follow("領収書 ").fill("宛名", "株式会社見本" * 16).press("この宛名で開く")
    assert mouse.heading.startswith("領収書 ")
    assert sheets(one) == 1
    with one.page.expect_download() as download:
        mouse.follow("保存する")
    saved = tmp_path / "saved.html"
    download.value.save_as(saved)
    one.page.goto(saved.as_uri())

    assert download.value.suggested_filename == f"{one.page.title()}.html"
    assert one.page.title().endswith("円_領収書")
    assert sheets(one) == 1


def test_order_contract_and_confirmation_print_on_one_sheet_each(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_form(newcomer)
    tour.choose_everything(mouse)
    mouse.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    assert (mouse.heading, sheets(one)) == ("お申し込みの最終確認", 1)
    mouse.press("OK")

    assert (mouse.heading, sheets(one)) == ("お支払いが完了しました", 1)
    one.page.goto("/contract")
    assert (mouse.heading, sheets(one)) == ("サーバー契約・更新", 1)
    one.page.emulate_media(media="print")
    assert not one.page.get_by_role("navigation").first.is_visible()
    assert not one.page.get_by_role("button").first.is_visible()
    assert one.says("入金確認済")


def test_the_days_page_of_staff_prints_on_one_sheet(window: Callable[..., Window], colleague: Person) -> None:
    one = window()
    Desk(one).sign_in(colleague).follow("1日のまとめ")

    assert sheets(one) == 1

"""1件ずつ充当する: each waiting line with its best proposal and one press."""

import re
from datetime import timedelta

import pytest
import time_machine

from models import Allocation, Deposit, Mail, Order, PayerAlias
from portal import clock
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from tests.browser import Browser
from tests.staff_desk import YEN, Clerk, a_bank_order, a_deposit


def row_of(desk: Browser, payer: str) -> str:
    rows = desk.page.soup.select("#lines tbody tr")
    return next(row.get_text(" ", strip=True) for row in rows if payer in row.th.get_text())


def test_a_line_is_worked_off_with_one_press_and_the_next_has_the_focus(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, other = a_bank_order(catalog, "one", name="ミホン タロウ"), a_bank_order(catalog, "two", name="スズキ ハナコ")
    a_deposit(clerk, YEN, "ﾐﾎﾝ ﾀﾛｳ")
    a_deposit(clerk, 500, "ﾀﾞﾚｶ")
    a_deposit(clerk, YEN - 440, f"{other.number} ｽｽﾞｷ ﾊﾅｺ")

    desk.visit("/staff/waiting")
    assert "番号不一致・金額一致・名義一致 金額が不足額と同じです。" in row_of(desk, "ﾐﾎﾝ")
    assert "番号か名義の合う申し込みはありません。" in row_of(desk, "ﾀﾞﾚｶ")
    assert "振込手数料くらい足りません。一部入金になります（不足 440円）。" in row_of(desk, "ｽｽﾞｷ")
    assert not desk.page.soup.select("[autofocus]")
    desk.press("充当する（ﾐﾎﾝ ﾀﾛｳ 13,200円）")

    assert desk.says(f"ﾐﾎﾝ ﾀﾛｳ 13,200円を申し込み {order.number}（13,200円）に充当しました。")
    assert desk.page.soup.select_one("[autofocus]")["value"].startswith(Deposit.get(Deposit.yen == YEN - 440).number)
    assert [Order.get_by_id(one.id).state for one in (order, other)] == ["paid", "placed"]
    desk.press(f"充当する（{other.number} ｽｽﾞｷ ﾊﾅｺ 12,760円）")
    assert Order.get_by_id(other.id).missing_yen == 440

    desk.visit("/staff/waiting")
    assert len(desk.page.soup.select("#lines tbody tr")) == 1
    desk.follow("候補を見る（ﾀﾞﾚｶ 500円）")
    assert desk.h1.startswith("入金 ")


def test_what_was_pressed_last_is_one_step_from_its_undo(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_deposit(clerk, YEN, f"{order.number} ﾐﾎﾝ")

    desk.visit("/staff/waiting").press("充当する").follow("直前の充当を取り消す")
    desk.fill("理由", "別のお客様の入金").press("確認へ進む").press("OK")

    assert Order.get().state == "placed"
    assert not desk.visit("/staff/waiting").page.soup.select("#lines")  # an お預かり of that customer now


def test_two_orders_in_one_sum_are_named_and_paid_by_one_press(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    one, two = a_bank_order(catalog, "one"), a_bank_order(catalog, "two", months=1)
    a_deposit(clerk, one.total_yen + two.total_yen, f"{one.number} {two.number}")

    desk.visit("/staff/waiting")
    text = row_of(desk, one.number)
    assert f"{one.number} 見本 太郎 13,200円" in text
    assert f"{two.number} 見本 太郎 1,320円" in text
    assert "申し込みの不足額を合わせた金額です。" in text
    desk.press("充当する")

    assert desk.says(f"申し込み {one.number}（13,200円）と申し込み {two.number}（1,320円）に充当しました。")
    assert {order.state for order in Order.select()} == {"paid"}
    desk.follow("直前の充当を取り消す")
    assert desk.text("table").count("取り消す") == 2


def test_several_transfers_for_one_order_are_one_press_and_one_mail(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    parts = [a_deposit(clerk, yen, f"{order.number} ﾐﾎﾝ") for yen in (10_000, YEN - 10_000)]

    desk.visit("/staff/waiting")
    assert f"ほかの入金と合わせると、不足額になります。ほかの入金：{parts[1].number} 3,200円。" in desk.text("#lines tr:nth-child(1) small")
    desk.press(f"充当する（{order.number} ﾐﾎﾝ 10,000円）")

    assert Order.get().state == "paid"
    assert [mail.state for mail in Mail.select().where(Mail.kind == "part_received")] == ["withdrawn"]
    assert desk.says("未充当の入金はありません。")


def test_what_is_not_as_shown_any_more_is_shown_again(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_deposit(clerk, YEN, f"{order.number} ﾐﾎﾝ")
    desk.visit("/staff/waiting")
    bank_orders.give_up(order)

    desk.press("充当する")

    assert (desk.status, desk.says("まだ何も変更されていません")) == (409, True)
    assert "この申し込みは取り消されています。" in row_of(desk, order.number)
    assert not Allocation.select().where(Allocation.order.is_null(False)).exists()


def test_the_code_is_asked_for_again_after_ten_minutes(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_deposit(clerk, YEN, f"{order.number} ﾐﾎﾝ")
    with time_machine.travel(clock.real_now() + timedelta(minutes=11)):
        desk.visit("/staff/waiting").press("充当する")
        assert (desk.status, Order.get().state) == (422, "placed")

        desk.fill("確認コード", clerk.code()).press("充当する")
    assert Order.get().state == "paid"


def test_a_page_that_has_become_empty_is_the_first_one(desk: Browser, clerk: Clerk) -> None:
    a_deposit(clerk, YEN, "ﾀﾞﾚｶ")

    assert "候補を見る" in desk.visit("/staff/waiting?page=9").text("#lines")


def test_the_keys_can_be_switched_off(desk: Browser, clerk: Clerk) -> None:
    a_deposit(clerk, YEN, "ﾀﾞﾚｶ")
    assert "desk.js" in desk.visit("/staff/waiting").html

    desk.press("キー操作をやめる")
    assert "desk.js" not in desk.visit("/staff/waiting").html
    assert "desk.js" in desk.press("キー操作（j・k・u）を使う").html


@pytest.mark.parametrize("line", ["", "x", "12345678-", "12345678-0", "１-２"])
def test_a_line_that_is_not_there_changes_nothing(desk: Browser, clerk: Clerk, catalog: Catalog, line: str) -> None:
    a_deposit(clerk, YEN, f"{a_bank_order(catalog).number} ﾐﾎﾝ")
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.visit("/staff/waiting").html)[1]

    answer = desk.client.post("/staff/waiting", data={"csrf_token": token, "line": line}, base_url="http://127.0.0.1:8000")

    assert (answer.status_code, Order.get().state) == (409, "placed")


def test_a_press_teaches_the_payer_s_name(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_deposit(clerk, YEN, f"{order.number} ﾍﾞﾂﾉ ﾒｲｷﾞ")

    desk.visit("/staff/waiting").press("充当する")

    assert (PayerAlias.get().payer, PayerAlias.get().account) == (f"{order.number} ﾍﾞﾂﾉ ﾒｲｷﾞ", order.account)


def test_where_too_many_fit_equally_none_is_named_before_the_others(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    says = "同じだけ合う申し込みが{}件あり、この入金からは決められません。お客様に確かめてください。"
    orders = [a_bank_order(catalog, f"same{place}", name="ミホン タロウ") for place in range(3)]
    a_bank_order(catalog, "other-yen", months=1, name="ミホン タロウ")
    deposit = a_deposit(clerk, YEN, "ﾐﾎﾝ ﾀﾛｳ")
    row = row_of(desk.visit("/staff/waiting"), "ﾐﾎﾝ")
    assert all(order.number in row for order in orders)
    assert "ほか 1件" in row

    a_bank_order(catalog, "same3", name="ミホン タロウ")

    row = row_of(desk.visit("/staff/waiting"), "ﾐﾎﾝ")
    assert says.format(4) in row
    assert not any(order.number in row for order in orders)
    assert desk.visit(f"/staff/deposits/{deposit.number}").says(says.format(4))
    assert not desk.visit(f"/staff/deposits/{a_deposit(clerk, YEN, f'{orders[0].number} ﾐﾎﾝ ﾀﾛｳ').number}").says("この入金からは")

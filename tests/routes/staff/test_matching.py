"""まとめて充当: staff read every sure match and press once; and the names that payers use for a customer."""

from datetime import timedelta

import time_machine

from models import Deposit, Order, PayerAlias
from portal import clock
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from tests.bank_files import Paid, as_bytes, zengin01
from tests.browser import Browser
from tests.staff_desk import YEN, Clerk, a_bank_order, a_deposit, to_the_review

WHY = "番号一致・金額一致・名義不一致"


def test_a_day_from_the_bank_s_file_to_paid_orders(desk: Browser, catalog: Catalog) -> None:
    """Ten lines, two of them for a person: the common case needs no press of its own."""
    orders = [a_bank_order(catalog, f"customer{place}") for place in range(9)]
    short = orders.pop()
    lines = [Paid(YEN, f"{order.number} ﾌﾘｺﾐﾆﾝ{place}", clock.today()) for place, order in enumerate(orders)]
    lines += [Paid(YEN - 440, f"{short.number} ﾐﾎﾝ", clock.today()), Paid(YEN, "ﾀﾞﾚｶ", clock.today())]
    desk.visit("/staff/bank/new").attach("ファイル", "今日.txt", as_bytes(zengin01(lines))).press("内容を確かめる").press("OK")

    desk.follow("確かな入金をまとめて充当する")
    assert desk.h1 == "まとめて充当する"
    assert desk.text("table").count(WHY) == len(orders)
    assert desk.says("充当する入金（8件 105,600円）")
    assert not Order.select().where(Order.state == "paid").exists()
    desk.press("OK（8件 105,600円を充当する）")

    assert desk.says("8件、105,600円を充当しました。")
    assert desk.says("まとめて充当できる入金はありません。")
    assert Order.select().where(Order.state == "paid").count() == 8
    assert {row.yen for row in Deposit.select() if row.rest_yen} == {YEN - 440, YEN}


def test_what_is_not_there_any_more_is_shown_again(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    first, second = a_bank_order(catalog, "one"), a_bank_order(catalog, "two")
    a_deposit(clerk, YEN, f"{first.number} ﾐﾎﾝ")
    a_deposit(clerk, YEN, f"{second.number} ﾐﾎﾝ")
    desk.visit("/staff/matching")
    bank_orders.give_up(first)

    desk.press("OK")

    assert (desk.status, Order.get_by_id(second.id).state) == (409, "placed")
    assert desk.says("表示したあとで状態が変わりました")
    desk.press("OK")
    assert desk.says("1件、13,200円を充当しました。")


def test_after_ten_minutes_the_code_is_asked_for_again(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_deposit(clerk, YEN, f"{order.number} ﾐﾎﾝ")
    with time_machine.travel(clock.real_now() + timedelta(minutes=11)):
        desk.visit("/staff/matching").press("OK")
        assert (desk.status, Order.get().state) == (422, "placed")
        assert "前回の確認から10分以上" in desk.text(".error")

        desk.fill("確認コード", clerk.code()).press("OK")
    assert Order.get().state == "paid"


def test_a_list_of_many_pages_is_agreed_to_as_a_whole(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    for place in range(22):
        a_deposit(clerk, YEN, f"{a_bank_order(catalog, f'customer{place}').number} ﾐﾎﾝ")

    desk.visit("/staff/matching")
    assert desk.text("table").count("番号一致") == 20
    desk.follow("次のページ")
    assert desk.text("table").count("番号一致") == 2
    desk.press("OK（22件 290,400円を充当する）")

    assert desk.says("22件、290,400円を充当しました。")


def test_a_payer_that_staff_confirm_is_known_and_can_be_forgotten(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    deposit = a_deposit(clerk, YEN, "ﾍﾞﾂﾉ ﾒｲｷﾞ")
    assert "番号不一致・金額一致・名義不一致" in desk.visit(f"/staff/deposits/{deposit.number}").text("table")

    to_the_review(desk, deposit, order, reason="お電話で確認")
    assert desk.says("次から「ﾍﾞﾂﾉ ﾒｲｷﾞ」の名義を、このお客様の振込として照合します")
    desk.press("OK")
    assert PayerAlias.get().account == order.account

    desk.visit("/staff/accounts/new").follow("振込名義")
    assert desk.says("ﾍﾞﾂﾉ ﾒｲｷﾞ")
    desk.press("忘れる")
    assert desk.says("振込名義を忘れました。")
    assert not PayerAlias.select().exists()


def test_the_customer_s_own_name_is_learned_as_well(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    """It may be somebody else's too: only a confirmed one is sure without a number."""
    order = a_bank_order(catalog, name="ミホン タロウ")

    to_the_review(desk, a_deposit(clerk, YEN, "ﾐﾎﾝ ﾀﾛｳ"), order)
    assert desk.says("次から「ﾐﾎﾝ ﾀﾛｳ」の名義を、このお客様の振込として照合します")
    desk.press("OK")

    assert PayerAlias.get().account == order.account

"""Every renewal task in edbrowse and in Chromium by keyboard alone; by hand and after a reset in the other text browsers."""

from collections.abc import Callable

import pytest

from portal.web.filters import date_ja
from tests import steps
from tests.real.browsers import IS_LONG
from tests.real.chromium import PHONE, Window
from tests.real.programs import Hand, Keys
from tests.real.renewal_customers import IN_TERMINALS, World

PAID = "入金確認済"
FOR_LATER = "お支払い方法だけを変更する（今は支払わない）"


def by_hand(hand: Hand, world: World) -> None:
    """自動更新が設定されていない場合; with a mistake on the way."""
    assert hand.says("契約更新のお手続き")
    hand.press("契約更新の操作へ進む")
    assert hand.says("いまの契約終了日 → 更新後の契約終了日")
    hand.exchange("1か月", "今回は更新しない").press("お支払い方法選択へ")
    assert hand.says("入力内容に1件の誤りがあります")
    assert hand.says("何も選ばれていません")
    hand.exchange("今回は更新しない", "3か月").press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    assert hand.says("まだお申し込みは完了していません")
    hand.press("OK（この内容で申し込み、3,795円を支払う）")

    assert is_paid(hand, world.paid_after(world.month_end, 3))


def change(hand: Hand, world: World) -> None:
    """契約期間の変更."""
    hand.follow("次回ご契約内容を変更する").press("契約期間を変更する").exchange("12か月", "24か月")
    hand.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    assert hand.says("いまの終了日")
    hand.press("OK（この内容で申し込み、25,080円を支払う）")

    assert is_paid(hand, world.paid_after(world.year_end, 24))


def reservation(hand: Hand, world: World) -> None:
    """次回の自動更新から変更する, and back."""
    hand.follow("次回ご契約内容を変更する").follow("次回の自動更新から変更する（今は支払わない）").exchange("12か月", "24か月")
    hand.press("最終確認へ進む")
    assert hand.says("まだ予約されていません")
    assert hand.says("25,080円（税込）をお支払いいただきます")
    hand.press("OK（この内容で次回の自動更新を予約する）")
    assert hand.says("今回のお支払いは行われていません")
    assert hand.says("次回のお支払い額 25,080円")

    hand.follow("予約を取り消す").press("OK（予約を取り消す）")

    assert hand.says("予約を取り消しました")
    assert hand.says("次回のお支払い額 13,200円")


def reset(hand: Hand, world: World) -> None:
    """支払い方法の変更方法."""
    hand.follow("支払い方法をリセットする")
    assert hand.says("登録されているカード（Visa 下4桁 4242）が削除されます")
    hand.press("OK（自動更新を止めて、カードを削除する）")
    assert hand.says("自動で行われるお支払いはありません")
    hand.press("契約更新の操作へ進む").press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card(steps.ASKS_THEN_PAYS)
    hand.press("認証する").press("OK（この内容で申し込み、13,200円を支払う）")

    assert is_paid(hand, world.paid_after(world.year_end, 12))
    assert hand.says("Visa 下4桁 3220")


def method(hand: Hand, world: World) -> None:
    """お支払い方法だけを変更する: another card, for later."""
    hand.follow(FOR_LATER).press("次へ進む").enter_card(steps.ASKS_THEN_PAYS).press("認証する")
    assert hand.says("まだ変更されていません")
    hand.press("OK（次回からこのカードで支払う）")

    assert hand.says("お支払い方法を変更しました。今回のお支払いは行われていません")
    assert hand.says("クレジットカード Visa 下4桁 3220")
    assert not hand.says("お支払い済み")


def wallet(hand: Hand, world: World) -> None:
    """The same: おさいぽ! instead of the card, and another day for it."""
    hand.follow(FOR_LATER).exchange("クレジットカード", "おさいぽ!").pick("自動更新日", "毎回 15日").press("次へ進む")
    hand.fill("おさいぽ!ID", steps.WALLET).press("おさいぽ!IDを認証する").fill("パスワード", steps.WALLET_PASSWORD).press("ログイン").press(
        "OK"
    )
    hand.press("OK（次回からこのおさいぽ!で支払う）")
    assert hand.says("おさいぽ! 毎回15日（os****mo）")

    hand.follow(FOR_LATER).pick("自動更新日", "毎回 20日").press("次へ進む").press("OK（次回から毎回20日に支払う）")

    assert hand.says("お支払い方法を変更しました。今回のお支払いは行われていません")
    assert hand.says("おさいぽ! 毎回20日（os****mo）")
    assert hand.says(f"次回のお支払い日 {date_ja(world.year_end.replace(day=20))}")


def failed(hand: Hand, world: World) -> None:
    """The automatic charge was refused; the customer does not wait for the next try."""
    assert hand.says("自動更新のお支払いができませんでした")
    hand.follow("お支払い手続きへ").press("クレジットカード情報入力").enter_card()
    hand.press("OK（この内容で申し込み、1,320円を支払う）")

    assert is_paid(hand, world.paid_after(world.month_end, 1))
    assert not hand.says("自動更新のお支払いができませんでした")


def is_paid(hand: Hand, next_term: str) -> bool:
    """The completion page says so, and サーバー契約・更新 with the term, from which it renews by itself."""
    assert hand.says("お支払いが完了しました")
    hand.follow("サーバー契約・更新へ")
    return all(hand.says(sentence) for sentence in (PAID, next_term, "次回のお支払い日"))


WAYS = {way.__name__: way for way in (by_hand, change, reservation, reset, method, wallet, failed)}
every_way = pytest.mark.parametrize("way", WAYS)


@every_way
def test_each_renewal_task_works_in_edbrowse(text_browser: Callable[..., Hand], renewers: World, way: str) -> None:
    editor = text_browser("edbrowse", renewers.server)

    WAYS[way](editor.sign_in(f"edbrowse-{way}").follow("サーバー契約・更新"), renewers)


@every_way
def test_each_renewal_task_works_by_keyboard_alone(window: Callable[..., Window], renewers: World, way: str) -> None:
    keys = Keys(window(renewers.server, viewport=PHONE).page)

    WAYS[way](keys.sign_in(f"keyboard-{way}").follow("サーバー契約・更新"), renewers)


@pytest.mark.parametrize(("program", "way"), IN_TERMINALS if IS_LONG else IN_TERMINALS[:1])
def test_a_contract_is_renewed_in_text_browsers(text_browser: Callable[..., Hand], renewers: World, program: str, way: str) -> None:
    terminal = text_browser(program, renewers.server)

    WAYS[way](terminal.sign_in(f"{program}-{way}").follow("サーバー契約・更新"), renewers)

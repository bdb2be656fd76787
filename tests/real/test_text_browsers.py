"""Whole purchases in text browsers: edbrowse, which blind customers use, w3m, lynx and elinks."""

import re
from collections.abc import Callable

import pytest

from tests import steps
from tests.real.browsers import IS_LONG
from tests.real.edbrowse import Edbrowse
from tests.real.periods import period
from tests.real.programs import TEXT_BROWSERS, Hand
from tests.real.staff_desk import Person


def test_a_contract_is_paid_in_edbrowse(edbrowse: Edbrowse, newcomer: str) -> None:
    edbrowse.sign_in(newcomer).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")

    edbrowse.choose("1か月").choose("クイック認証").press("金額を再計算する")
    assert edbrowse.says("お見積り合計")
    assert edbrowse.says("12,320円")
    edbrowse.choose(steps.SERVER_TERMS).choose(steps.SSL_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")
    enter_card(edbrowse, steps.ASKS_THEN_PAYS).press("認証する")
    assert edbrowse.says("お申し込みの最終確認")
    assert edbrowse.says("今回のお支払い総額")
    edbrowse.press("OK（この内容で申し込み、12,320円を支払う）")

    assert edbrowse.says("お支払いが完了しました")
    edbrowse.follow("サーバー契約・更新")
    assert edbrowse.says("入金確認済")
    assert edbrowse.says(period(1))


def test_a_transfer_is_ordered_and_confirmed_in_edbrowse(edbrowse: Edbrowse, newcomer: str, colleague: Person) -> None:
    """The customer and the clerk, each with the same tool; their cookies do not meet."""
    to_the_method(edbrowse, newcomer, "銀行振込").press("お支払い").press("OK（この内容で申し込み、1,320円を銀行振込で支払う）")
    assert edbrowse.says("お申し込みを受け付けました")
    assert edbrowse.says("お振込金額 1,320円")
    number = re.search(r"お申し込み \{?(\d{6,})", " ".join(edbrowse.text.split()))[1]

    edbrowse.open("/staff/login").fill("ログインID", colleague.login).fill("パスワード", colleague.password).press("次へ")
    edbrowse.fill("確認コード", colleague.totp.now()).press("ログイン").follow("入金の入力")
    edbrowse.fill("円。例：", "1,320").fill("明細のとおり。", f"{number} ﾐﾎﾝ ﾊﾅｺ").press("入力する").follow(number)
    edbrowse.fill("理由", "番号と金額が一致").press("確認へ進む").press("OK（1,320円を充当する）")
    assert edbrowse.says("申し込みは入金確認済になりました")

    edbrowse.open("/contract")
    assert edbrowse.says("入金確認済")
    assert edbrowse.says(period(1))


def to_the_method(edbrowse: Edbrowse, login: str, method: str) -> Edbrowse:
    """A server for one month is chosen, and the way to pay."""
    edbrowse.sign_in(login).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    edbrowse.choose("1か月").choose(steps.SERVER_TERMS).press("お支払い方法選択へ").choose(method).press("選んだ方法の説明を見る")
    assert edbrowse.says(f"{method}でのお支払い")
    return edbrowse


def test_a_refused_form_can_be_corrected_in_edbrowse(edbrowse: Edbrowse, newcomer: str) -> None:
    edbrowse.sign_in(newcomer).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")

    edbrowse.press("お支払い方法選択へ")

    assert edbrowse.says("入力内容に1件の誤りがあります")
    assert edbrowse.says("「サーバーご利用約款」への同意が必要です")
    edbrowse.choose(steps.SERVER_TERMS).press("お支払い方法選択へ")
    assert edbrowse.says("クレジットカードでのお支払い")


def enter_card(edbrowse: Edbrowse, number: str) -> Edbrowse:
    edbrowse.fill("カード番号", number).fill("有効期限（月/年）", "12/35").fill("セキュリティコード", "123").fill(
        "カード名義", "TARO MIHON"
    )
    return edbrowse.press("送信する")


def card(hand: Hand, login: str) -> None:
    to_the_methods(hand, login).press("クレジットカード情報入力").enter_card()
    assert hand.says("今回のお支払い総額")
    hand.press("OK（この内容で申し込み、1,320円を支払う）")


def wallet(hand: Hand, login: str) -> None:
    to_the_methods(hand, login).exchange("クレジットカード", "おさいぽ!").press("選んだ方法の説明を見る")
    hand.pick("自動更新日", "毎回 25日").press("お支払い").fill("おさいぽ!ID", steps.WALLET).press("おさいぽ!IDを認証する")
    hand.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    assert hand.says("おさいぽ!の登録の確認")
    hand.press("OK").press("おさいぽ!ポイントから支払う")
    assert hand.says("同じおさいぽ!でお支払いいただきます")
    hand.press("OK（この内容で申し込み、1,320円を支払う）")


def transfer(hand: Hand, login: str) -> None:
    to_the_methods(hand, login).exchange("クレジットカード", "銀行振込").press("選んだ方法の説明を見る").press("お支払い")
    hand.press("OK（この内容で申し込み、1,320円を銀行振込で支払う）")
    assert hand.says("お振込金額 1,320円")
    hand.follow("振り込みました").fill("振込名義", "MIHON HANAKO").press("連絡する")


def to_the_methods(hand: Hand, login: str) -> Hand:
    hand.sign_in(login).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    return hand.tick(steps.SERVER_TERMS).press("お支払い方法選択へ")


WAYS = {way.__name__: way for way in (card, wallet, transfer)}
ALL = [(program, way) for program in TEXT_BROWSERS for way in WAYS]
SOME = [("edbrowse", "wallet"), ("w3m", "card")]


@pytest.mark.parametrize(("program", "way"), ALL if IS_LONG else SOME)
def test_a_contract_is_ordered_in_text_browsers(text_browser: Callable[..., Hand], newcomer: str, program: str, way: str) -> None:
    hand = text_browser(program)

    WAYS[way](hand, newcomer)

    if way == "transfer":
        assert hand.says("お振込確認中")
        return
    assert hand.says("お支払いが完了しました")
    hand.follow("サーバー契約・更新へ")
    assert hand.says("入金確認済")
    assert hand.says(period(1))

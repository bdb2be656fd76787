"""Newcomers follow ご利用ガイド in Chromium without script: what stands there in bold, word by word, and nothing else."""

from collections.abc import Callable

import pytest

from tests import steps
from tests.real.browsers import IS_LONG
from tests.real.chromium import PHONE, Window
from tests.real.programs import Pointer
from tests.real.staff_desk import Desk

Act = Callable[[Pointer, str], object]
COMES = 30  # seconds until the hosting side has answered

pytestmark = pytest.mark.skipif(not IS_LONG, reason="./run browsers")


def press(hand: Pointer, word: str) -> None:
    hand.press(word)


def follow(hand: Pointer, word: str) -> None:
    hand.follow(word)


def choose(hand: Pointer, word: str) -> None:
    hand.choose(word)


def reads(hand: Pointer, word: str) -> None:
    assert hand.says(word), f"「{word}」 is not at {hand.page.url}"


def is_done(_hand: Pointer, _word: str) -> None:
    """The page before has led past it, or it is for somebody else."""


def from_the_panel(hand: Pointer, word: str) -> None:
    hand.open("/").follow(word)


def agreed(hand: Pointer, word: str) -> None:
    hand.choose(steps.SSL_TERMS).press(word)


def until(hand: Pointer, word: str) -> None:
    for _ in range(COMES):
        if hand.says(word):
            return
        hand.page.wait_for_timeout(1_000)
        hand.page.reload()
    reads(hand, word)


def types(typed: str) -> Act:
    return lambda hand, word: hand.fill(word, typed)


def picks(option: str) -> Act:
    return lambda hand, word: hand.pick(word, option)


def after(before: Callable[[Pointer], object], act: Act) -> Act:
    def both(hand: Pointer, word: str) -> None:
        before(hand)
        act(hand, word)

    return both


def signs_in(login: str) -> Act:
    def sign_in(hand: Pointer, word: str) -> None:
        if hand.open("/").offers("ログアウト"):
            hand.press("ログアウト")
        hand.open("/login").fill("ログインID", login).fill("パスワード", "demo-pass").press(word)

    return sign_in


def walk(hand: Pointer, page: str, *acts: Act) -> None:
    """The page of the guide lies open in another tab: an act for each of its words in bold."""
    guide = hand.window.context.new_page()
    guide.goto(f"/guide/{page}")
    words = guide.locator("main b").all_inner_texts()
    guide.close()
    assert len(words) == len(acts), words
    for word, act in zip(words, acts, strict=True):
        act(hand, word)


def contracts(hand: Pointer, login: str) -> None:
    certificate = after(lambda hand: hand.choose("クイック認証"), reads)
    terms = (choose, choose, is_done, is_done)  # those of what is not wanted are not on the screen
    walk(hand, "new", signs_in(login), follow, press, certificate, reads, reads, *terms, is_done, press)


def pays_by_card(hand: Pointer, first: Act = press) -> None:
    def typed(hand: Pointer) -> None:
        hand.fill("カード番号", steps.GOOD).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")

    walk(hand, "card", first, choose, press, after(typed, press), press, follow, reads)


@pytest.fixture
def hand(window: Callable[..., Window]) -> Pointer:
    return Pointer(window(viewport=PHONE, java_script_enabled=False))


def test_a_newcomer_contracts_sets_up_a_certificate_and_changes_the_period(hand: Pointer, newcomer: str) -> None:
    sign_in = signs_in(newcomer)
    contracts(hand, newcomer)
    pays_by_card(hand)

    domain = (sign_in, follow, types(f"{newcomer}.example.jp"), press, press, until)
    name = (from_the_panel, follow, picks(f"www.{newcomer}"), press, until)
    switched = (from_the_panel, follow, follow, press, follow, press)
    walk(hand, "ssl", *domain, *name, *switched, from_the_panel, follow, picks(newcomer), picks("クイック認証"), agreed)
    pays_by_card(hand, is_done)

    walk(hand, "renewal", reads, reads, reads, *[is_done] * 4)
    walk(hand, "period", sign_in, follow, follow, press, after(lambda hand: hand.choose("24か月"), agreed))
    pays_by_card(hand, is_done)


def test_a_newcomer_changes_the_method_to_the_wallet(hand: Pointer, newcomer: str) -> None:
    contracts(hand, newcomer)
    pays_by_card(hand)

    walk(hand, "method", signs_in(newcomer), follow, follow, press, press, agreed, is_done)
    linked = (types(steps.WALLET), press, types(steps.WALLET_PASSWORD), press, press)
    walk(hand, "osaipo", is_done, choose, press, picks("毎回 15日"), press, *linked, press, press, follow, reads)


def test_a_newcomer_pays_by_transfer_and_renews_by_hand(hand: Pointer, newcomer: str, desk: Callable[..., Desk]) -> None:
    contracts(hand, newcomer)
    walk(hand, "transfer", press, choose, press, press, press, follow, is_done, is_done, is_done)
    desk().confirm(hand.order_number, "24,200")
    hand.page.reload()
    reads(hand, "入金確認済")

    walk(hand, "renewal", *[is_done] * 3, signs_in(newcomer), follow, press, agreed)
    pays_by_card(hand, is_done)

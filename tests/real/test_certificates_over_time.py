"""独自SSL over a year of the demo's clock, with every hand: EV after two weeks, two more in one day, and an end that nobody renewed."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.demo.days import first_day
from portal.rules.orders.terms import term_end
from portal.rules.transfers.business_days import business_day_after
from portal.web.filters import date_ja
from tests import steps
from tests.real.browsers import IS_LONG
from tests.real.chromium import PHONE, Window
from tests.real.programs import Hand, Keys, Pointer
from tests.real.server import Server

PATIENCE = 60  # seconds until the worker has told the hosting side and heard its answer
DOMAINS, NAMES = ("example.jp", "日本語.jp"), ("example.jp", "www.example.jp", "www.日本語.jp")
TOLD = {
    "更新のお手続きをお願いします": -30,
    "まもなく契約期間が終わります（更新手続きのお願い）": -7,
    "契約期間が終わりました": 1,
    "まもなく解約となり、データを削除します": 8,
    "ご契約は解約済となりました": 15,
}  # the mails by their days after the end

pytestmark = pytest.mark.skipif(not IS_LONG, reason="./run browsers")


@pytest.fixture
def new_demo(tmp_path: Path) -> Iterator[Server]:
    """On its first day, with nobody else in it."""
    server = Server(tmp_path / "data").start(as_it_begins=True)
    yield server
    server.stop()


def until(hand: Hand, path: str, is_so: Callable[[], bool]) -> None:
    """Come back again and again, as a customer who waits."""
    give_up = time.monotonic() + PATIENCE
    hand.open(path)
    while not is_so():
        assert time.monotonic() < give_up, f"it never came at {path}"
        time.sleep(1)
        hand.open("/").open(path)


def turn(hand: Hand, day: date) -> None:
    hand.open("/demo/clock").fill("日付", str(day)).press("この日へ")
    assert hand.says(date_ja(day))


def buy(hand: Hand) -> None:
    """A server with EV SSL."""
    hand.sign_in("new").follow("サーバー契約・更新").press("新規契約のお申し込みへ進む").tick(steps.SERVER_TERMS)
    hand.exchange("1か月", "12か月").exchange("利用しない", "EV SSL").tick(steps.SSL_TERMS)
    hand.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    hand.press("OK（この内容で申し込み、121,000円を支払う）")
    assert hand.says("お支払いが完了しました")


def own_domains(hand: Hand) -> None:
    for domain in DOMAINS:
        hand.open("/domains").fill("独自ドメイン", domain).press("追加する").press("TXTレコードを確認する")
    until(hand, "/domains", lambda: hand.says("確認済み") and not hand.says("確認中"))


def request_ev(hand: Hand) -> None:
    hand.open("/ssl").follow("コモンネームを設定する").pick("コモンネーム", NAMES[0]).press("このコモンネームで発行の手続きを始める")
    assert hand.says("発行手続き中")
    assert hand.says("契約期間は、発行を待つあいだも変わりません")


def add_another(hand: Hand, name: str) -> None:
    hand.open("/ssl").follow("独自SSLを追加する").pick("コモンネーム", name).pick("独自SSLの種類", "クイック認証").tick(steps.SSL_TERMS)
    hand.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card()
    assert hand.says(f"独自SSL（クイック認証） {name}")
    hand.press("OK（この内容で申し込み、11,000円を支払う）")
    assert hand.says("お支払いが完了しました")


def two_weeks(hand: Hand, issued_on: date) -> None:
    """クイック認証 is there at once, EV on its day."""
    until(hand, "/ssl", lambda: hand.says("有効"))
    turn(hand, issued_on - timedelta(days=1))
    assert hand.open("/ssl").says("発行手続き中")
    turn(hand, issued_on)
    until(hand, "/ssl", lambda: not hand.says("発行手続き中"))
    assert hand.says("有効")


def a_domain_is_removed_too_early(hand: Hand) -> None:
    hand.open("/domains").follow("内容を見る")
    assert hand.says("独自SSLが終了するまで、削除できません")
    assert not hand.says("この独自ドメインを削除する")


def the_end(hand: Hand, ends_on: date) -> None:
    """Nobody renews; the server does so by itself."""
    turn(hand, ends_on)
    assert hand.open("/ssl").says("まもなく終了")
    turn(hand, ends_on + timedelta(days=1))
    assert hand.open("/ssl").says("終了")
    assert not hand.says("有効")
    turn(hand, ends_on + timedelta(days=15))
    assert hand.open("/ssl").says(f"{date_ja(ends_on + timedelta(days=15))}に解約済となりました")
    hand.open("/mails")
    for subject, days in TOLD.items():
        assert hand.says(subject), subject
        assert hand.says(date_ja(ends_on + timedelta(days=days))), subject
    hand.follow("【かわせみサーバー】まもなく契約期間が終わります")
    assert hand.says("独自SSL（EV SSL） example.jp")
    hand.open("/domains").follow("内容を見る").follow("この独自ドメインを削除する").press("OK")
    assert hand.says("example.jp を削除しました。")
    assert hand.open("/contract").says("入金確認済")


@pytest.mark.parametrize("by", ["mouse", "mouse without script", "keys", "edbrowse"])
def test_a_year_with_three_certificates(
    window: Callable[..., Window], text_browser: Callable[..., Hand], new_demo: Server, by: str
) -> None:
    """EV takes two weeks, two further common names in one day, a domain removed too early, and an end with its mails."""
    began = first_day(clock.today())
    if by == "edbrowse":
        hand = text_browser("edbrowse", new_demo)
    else:
        one = window(new_demo, viewport=PHONE, java_script_enabled=by != "mouse without script")
        hand = Keys(one.page) if by == "keys" else Pointer(one)
    buy(hand)
    own_domains(hand)
    request_ev(hand)
    for name in NAMES[1:]:
        add_another(hand, name)
    two_weeks(hand, business_day_after(began, 10, frozenset()))
    a_domain_is_removed_too_early(hand)
    the_end(hand, term_end(began, 12))

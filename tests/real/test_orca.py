"""What Orca reads out on six ways, beside Firefox: golden transcripts in `transcripts/`, on a fixed day of the demo's clock.

Not over midnight in Japan: the demo's clock goes on with the real one.

Written anew with `TRANSCRIPTS=write ./run browsers tests/real/test_orca.py`. Then read what changed: it is what blind customers hear.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests import steps
from tests.real.browsers import IS_LONG, firefox_options
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.orca import PROGRAMS, Orca
from tests.real.server import Server

TODAY = date(2027, 2, 10)
SKIP_LINK, FOOT = "本文へ移動", "料金"
SLOW = 20.0  # seconds in which a page has come and its reading has begun
TRANSCRIPTS = Path(__file__).with_name("transcripts")
MISSING = [program for program in PROGRAMS if not shutil.which(program)]
# What the browser's window says, and where the focus was at the press, which is said or not, as quick as the page comes.
NOISE = re.compile(
    r"^(Page has |Loading\.|Finished loading|.*Mozilla Firefox|Navigation tool bar|Search |http)|^$"
    r"|document web\.$|(push button|link)\.$|^main content$|^Browse mode$|^region( |$)|^checked$|^leaving panel\.$"
)
CHANGING = (
    (re.compile(r"^visited link$"), "link"),
    (re.compile(r"(not )?selected radio button$"), "radio button"),  # what is chosen is read before or after its state has changed
    (re.compile(r"check box (not )?checked\.$"), "check box"),
    (re.compile(r"\b\d{8}\b"), "〈番号〉"),
    (re.compile(r"\b\d{1,2}:\d\d\b"), "〈時刻〉"),
    (re.compile(r"test-\w+"), "〈ID〉"),
)

pytestmark = [
    pytest.mark.skipif(not IS_LONG, reason="./run browsers"),
    pytest.mark.skipif(bool(MISSING), reason=f"not here: {', '.join(MISSING)}; on Debian `apt-get install orca xvfb dbus-x11 openbox`"),
]


class Listener(Mouse):
    """A customer who presses and hears what is read then. Everything that was heard is the transcript."""

    def __init__(self, window: Window, orca: Orca) -> None:
        super().__init__(window)
        self.orca = orca
        self.transcript: list[str] = []

    def open(self, path: str) -> "Listener":
        self.page.goto(path)
        return self.arrive()

    def press(self, name: str) -> "Listener":
        return self._note(f"［{name}］を押す", super().press, name)

    def follow(self, name: str) -> "Listener":
        return self._note(f"［{name}］へ進む", super().follow, name)

    def choose(self, name: str) -> "Listener":
        return self._note(f"「{name}」を選ぶ", super().choose, name)

    def _note(self, what: str, act: Callable[[str], object], name: str) -> "Listener":
        self.orca.hear()
        act(name)
        self.transcript += ["", f"## {what}", "", *told(self.orca.hear(begins_within=SLOW))]
        return self


def told(heard: list[str]) -> list[str]:
    """Without the header and the foot, which are the same on each page, and with one word for each value that changes."""
    here = [said for said in heard if not NOISE.search(said)]
    while "leaving banner." in here:
        last = here.index("leaving banner.")
        del here[here.index(SKIP_LINK) if SKIP_LINK in here[:last] else 0 : last + 1]
    if FOOT in here:
        del here[here.index(FOOT) :]
    for pattern, word in CHANGING:
        here = [pattern.sub(word, said) for said in here]
    return here


def card(listener: Listener) -> None:
    to_the_methods(listener)
    listener.press("クレジットカード情報入力").enter_card().press("OK").follow("サーバー契約・更新へ")


def wallet(listener: Listener) -> None:
    to_the_methods(listener).choose("おさいぽ!").select("自動更新日", "毎回 25日").press("お支払い")
    listener.enter_wallet().press("おさいぽ!ポイントから支払う").press("OK").follow("サーバー契約・更新へ")


def transfer(listener: Listener) -> None:
    to_the_methods(listener).choose("銀行振込").press("お支払い").press("OK").follow("振り込みました").fill("振込名義", "MIHON")
    listener.press("連絡する")


def reset(listener: Listener) -> None:
    bought(listener)
    listener.follow("支払い方法をリセットする").press("OK")


def by_hand(listener: Listener) -> None:
    bought(listener)
    listener.open("/renewal/reset")
    listener.page.get_by_role("button", name="OK").click()
    listener.arrive()
    listener.press("契約更新の操作へ進む").press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card().press("OK")


def mistake(listener: Listener) -> None:
    listener.open("/contract").press("新規契約のお申し込みへ進む").press("お支払い方法選択へ").choose(steps.SERVER_TERMS)
    listener.press("お支払い方法選択へ")


def to_the_methods(listener: Listener) -> Listener:
    listener.open("/contract").press("新規契約のお申し込みへ進む").choose("1か月").choose(steps.SERVER_TERMS)
    return listener.press("お支払い方法選択へ")


def bought(listener: Listener) -> None:
    """By card, without a word noted."""
    silent = Mouse(listener.window)
    silent.page.goto("/contract")
    silent.press("新規契約のお申し込みへ進む").choose("1か月").choose(steps.SERVER_TERMS).press("お支払い方法選択へ").pay()
    silent.follow("サーバー契約・更新へ")


WAYS = {way.__name__: way for way in (card, wallet, transfer, by_hand, reset, mistake)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("heard") / "data").start()
    server.stand_on(TODAY)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def orca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orca]:
    orca = Orca(tmp_path_factory.mktemp("orca"))
    yield orca
    orca.close()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright, orca: Orca, server: Server) -> Iterator[Window]:
    options = firefox_options(tmp_path_factory.mktemp("heard-firefox"), {"accessibility.force_disabled": -1})
    with playwright.firefox.launch(**options, headless=False, env=orca.environ) as browser:
        window = Window(browser, server.url)
        yield window
        window.close()


@pytest.mark.parametrize("way", WAYS)
def test_what_orca_reads_is_what_it_read_before(window: Window, orca: Orca, server: Server, way: str) -> None:
    window.context.clear_cookies()
    listener = Listener(window, orca)
    listener.sign_in(server.add_account(f"test-{secrets.token_hex(4)}"))
    listener.arrive()

    WAYS[way](listener)

    heard, golden = "\n".join(listener.transcript).strip() + "\n", TRANSCRIPTS / f"{way}.txt"
    if os.environ.get("TRANSCRIPTS") == "write":
        golden.write_text(heard, "utf-8")
    assert heard.splitlines() == golden.read_text("utf-8").splitlines()

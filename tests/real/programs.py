"""One interface for going through the pages by their text: line editor, terminal browser, or keyboard alone."""

from typing import Protocol, Self

from tests import steps
from tests.real.by_text import HOLDER
from tests.real.chromium import Keyboard
from tests.real.edbrowse import Edbrowse
from tests.real.mouse import Mouse
from tests.real.terminal import Elinks, Lynx
from tests.real.w3m import W3m

TEXT_BROWSERS = {"edbrowse": Edbrowse, "w3m": W3m, "lynx": Lynx, "elinks": Elinks}  # by the program's name


class Hand(Protocol):
    """`exchange` takes another radio than the one that is chosen, `pick` an option of a select, `tick` a box."""

    def sign_in(self, login: str) -> Self: ...
    def follow(self, link: str) -> Self: ...
    def press(self, button: str) -> Self: ...
    def fill(self, label: str, typed: str) -> Self: ...
    def exchange(self, chosen: str, wanted: str) -> Self: ...
    def pick(self, label: str, option: str) -> Self: ...
    def tick(self, box: str) -> Self: ...
    def enter_card(self, number: str = ...) -> Self: ...
    def says(self, sentence: str) -> bool: ...
    def open(self, path: str) -> Self: ...


class Pointer(Mouse):
    """The mouse, or a finger."""

    def exchange(self, _chosen: str, wanted: str) -> Self:
        return self.choose(wanted)

    def pick(self, label: str, option: str) -> Self:
        return self.select(label, option)

    def tick(self, box: str) -> Self:
        return self.choose(box)

    def says(self, sentence: str) -> bool:
        return self.window.says(sentence)

    def open(self, path: str) -> Self:
        self.page.goto(path)
        return self.arrive()


class Keys(Keyboard):
    """Tab, Enter, Space and the arrows."""

    def sign_in(self, login: str) -> Self:
        self.page.goto("/login")
        return self.fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン")

    def follow(self, link: str) -> Self:
        return self.press(link)

    def exchange(self, chosen: str, wanted: str) -> Self:
        return self.choose(chosen, wanted)

    def pick(self, label: str, option: str) -> Self:
        return self.select(label, option)

    def enter_card(self, number: str = steps.GOOD) -> Self:
        self.fill("カード番号", number).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", HOLDER)
        return self.press("送信する")

    def says(self, sentence: str) -> bool:
        return "".join(sentence.split()) in "".join(self.page.locator("body").inner_text().split())

    def open(self, path: str) -> Self:
        self.page.goto(path)
        return self

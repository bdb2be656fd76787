"""One interface for going through the pages by their text: line editor, terminal browser, or keyboard alone."""

from typing import Protocol, Self

from tests import steps
from tests.real.chromium import Keyboard
from tests.real.edbrowse import Edbrowse
from tests.real.w3m import W3m

HOLDER = "TARO MIHON"


class Hand(Protocol):
    """`exchange` takes another radio than the one that is chosen, `pick` an option of a select."""

    def sign_in(self, login: str) -> Self: ...
    def follow(self, link: str) -> Self: ...
    def press(self, button: str) -> Self: ...
    def fill(self, label: str, typed: str) -> Self: ...
    def exchange(self, chosen: str, wanted: str) -> Self: ...
    def pick(self, label: str, option: str) -> Self: ...
    def enter_card(self, number: str = ...) -> Self: ...
    def says(self, sentence: str) -> bool: ...


class Editor(Edbrowse):
    def exchange(self, _chosen: str, wanted: str) -> Self:
        return self.choose(wanted)

    def pick(self, label: str, option: str) -> Self:
        return self.fill(label, option)

    def enter_card(self, number: str = steps.GOOD) -> Self:
        self.fill("カード番号", number).fill("有効期限（月/年）", "12/35").fill("セキュリティコード", "123").fill("カード名義", HOLDER)
        return self.press("送信する")


class Terminal(W3m):
    """Has no `pick`: what a select opens to is a window of w3m's own."""

    def exchange(self, _chosen: str, wanted: str) -> Self:
        return self.choose(wanted)

    def enter_card(self, number: str = steps.GOOD) -> Self:
        """By the hints, which stand between a label and its field."""
        self.fill("空白や", number).fill("例：12/28", "12/35").fill("3桁または", "123").fill("例：TARO", HOLDER)
        return self.press("送信する")


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

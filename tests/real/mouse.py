"""A customer who clicks: the way of a contract in Chromium, by the words on the page, with or without JavaScript."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests import ways
from tests.real.chromium import Window
from tests.real.periods import period

LISTEN = """() => {
  window.said = [];
  const line = document.getElementById('say');
  new MutationObserver(() => window.said.push(line.textContent.trim())).observe(line, {childList: true, subtree: true});
}"""


class Mouse:
    def __init__(self, window: Window) -> None:
        self.window = window
        self.page: Page = window.page

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def estimate(self) -> Locator:
        return self.page.locator("#estimate")

    def sign_in(self, login: str) -> Self:
        self.window.sign_in(login)
        return self

    def to_the_form(self, login: str) -> Self:
        return self.sign_in(login).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")

    def to_the_payment(self, login: str) -> Self:
        return self.to_the_form(login).choose(ways.SERVER_TERMS).press("お支払い方法選択へ")

    def choose(self, name: str) -> Self:
        """A radio or a box, by the beginning of its label."""
        self.page.get_by_label(name).first.check()
        return self

    def select(self, label: str, option: str) -> Self:
        select = self.page.get_by_label(label)
        select.select_option(select.locator("option").filter(has_text=option).first.get_attribute("value"))
        return self

    def fill(self, label: str, typed: str) -> Self:
        self.page.get_by_label(label).fill(typed)
        return self

    def press(self, name: str) -> Self:
        self.page.get_by_role("button", name=name).first.click()
        return self.arrive()

    def follow(self, name: str) -> Self:
        self.page.get_by_role("link", name=name).first.click()
        return self.arrive()

    def arrive(self) -> Self:
        """Wait for the page and its scripts: who clicks sooner is not heard."""
        self.page.wait_for_load_state()
        return self

    def enter_card(self, number: str = ways.GOOD) -> Self:
        """At the card company's page: type the card and send it."""
        self.fill("カード番号", number).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")
        return self.press("送信する")

    def pay(self, number: str = ways.GOOD) -> Self:
        """From お支払い方法 to [OK]."""
        return self.press("クレジットカード情報入力").enter_card(number).press("OK")

    def is_paid(self, months: int) -> bool:
        """入金確認済 stands on サーバー契約・更新, with the term that begins today."""
        self.page.goto("/contract")
        expect(self.page.locator("#status .tag")).to_have_text("入金確認済")
        return self.window.says(period(months))

    def listen(self) -> Self:
        """From now on, on this page, hear what the screen reader is told."""
        self.page.evaluate(LISTEN)
        return self

    @property
    def said(self) -> list[str]:
        """What the screen reader was told since `listen`."""
        return [sentence for sentence in self.page.evaluate("() => window.said") if sentence]

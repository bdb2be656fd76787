"""A customer who clicks: the way of a contract in Chromium, by the words on the page, with or without JavaScript."""

from contextlib import suppress
from typing import Self

from playwright.sync_api import Error, Locator, Page, expect

from tests import steps
from tests.real.chromium import Window
from tests.real.periods import period

SETTLED = 500  # milliseconds until a page that is shown again has asked the server
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
        return self.to_the_form(login).choose("12か月").choose(steps.SERVER_TERMS).press("お支払い方法選択へ")

    def to_the_method(self, login: str, method: str) -> Self:
        """A server for one month is chosen, and the way to pay with what will happen then."""
        return self.to_the_form(login).choose("1か月").choose(steps.SERVER_TERMS).press("お支払い方法選択へ").take(method)

    def take(self, method: str) -> Self:
        """At お支払い方法: choose one, and wait for what the page says about it."""
        self.choose(method)
        if not self.window.has_script:
            self.press("選んだ方法の説明を見る")
        expect(self.page.locator("#how")).to_have_text(f"{method}でのお支払い")
        return self

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
        self.button(name).click()
        return self.arrive()

    def button(self, name: str) -> Locator:
        """The one of that name, else the first that has it in its name: 「OK」 of 「OK（この内容で…）」."""
        named = self.page.get_by_role("button", name=name, exact=True)
        return named.first if named.count() else self.page.get_by_role("button", name=name).first

    def press_twice(self, name: str, pause: int) -> Self:
        """Click, and click the same place again after so many milliseconds, whatever stands there then."""
        button = self.button(name)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.click(*place)
        self.page.wait_for_timeout(pause)
        try:
            self.page.mouse.click(*place)
        except Error as error:
            if "performActions" not in str(error):  # Firefox, between two pages: there is nothing to click on
                raise
        self.page.wait_for_timeout(SETTLED)
        return self.arrive()

    def offers(self, name: str) -> bool:
        return self.page.get_by_role("button", name=name).first.is_visible()

    def follow(self, name: str) -> Self:
        self.page.get_by_role("link", name=name).first.click()
        return self.arrive()

    def arrive(self) -> Self:
        """Wait for the page and its scripts: who clicks sooner is not heard."""
        self.page.wait_for_load_state()
        return self

    def back(self) -> bool:
        """Press Back, and wait until the page stays as it is. False if there is nothing before this page.

        Playwright waits for a page that is loaded, and one from the back/forward cache is not.
        """
        before = self.page.evaluate("() => [history.length, location.href, performance.timeOrigin]")
        with suppress(Error):  # the page may be gone before it has answered
            self.page.evaluate("() => { history.back() }")
        self.page.wait_for_timeout(SETTLED)
        return self.page.evaluate("() => [history.length, location.href, performance.timeOrigin]") != before

    def enter_card(self, number: str = steps.GOOD) -> Self:
        """At the card company's page: type the card and send it."""
        self.fill("カード番号", number).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")
        return self.press("送信する")

    def enter_wallet(self, wallet: str = steps.WALLET) -> Self:
        """At the wallet company's page: sign in, and let the shop use the wallet."""
        self.fill("おさいぽ!ID", wallet).press("おさいぽ!IDを認証する")
        return self.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン").press("OK")

    def pay(self, number: str = steps.GOOD) -> Self:
        """From お支払い方法 to [OK]."""
        return self.press("クレジットカード情報入力").enter_card(number).press("OK")

    @property
    def draft_number(self) -> str:
        """Of the order on the way to its payment, from the address."""
        return self.page.url.split("/orders/")[1].split("/")[0]

    @property
    def order_number(self) -> str:
        """Of the order whose 入金状況 stands on the page."""
        return self.page.locator("#status p a").first.inner_text()

    @property
    def money(self) -> Locator:
        """入金状況."""
        return self.page.locator("#status .tag")

    def is_paid(self, months: int) -> bool:
        """入金確認済 stands on サーバー契約・更新, with the term that begins today."""
        self.page.goto("/contract")
        expect(self.money).to_have_text("入金確認済")
        return self.window.says(period(months))

    def listen(self) -> Self:
        """From now on, on this page, hear what the screen reader is told."""
        self.page.evaluate(LISTEN)
        return self

    @property
    def said(self) -> list[str]:
        """What the screen reader was told since `listen`."""
        return [sentence for sentence in self.page.evaluate("() => window.said") if sentence]

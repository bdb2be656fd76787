"""Customers who follow links and press buttons by chance, with the test cards and wallets, and staff who enter and allocate deposits."""

import random
from collections import Counter
from contextlib import suppress
from http.client import HTTPException

from bs4 import Tag

from models import Order
from portal.enums import Method, OrderState
from tests import steps
from tests.browser import Browser
from tests.page import NotOnThePage
from tests.races.test_killed_server import over_http
from tests.real.server import Server

CUSTOMERS = 30
CARDS = (steps.GOOD, steps.GOOD, steps.ASKS_THEN_PAYS, steps.FAILS_WHEN_ASKED, steps.REFUSED, steps.ANSWER_LOST, steps.PAYS_ONCE)
WALLETS = (steps.WALLET, steps.WALLET, steps.EMPTY_WALLET, steps.SLOW_WALLET)
AVOIDED = ("/demo", "/logout", "/static", "/account", "/password", "/legal", "/documents")
BROKEN = (OSError, HTTPException)
STAFF = "jimu"


class Wanderers:
    """`confirmed`: orders that a page has called paid. `mistakes`: what no accident excuses."""

    def __init__(self, server: Server, dice: random.Random) -> None:
        self.server, self.dice, self.counts = server, dice, Counter[str]()
        self.confirmed: set[str] = set()
        self.mistakes: list[str] = []
        self.totp = server.add_staff(STAFF)
        self.logins = [server.add_account(f"chance-{number}") for number in range(CUSTOMERS)]
        self.browsers = {login: Browser(over_http(server.port), server.url, may_break=True) for login in (*self.logins, STAFF)}

    def step(self) -> None:
        login = self.dice.choice([*self.logins, STAFF])
        browser = self.browsers[login]
        seen = len(browser.traffic)
        try:
            self._staff_step(browser) if login == STAFF else self._customer_step(browser, login)
        except BROKEN:
            self.counts["no answer"] += 1
            browser.history.clear()
        except NotOnThePage:
            self.counts["changed meanwhile"] += 1
            browser.history.clear()
        for answer in browser.traffic[seen:]:
            self.counts[str(answer.status)] += 1
            if answer.status == 500:
                self.mistakes.append(f"{login}: {answer.method} {answer.path} is a 500")
        self._remember(browser)

    def _remember(self, browser: Browser) -> None:
        """What a page has said of an order must be true for ever."""
        if browser.history and browser.now.page and browser.url.startswith("/orders/") and browser.says("入金確認済", "main .tag"):
            self.confirmed.add(browser.url.split("/")[2].partition("?")[0])

    def _customer_step(self, browser: Browser, login: str) -> None:
        if not browser.history or browser.status >= 400 or browser.now.page is None:
            browser.visit(self.dice.choice(("/contract", "/contract", "/")))
        if browser.h1 == "ログイン":
            browser.sign_in(login)
        elif browser.says("カード番号") and "/sandbox/" in browser.url:
            steps.enter_card(browser, self.dice.choice(CARDS))
        elif browser.offers("おさいぽ!IDを認証する"):
            steps.link_wallet(browser, self.dice.choice(WALLETS))
        else:
            self._by_chance(browser)

    def _by_chance(self, browser: Browser) -> None:
        soup = browser.page.soup
        links = [link for link in soup.select("main a[href^='/'], nav a[href^='/']") if not str(link["href"]).startswith(AVOIDED)]
        forms = [form for form in soup.select("form[method=post]") if not str(form.get("action", "")).startswith(AVOIDED)]
        buttons = [button for form in forms for button in form.select("button")]
        if buttons and (not links or self.dice.random() < 0.9):
            self._press(browser, buttons)
        else:
            browser.visit(str(self.dice.choice(links)["href"]) if links else "/contract")

    def _press(self, browser: Browser, buttons: list[Tag]) -> None:
        """Mostly the solid button, with nearly every box ticked; else any."""
        ahead = [button for button in buttons if "main" in button.get("class", ())]
        button = self.dice.choice(ahead if ahead and self.dice.random() < 0.6 else buttons)
        form = browser.page.form_of(button)
        for box in form.select("input[type=checkbox]"):
            if self.dice.random() < 0.95:
                box["checked"] = ""
        for name in {radio["name"] for radio in form.select("input[type=radio]")}:
            self._choose(form.select(f"input[type=radio][name='{name}']"))
        with suppress(NotOnThePage):
            browser.press(button.get_text(strip=True))
            return
        browser.post_raw(form.get("action") or browser.url, browser.page.submission(form, button), csrf=False)

    def _choose(self, radios: list[Tag]) -> None:
        chosen = [radio for radio in radios if radio.has_attr("checked")]
        if chosen and self.dice.random() < 0.5:
            return
        for radio in chosen:
            del radio["checked"]
        self.dice.choice(radios)["checked"] = ""

    def _staff_step(self, browser: Browser) -> None:
        browser.visit("/staff/deposits/new")
        if browser.h1 != "入金の入力":
            browser.visit("/staff/login").fill("ログインID", STAFF).fill("パスワード", "demo-pass").press("次へ")
            browser.fill("確認コード", self.totp.now()).press("ログイン")
            return
        awaited = self._awaited()
        if not awaited:
            return
        number, yen = self.dice.choice(awaited)
        paid = self.dice.choice((yen, yen, yen - 440, yen + 1000, 1000))
        browser.fill("金額", str(paid)).fill("振込依頼人名", f"{number} ﾐﾎﾝ ﾊﾅｺ").press("入力する").follow(number)
        if browser.offers("確認へ進む"):
            browser.fill("理由", "番号が一致").press("確認へ進む")
        browser.press("OK")
        self.counts["deposits"] += 1

    def _awaited(self) -> list[tuple[str, int]]:
        with self.server.models():
            placed = Order.select().where(Order.state == OrderState.PLACED, Order.method == Method.BANK).order_by(Order.id)
            return [(order.number, order.total_yen) for order in placed]

"""Customers: what they do is what the steps of stories.txt are called."""

import re
from datetime import date

from years.browser import Browser, Lost, read
from years.staff import PASSWORD, Clerk

CARDS = {"4242": "4242424242424242", "3220": "4000000000003220", "0002": "4000000000000002", "0069": "4000000000000069"}
CARDS |= {"5043": "4000000000005043", "9995": "4000000000009995"}
METHODS = {"card": "クレジットカード", "wallet": "おさいぽ!", "bank": "銀行振込"}
FIELDS = {"months": "契約期間", "ssl": "独自SSL", "certificate": "証明書1", "backup": "バックアップの契約期間"}
FIELDS |= {"device": "デバイスセキュリティの契約期間", "devices": "台数"}


class Customer(Browser):
    """One account with its browser. `pays` is how, in one word: bank, card/4242/24 (expires in 24 months), wallet/osaipo-demo/15."""

    def __init__(self, base: str, login: str, clerk: Clerk, first: date) -> None:
        super().__init__(base)
        self._login, self._clerk, self._first = login, clerk, first
        self._order = self._deposit = ""
        self._paid_in: list[list[str]] = []

    def at(self, path: str) -> None:
        self.visit(path)
        if self.heading == "ログイン":
            self.fill("ログインID", self._login)
            self.fill("パスワード", PASSWORD)
            self.press("ログイン")

    def buy(self, pays: str, **what: str) -> None:
        self.at("/contract")
        self.press("新規契約のお申し込みへ進む", "内容を変えて申し込み直す")
        self._choose(what, "お支払い方法選択へ")
        self._pay(pays)

    def renew(self, pays: str, **what: str) -> None:
        """By hand; where it renews by itself, a change of the next term or something more."""
        self.at("/contract")
        if not self.offers("契約更新の操作へ進む"):
            self.visit("/renewal/change")
        self.press("契約更新の操作へ進む", "契約期間を変更する")
        self._choose(what, "お支払い方法選択へ")
        self._pay(pays)

    def pay(self, pays: str) -> None:
        """What is open: a charge that was refused, or a transfer that is not made after all."""
        self.at("/contract")
        label = "お支払い手続きへ" if self.page.find("a", string="お支払い手続きへ") else "ほかのお支払い方法に変更する"
        self.follow(label)
        self._pay(pays)

    def reserve(self, **what: str) -> None:
        self.at("/renewal/reservation")
        self._choose(what, "最終確認へ進む")
        self.press("OK")

    def unreserve(self) -> None:
        self.at("/renewal/reservation/undo")
        self.press("OK")

    def reset(self) -> None:
        self.at("/renewal/reset")
        self.press("OK")

    def method(self, pays: str) -> None:
        """For later charges alone."""
        self.at("/renewal/method")
        self._choose_method(pays, "新しいお支払い方法")
        self.press("次へ進む")
        self._at_the_company(pays)
        self.press("OK")

    def cancel(self) -> None:
        self.at("/contract")
        self.follow("お申し込みを取り消す")
        self.press("OK")

    def remind(self) -> None:
        self.at("/contract")
        self.press("お支払い情報をメールで再送する")

    def report(self) -> None:
        self.at("/contract")
        self.follow("振り込みました")
        self.fill("振込名義", "ミホン タロウ")
        self.press("連絡する")

    def unlink(self) -> None:
        self.at("/account")
        self.follow("おさいぽ!の連携を解除する")
        self.press("OK")

    def change_password(self) -> None:
        self.at("/account")
        self.fill("いまのパスワード", PASSWORD)
        self.fill("新しいパスワード", PASSWORD + "-2")
        self.press("パスワードを変更する")

    def points(self, wallet: str, yen: str) -> None:
        self.visit("/sandbox/wallet")
        self._open_wallet(wallet)
        self.fill("ほかの金額", yen)
        self.press("ポイントを購入する")

    def transfer(self, way: str) -> None:
        """At the pretend bank; what its statement says of it is kept for staff."""
        if not self._order:
            self.at("/contract")
            self._order = re.search(r"お申し込み (\d+)", read(self.page, " "))[1]
        self.visit("/demo/bank")
        before = len(self._statement())
        self.press(f"{way}（{self._order}）")
        rows = self._statement()
        if len(rows) == before:
            raise Lost(f"nothing new in the statement of {self.url}")
        self._paid_in += rows[: len(rows) - before]

    def credit(self) -> None:
        """Staff enter the next transfer that came, or take the last deposit again, and allocate it."""
        self._clerk.sign_in()
        if self._paid_in:
            booked_on, payer, yen = self._paid_in.pop(0)
            self._deposit = self._clerk.enter(booked_on, payer, yen)
        self._clerk.allocate(self._deposit, self._order)
        self.page = self._clerk.page

    def take_back(self) -> None:
        self._clerk.sign_in()
        self._clerk.take_back(self._deposit)
        self.page = self._clerk.page

    def _statement(self) -> list[list[str]]:
        """Day, payer and yen of every line, newest first."""
        captions = [caption for caption in self.page("caption") if read(caption).startswith("入金明細")]
        return [[read(cell, " ") for cell in row("td")] for caption in captions for row in caption.parent.select("tbody tr")]

    def _choose(self, what: dict[str, str], onward: str) -> None:
        for name, wanted in what.items():
            if name == "devices":
                self.fill(FIELDS[name], wanted)
            else:
                self.choose(wanted, FIELDS[name])
        for box in self.page("input", {"type": "checkbox"}):
            box["checked"] = ""
        self.press(onward)

    def _choose_method(self, pays: str, under: str) -> None:
        method, *about = pays.split("/")
        self.choose(METHODS[method], under)
        if self.offers("選んだ方法の説明を見る"):
            self.press("選んだ方法の説明を見る")
        if method == "wallet":
            self.choose(f"毎回{about[-1]}日", "自動更新日")

    def _pay(self, pays: str) -> None:
        self._choose_method(pays, "お支払い方法")
        self.press("クレジットカード情報入力", "お支払い")
        self._at_the_company(pays)
        if self.offers("おさいぽ!ポイントから支払う"):
            self.press("おさいぽ!ポイントから支払う")
        self._order = re.search(r"/orders/(\d+)", self.url)[1]
        self.press("OK")

    def _at_the_company(self, pays: str) -> None:
        """Where its page has opened; a wallet that is linked needs none."""
        _, *about = pays.split("/")
        if self.heading.startswith("カード情報"):
            expires = day_of(self._first, f"{int(about[1])}-01") if about[1:] else date(2098, 12, 1)
            typed = {"カード番号": CARDS[about[0]], "有効期限": f"{expires:%m/%Y}", "セキュリティコード": "123", "カード名義": "TARO MIHON"}
            for label, text in typed.items():
                self.fill(label, text)
            self.press("送信する")
            if self.offers("認証する"):
                self.press("認証する")
        elif self.offers("おさいぽ!IDを認証する"):
            self._open_wallet(about[0])
            self.press("OK")

    def _open_wallet(self, wallet: str) -> None:
        self.fill("おさいぽ!ID", wallet)
        self.press("おさいぽ!IDを認証する")
        self.fill("パスワード", "osaipo-pass")
        self.press("ログイン")


def day_of(first: date, written: str) -> date:
    """MM-DD, where MM counts months from that of `first`."""
    months, day = map(int, written.split("-"))
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, day)

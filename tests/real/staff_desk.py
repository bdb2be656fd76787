"""Staff at work in real Chromium: both factors, a line of the bank statement, and the order that it pays."""

from dataclasses import dataclass
from typing import Self

import pyotp

from tests.real.chromium import Window
from tests.real.mouse import Mouse

REASON = "番号と金額が一致"


@dataclass(frozen=True)
class Person:
    login: str
    totp: pyotp.TOTP
    password: str = "demo-pass"


class Desk(Mouse):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.page.goto("/staff/login")

    def sign_in(self, person: Person) -> Self:
        self.fill("ログインID", person.login).fill("パスワード", person.password).press("次へ")
        return self.fill("確認コード", person.totp.now()).press("ログイン")

    def enter(self, yen: str, payer: str) -> Self:
        """A line of the statement of today; ends at the deposit."""
        self.page.goto("/staff/deposits/new")
        return self.fill("金額", yen).fill("振込依頼人名", payer).press("入力する")

    def to_the_review(self, order: str, yen: str = "") -> Self:
        """At a deposit: the order is chosen among the candidates, and what would happen is shown. At once if all agrees."""
        self.follow(order)
        if self.heading == "充当の確認":
            return self
        if yen:
            self.fill("充当する金額", yen)
        return self.fill("理由", REASON).press("確認へ進む")

    def confirm(self, order: str, yen: str) -> Self:
        """The money for this order came: enter it and let it count."""
        return self.enter(yen, f"{order} ﾐﾎﾝ ﾊﾅｺ").to_the_review(order).press("OK")

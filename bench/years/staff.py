"""Staff at work on the transfers that came."""

import re

from years.browser import Browser, read

PASSWORD = "demo-pass"


class Clerk(Browser):
    """Staff, who enter what the bank's statement says and allocate it."""

    def sign_in(self) -> None:
        self.visit("/staff/login")
        if self.heading == "担当者ログイン":
            self.fill("ログインID", "staff")
            self.fill("パスワード", PASSWORD)
            self.press("次へ")
            self.confirm("ログイン")

    def confirm(self, label: str) -> None:
        """With the code of the second factor, where the page asks for it."""
        if code := re.search(r"デモの確認コード：(\d{6})", read(self.page)):
            self.fill("確認コード", code[1])
        self.press(label)

    def enter(self, booked_on: str, payer: str, yen: str) -> str:
        """The address of the deposit."""
        self.visit("/staff/deposits/new")
        self.fill("取扱日", booked_on)
        self.fill("金額", yen)
        self.fill("振込依頼人名", payer)
        self.press("入力する")
        if self.offers("OK"):
            self.press("OK")
        return self.url

    def allocate(self, deposit: str, order: str) -> None:
        """As much as the page proposes, at once where everything agrees; nothing where it says that the order takes none."""
        self.visit(deposit)
        self.fill("ほかの申し込みの番号", order)
        self.press("この申し込みに進む")
        if self.offers("確認へ進む"):
            self._give_reason()
        if self.offers("OK"):
            self.confirm("OK")

    def take_back(self, deposit: str) -> None:
        self.visit(deposit)
        self.follow("取り消す")
        self._give_reason()
        self.confirm("OK")

    def _give_reason(self) -> None:
        self.fill("理由", "三年の試験")
        self.press("確認へ進む")

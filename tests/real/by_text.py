"""What is the same in every browser that a page is read in by its text."""

from typing import Self

from tests import steps

HOLDER = "TARO MIHON"
CARD_FIELDS = ("カード番号", "有効期限（月/年）", "セキュリティコード", "カード名義")


class ByText:
    card_fields = CARD_FIELDS

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        return self.fill("ログインID", login).fill("パスワード", password).press("ログイン")

    def exchange(self, _chosen: str, wanted: str) -> Self:
        """Another radio than the one that is chosen."""
        return self.choose(wanted)

    def tick(self, box: str) -> Self:
        return self.choose(box)

    def enter_card(self, number: str = steps.GOOD) -> Self:
        for field, typed in zip(self.card_fields, (number, "12/35", "123", HOLDER), strict=True):
            self.fill(field, typed)
        return self.press("送信する")
